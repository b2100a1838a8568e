#!/usr/bin/env node
// The one file that is plain JavaScript: any Node can read it to say which Node is needed, and with the compile cache on
// before anything else is loaded, no later start pays for stripping types again (40 ms and 20 MB of it).
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  process.stderr.write(
    `dimmer needs Node 24.12 or newer; this is ${process.versions.node}. In a clone, 'npx dimmer' and the npm scripts bring their own.\n`,
  );
  process.exit(2);
}
module.enableCompileCache();
const [{ runCommandLine }, { handleWriteErrors }] = await Promise.all([
  import("../src/run-command-line.ts"),
  import("../src/output/handle-write-errors.ts"),
]);
handleWriteErrors();
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
