import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { inspectLog } from "../../../server/store/write_ahead_log.ts";
import { DataDirectory, fill, onDisk } from "../history/history_fixture.ts";

const FRAME_BYTES = 24 + 4096;

/** Calls `check` with a copy of the files of a server that was killed after 20 messages. */
function withKilled(check: (log: string, frames: number) => void): void {
  using data = new DataDirectory();
  const store = data.open();
  store.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  fill(onDisk(store), 20);
  using copy = new DataDirectory();
  for (const name of ["minichat.db", "minichat.db-wal", "minichat.db-shm"]) {
    Deno.copyFileSync(`${data.path}/${name}`, `${copy.path}/${name}`);
  }
  const log = `${copy.path}/minichat.db-wal`;
  check(log, (Deno.statSync(log).size - 32) / FRAME_BYTES);
}

function change(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  bytes.set([(bytes[at] ?? 0) ^ 0x40], at);
  Deno.writeFileSync(path, bytes);
}

Deno.test("inspectLog() finds every commit of a whole log, and nothing where there is none (O8)", () => {
  withKilled((log) => {
    assertEquals(inspectLog(log), { commits: 20, isDamaged: false, lostCommits: 0 });
    assertEquals(inspectLog(`${log}x`), { commits: 0, isDamaged: false, lostCommits: 0 });
  });
});

Deno.test("inspectLog() recognises a changed byte anywhere in a frame (O8)", () => {
  withKilled((log, frames) => {
    const middle = Math.floor(frames / 2);
    for (const at of [0, 4, 8, 13, 16, 23, 24, 1_000, FRAME_BYTES - 1]) {
      change(log, 32 + middle * FRAME_BYTES + at);
      const { commits, isDamaged, lostCommits } = inspectLog(log);
      assert(isDamaged, `${at}`);
      assert(commits > 0 && commits < 20 && lostCommits > 0, `${at}: ${commits} ${lostCommits}`);
      change(log, 32 + middle * FRAME_BYTES + at);
    }
    change(log, 32 + (frames - 1) * FRAME_BYTES + 500);
    assertStrictEquals(inspectLog(log).isDamaged, true, "the last one, by the index");
  });
});

Deno.test("inspectLog() recognises a damaged header, and a log that was cut off (O8)", () => {
  withKilled((log, frames) => {
    for (const at of [0, 9, 17, 25]) {
      change(log, at);
      assert(inspectLog(log).isDamaged, `${at}`);
      change(log, at);
    }
    Deno.truncateSync(log, 32 + (frames - 2) * FRAME_BYTES + 100);
    assert(inspectLog(log).isDamaged);
    Deno.removeSync(log.replace("-wal", "-shm"));
    assertStrictEquals(inspectLog(log).isDamaged, false, "as after a power failure");
  });
});

Deno.test("inspectLog() takes the rest of an earlier log for no damage (O8)", () => {
  using data = new DataDirectory();
  const store = data.open();
  const history = onDisk(store);
  fill(history, 50);
  store.prepare("PRAGMA wal_checkpoint(RESTART)").get();
  fill(history, 3);
  const findings = inspectLog(`${data.path}/minichat.db-wal`);
  assertEquals(findings, { commits: 3, isDamaged: false, lostCommits: 0 });
});
