/** `npm run replay -- --data FILE`: the command `dimmer replay`, for those who have only cloned the repository. */
import { runCommandLine } from "../run-command-line.ts";

process.exitCode = await runCommandLine(["replay", ...process.argv.slice(2)], process.env);
