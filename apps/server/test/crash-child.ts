/**
 * A control plane that ends itself with SIGKILL right before a given statement of a change. Arguments: data folder,
 * number of the statement (counted from 1 within the change). Prints `acknowledged <version>` when the change was, and
 * `statements <n>` when it went through without reaching the number.
 */
import { createControlPlane } from "@dimmer/server";
import { openSqliteStorage } from "../src/storage/sqlite-storage.ts";

const [directory = "", deadly = "0"] = process.argv.slice(2);
let count = -Infinity;

const storage = await openSqliteStorage({
  directory,
  beforeStatement() {
    count += 1;
    if (count === Number(deadly)) process.kill(process.pid, "SIGKILL");
  },
});
const plane = await createControlPlane({ directory, port: 0, storage });
count = 0;
const response = await fetch(`${plane.url}/api/v1/environments/default/stage`, {
  method: "PUT",
  headers: { authorization: `Bearer ${plane.adminToken}`, "content-type": "application/json" },
  body: JSON.stringify({ stage: "dark", reason: "crash test" }),
});
// The server's own answer to a request this file makes.
const { version } = (await response.json()) as { version: number };
process.stdout.write(`acknowledged ${version}\nstatements ${count}\n`);
await plane.close();
