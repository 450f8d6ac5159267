// What a server finds at its start after a kill: a copy restored beside the log of another, or a
// log that is damaged (O8).

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { LogEntry } from "../../../server/server_options.ts";
import { Server } from "../../../server/server.ts";
import { StorageMaintenance } from "../../../server/storage/storage_maintenance.ts";
import { inspectLog } from "../../../server/store/write_ahead_log.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { DataDirectory, fill, onDisk } from "../history/history_fixture.ts";

const NAMES = ["minichat.db", "minichat.db-wal", "minichat.db-shm", "lock"];

/** A directory as a server leaves it that is killed after `count` messages. */
function killedAfter(count: number, before: (data: DataDirectory) => void = () => {}) {
  using data = new DataDirectory();
  before(data);
  const store = data.open();
  fill(onDisk(store), count);
  const killed = new DataDirectory();
  for (const name of NAMES) Deno.copyFileSync(`${data.path}/${name}`, `${killed.path}/${name}`);
  return killed;
}

function textsIn(data: DataDirectory): number {
  const store = data.open();
  const { lastSeq } = onDisk(store);
  store.close();
  return lastSeq;
}

Deno.test("A killed server's directory is opened with every message (O8)", () => {
  for (const count of [0, 1, 30]) {
    using killed = killedAfter(count);
    assertStrictEquals(textsIn(killed), count);
  }
});

Deno.test("A copy restored beside another's log is refused, and the error message is about the log (O8)", () => {
  const copies: readonly ((from: string, to: string) => void)[] = [
    (from, to) => Deno.copyFileSync(from, to),
    (from, to) => {
      const db = new DatabaseSync(from);
      db.prepare("VACUUM INTO ?").run(to);
      db.close();
    },
  ];
  for (const copy of copies) {
    using place = new DataDirectory();
    const backup = `${place.path}/backup`;
    using killed = killedAfter(20, (data) => {
      const store = data.open();
      fill(onDisk(store), 300);
      store.close();
      copy(`${data.path}/minichat.db`, backup);
      const later = data.open();
      fill(onDisk(later), 300);
      later.close();
    });
    Deno.copyFileSync(backup, `${killed.path}/minichat.db`);
    for (let start = 0; start < 2; start++) {
      assertMatch(killed.refusal(), /is a copy, and the log .* belongs to another one: move/);
    }
    for (const name of ["minichat.db-wal", "minichat.db-shm"]) {
      Deno.renameSync(`${killed.path}/${name}`, `${place.path}/${name}`);
    }
    assertStrictEquals(textsIn(killed), 300);
  }
});

Deno.test("A damaged log is reported with the last number that is left, and kept (O8)", () => {
  using killed = killedAfter(20);
  const log = `${killed.path}/minichat.db-wal`;
  const bytes = Deno.readFileSync(log);
  const at = Math.floor(bytes.length / 2);
  bytes.set([(bytes[at] ?? 0) ^ 1], at);
  Deno.writeFileSync(log, bytes);
  const { commits, lostCommits } = inspectLog(log);
  assert(commits > 0 && lostCommits > 0);
  const entries: LogEntry[] = [];
  const store = killed.open();
  const options = {
    store,
    clock: new FakeClock(),
    log: (entry: LogEntry) => void entries.push(entry),
  };
  const server = new Server(options);
  const care = new StorageMaintenance(server, Infinity);
  care.start();
  care.stop();
  const { lastSeq } = server.storage.history;
  assert(lastSeq > 0 && lastSeq < 20);
  const problem = JSON.stringify(entries);
  assertMatch(problem, new RegExp(`after number ${lastSeq} are lost \\(${lostCommits} commits`));
  assertEquals(Deno.readFileSync(`${killed.path}/minichat.db-wal.damaged-1`), bytes);
});
