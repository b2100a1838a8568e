/** `npm run bench`: the numbers Dimmer promises, beside what it reaches on this machine. */
import { readArgumentsOrExit } from "./arguments.ts";
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

const usage = `npm run bench -- [part ...] [--json] [--quick]

  parts     ${Object.keys(parts).join(", ")}; all of them when none is named, in about three minutes
  --json    one JSON document on stdout, the rest on stderr
  --quick   short rounds, to see that everything works

The exit code is 0 whatever was reached; \`missed\` in the JSON names what was not.`;

const { words, isJson, isQuick } = readArgumentsOrExit(usage, {
  isKnown: (word) => Object.hasOwn(parts, word),
  known: Object.keys(parts),
});

const machine = describeMachine();
console.error(renderMachine(machine));
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (words.length > 0 && !words.includes(name)) continue;
  figures.push(...(await measure({ isQuick, say: (text) => console.error(text) })));
}

const missed = figures.filter((figure) => isMet(figure) === false).map(({ part, name }) => `${part}: ${name}`);
if (isJson) {
  const judged = figures.map((figure) => ({ ...figure, isMet: isMet(figure) }));
  console.log(JSON.stringify({ machine, figures: judged, missed }, null, 2));
} else {
  console.log(renderFigures(figures));
  if (missed.length > 0) console.log(`\nMissed: ${missed.join("; ")}`);
}
