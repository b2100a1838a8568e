// The law of kills: one that was acknowledged stays until it is revived, whatever happens in between. Kills and revives
// come through the store and from the process itself; the store goes, comes back and forgets everything; the process
// ends in peace, or dies at once and is started from what was on its disk at that moment.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer } from "@dimmer/sdk";
import type { KillSet } from "@dimmer/spec";
import { activeKills, emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killOf } from "../test/fixtures.ts";

const clock = createManualClock();
const targets = ["google", "meta"];
let root: string;
let processes: Dimmer[] = [];
let ids = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "dimmer-kill-law-"));
});
afterEach(async () => {
  await Promise.all(processes.map((dimmer) => dimmer.close()));
  processes = [];
  await rm(root, { recursive: true, force: true });
});

const id = (): string => `id-${(ids += 1)}`;
const reviveOf = (...killIds: string[]): KillSet => ({
  kills: [],
  revives: [{ id: id(), killIds, by: "test", reason: "", at: "2026-01-01T00:00:00Z" }],
});
const killedIn = (set: KillSet): ReadonlySet<string> =>
  new Set(activeKills(set, clock.nowMs()).map((kill) => kill.target));

/** One run: a process, its store, and what was acknowledged by whom. */
class Run {
  readonly store: MemoryStore = createMemoryStore("control-plane");
  directory = join(root, id());
  dimmer: Dimmer;
  /** Everything anybody ever asked for. */
  asked: KillSet = emptyKillSet;
  /** What the process has said that it acts on, or has resolved. */
  acknowledged: KillSet = emptyKillSet;
  #life = 0;
  #version = 0;
  readonly #versions = new Map<number, KillSet>();

  constructor() {
    this.dimmer = this.start();
  }

  start(): Dimmer {
    const life = this.#life;
    const report = async ({ killVersion }: { killVersion: number }): Promise<void> => {
      if (life === this.#life) this.acknowledge(this.#versions.get(killVersion) ?? emptyKillSet);
    };
    const dimmer = createDimmer({
      stores: [],
      killStores: [this.store],
      directory: this.directory,
      clock,
      ids: id,
      replica: { report },
    });
    processes.push(dimmer);
    return dimmer;
  }

  /** The process is dead: what it says from here on has not been said. */
  die(): void {
    this.#life += 1;
  }

  acknowledge(set: KillSet): void {
    this.acknowledged = mergeKillSets(this.acknowledged, set);
  }

  put(set: KillSet): void {
    this.asked = mergeKillSets(this.asked, set);
    this.#version += 1;
    this.#versions.set(this.#version, set);
    this.store.putKills(set, this.#version);
  }
}

const actions = {
  kill: (run: Run, target: string) =>
    run.put(mergeKillSets(run.store.killSet, { kills: [killOf(id(), "provider", target)], revives: [] })),
  revive: (run: Run, target: string) => {
    const killed = activeKills(run.store.killSet, 0).filter((kill) => kill.target === target);
    if (killed.length > 0) run.put(mergeKillSets(run.store.killSet, reviveOf(...killed.map((kill) => kill.id))));
  },
  "kill here": async (run: Run, target: string) => {
    const { kills, durable } = await run.dimmer.kill({ scope: "provider", target });
    run.asked = mergeKillSets(run.asked, { kills: [...kills], revives: [] });
    if (durable) run.acknowledge({ kills: [...kills], revives: [] });
  },
  "kill here, and not wait": (run: Run, target: string) => void run.dimmer.kill({ scope: "provider", target }),
  "revive here": async (run: Run, target: string) => {
    if (!run.dimmer.isKilled("provider", target)) return;
    const { kills, durable } = await run.dimmer.revive({ scope: "provider", target });
    const revive = reviveOf(...kills.map((kill) => kill.id));
    run.asked = mergeKillSets(run.asked, { kills: [...kills], revives: revive.revives });
    if (durable) run.acknowledge(revive);
  },
  "store down": (run: Run) => run.store.breakDown(),
  "store up": (run: Run) => run.store.repair(),
  "store forgets": (run: Run) => run.put(emptyKillSet),
  "let it work": () => new Promise<void>((resolve) => setImmediate(resolve)),
  restart: async (run: Run) => {
    await run.dimmer.close();
    run.dimmer = run.start();
  },
  crash: async (run: Run) => {
    run.die();
    // What was on the disk at this moment is all that is left; the dead process writes into the folder it had.
    const copy = join(root, id());
    await cp(run.directory, copy, { recursive: true, filter: (path) => !path.endsWith(".compacting") });
    run.directory = copy;
    run.dimmer = run.start();
  },
} satisfies Record<string, (run: Run, target: string) => void | Promise<void>>;

type Action = keyof typeof actions;
// Object.keys forgets what its keys are.
const action = fc.constantFrom(...(Object.keys(actions) as Action[]));

test("a kill once acknowledged stays until it is revived", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(action, fc.constantFrom(...targets)), { minLength: 3, maxLength: 14 }),
      async (steps) => {
        const run = new Run();
        for (const [name, target] of steps) {
          const acknowledged = run.acknowledged;
          await actions[name](run, target);
          // A kill that was acknowledged stays, unless somebody has asked for its revival.
          const mustBe = killedIn({ kills: acknowledged.kills, revives: run.asked.revives });
          for (const provider of mustBe)
            expect([name, provider, run.dimmer.isKilled("provider", provider)]).toEqual([name, provider, true]);
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test("nothing is killed that was not, or whose revival was acknowledged", async () => {
  const peaceful = action.filter((name) => name !== "kill here, and not wait");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(peaceful, fc.constantFrom(...targets)), { minLength: 3, maxLength: 14 }),
      async (steps) => {
        const run = new Run();
        for (const [name, target] of steps) {
          await actions[name](run, target);
          const mayBe = killedIn({ kills: run.asked.kills, revives: run.acknowledged.revives });
          for (const provider of targets) {
            if (!mayBe.has(provider))
              expect([name, provider, run.dimmer.isKilled("provider", provider)]).toEqual([name, provider, false]);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
