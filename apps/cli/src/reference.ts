/** The command line as data, for what is made from it: its reference in docs/, and the check of every command there. */
export { globalOptions, type Command, type Option } from "./command.ts";
export { commands } from "./commands.ts";
export { exitCodes } from "./exit-codes.ts";
export { parseOptions } from "./run-command-line.ts";
