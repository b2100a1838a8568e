#!/usr/bin/env node
/** `dimmer`: finds the command, parses its options, prints what went wrong, and exits with the documented code. */
import { enableCompileCache } from "node:module";
enableCompileCache();
const { runCommandLine } = await import("./run-command-line.ts");
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
