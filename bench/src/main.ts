/**
 * `npm run bench`: the numbers Dimmer promises, beside what it reaches on this machine.
 *
 *   npm run bench                      all parts, about three minutes
 *   npm run bench -- gateway kill      some parts: flags, gateway, kill, start, memory
 *   npm run bench -- --json            one JSON document on stdout, the rest on stderr
 *   npm run bench -- --quick           short rounds, to see that everything works
 *
 * The exit code is 0 whatever was reached; `missed` in the JSON names what was not.
 */
import { parseArgs } from "node:util";
import { isMet, renderFigures } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { measureFlags } from "./flags/part.ts";
import { measureGateway } from "./gateway.ts";
import { measureKill } from "./kill.ts";
import { describeMachine, renderMachine } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import type { Part } from "./part.ts";
import { measureStart } from "./start.ts";

const parts: Readonly<Record<string, Part>> = {
  flags: measureFlags,
  gateway: measureGateway,
  kill: measureKill,
  start: measureStart,
  memory: measureMemory,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, quick: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

const machine = describeMachine();
console.error(renderMachine(machine));
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  figures.push(...(await measure({ isQuick: values.quick, say: (text) => console.error(text) })));
}

const missed = figures.filter((figure) => isMet(figure) === false).map(({ part, name }) => `${part}: ${name}`);
if (values.json) {
  const judged = figures.map((figure) => ({ ...figure, isMet: isMet(figure) }));
  console.log(JSON.stringify({ machine, figures: judged, missed }, null, 2));
} else {
  console.log(renderFigures(figures));
  if (missed.length > 0) console.log(`\nMissed: ${missed.join("; ")}`);
}
