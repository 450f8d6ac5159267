// A database that another program has locked when the server starts (O8).

import { assertMatch, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DataDirectory, fill, onDisk } from "../history/history_fixture.ts";

function lastSeqIn(data: DataDirectory): number {
  const store = data.open();
  const { lastSeq } = onDisk(store);
  store.close();
  return lastSeq;
}

Deno.test("A history that another program has locked for long is not called damaged (O8)", () => {
  using data = new DataDirectory();
  const store = data.open();
  fill(onDisk(store), 3);
  store.close();
  const other = new DatabaseSync(`${data.path}/minichat.db`);
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  assertMatch(data.refusal(), /^Another program has locked the history .*: stop that program/);
  other.exec("ROLLBACK");
  other.close();
  assertStrictEquals(lastSeqIn(data), 3);
});

Deno.test("A short lock at the start is waited for (O8)", async () => {
  using data = new DataDirectory();
  const store = data.open();
  fill(onDisk(store), 3);
  store.close();
  const locker = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync("${data.path}/minichat.db");
db.exec("BEGIN EXCLUSIVE");
console.log("locked");
setTimeout(() => { db.exec("ROLLBACK"); db.close(); }, 300);`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = locker.stdout.getReader();
  await reader.read();
  assertStrictEquals(lastSeqIn(data), 3);
  await reader.cancel();
  await locker.status;
});
