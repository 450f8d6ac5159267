import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { openToRead } from "../../../server/store/store.ts";
import { DataDirectory, onDisk, say } from "../history/kept.ts";

/** The database, in a form whose difference can be printed. */
function digest(directory: string): string {
  return createHash("sha256").update(Deno.readFileSync(`${directory}/minichat.db`)).digest("hex");
}

/** That a store is refused with words that match, and its file is left as it is. */
function refuses(data: DataDirectory, words: RegExp): void {
  const before = digest(data.path);
  assert.match(data.refusal(), words);
  assert.equal(digest(data.path), before);
}

Deno.test("openStore() makes a directory and a file that only their owner can read", () => {
  using data = new DataDirectory();
  const directory = `${data.path}/a/b`;
  data.open({ directory }).close();
  assert.equal((Deno.statSync(directory).mode ?? 0) & 0o777, 0o700);
  assert.equal((Deno.statSync(`${directory}/minichat.db`).mode ?? 0) & 0o777, 0o600);
});

Deno.test("openStore() refuses a second server the same directory and names the first (F60)", () => {
  using data = new DataDirectory();
  const first = data.open();
  assert.match(data.refusal(), new RegExp(`process ${Deno.pid}\\).*another --port or --data`));
  first.close();
  data.open();
});

Deno.test("openStore() refuses a damaged file and leaves it as it is (F49)", () => {
  const damages: [string, (bytes: Uint8Array) => Uint8Array][] = [
    ["no bytes", () => new Uint8Array(0)],
    ["another header", (bytes) => (bytes.set([0, 0, 0, 0]), bytes)],
    ["half a header", (bytes) => bytes.subarray(0, 50)],
    ["a page of noise", (bytes) => (bytes.fill(0xa5, 4096, 8192), bytes)],
    ["cut off", (bytes) => bytes.subarray(0, bytes.length - 4096)],
  ];
  for (const [what, damage] of damages) {
    using data = new DataDirectory();
    const store = data.open();
    const history = onDisk(store);
    for (let at = 0; at < 200; at++) say(history, { text: "x".repeat(300) });
    store.close();
    const file = `${data.path}/minichat.db`;
    Deno.writeFileSync(file, damage(Deno.readFileSync(file)));
    const before = digest(data.path);
    assert.match(data.refusal(), /is damaged.*restore it from a backup, or move it away/, what);
    assert.equal(digest(data.path), before, what);
  }
});

Deno.test("openStore() refuses a newer file and another program's, and leaves them (F49)", () => {
  using data = new DataDirectory();
  data.open().close();
  const file = `${data.path}/minichat.db`;
  const change = (sql: string) => {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  };
  change("PRAGMA user_version = 99");
  refuses(data, /newer minichat \(version 99, this one knows \d+\): update minichat/);
  change("PRAGMA user_version = 1; PRAGMA application_id = 1");
  refuses(data, /another program's database: give another --data/);
});

Deno.test("openStore() refuses a directory it cannot write to", () => {
  using data = new DataDirectory();
  Deno.writeTextFileSync(`${data.path}/file`, "");
  const inFile = new DataDirectory();
  inFile[Symbol.dispose]();
  assert.throws(() => data.open({ directory: `${data.path}/file/x` }), /Cannot keep a history/);
});

Deno.test("openStore() survives that files of the log were deleted while it was down (F52)", () => {
  using data = new DataDirectory();
  let store = data.open();
  say(onDisk(store));
  store.close();
  for (const name of ["-wal", "-shm"]) {
    Deno.writeTextFileSync(`${data.path}/minichat.db${name}`, "");
    Deno.removeSync(`${data.path}/minichat.db${name}`);
  }
  store = data.open();
  assert.equal(onDisk(store).lastSeq, 1);
});

Deno.test("openToRead() reads while a server writes, and refuses where there is none", () => {
  using data = new DataDirectory();
  const nothing = openToRead(data.path);
  assert.ok("error" in nothing && /No history in/.test(nothing.error));
  const history = onDisk(data.open());
  say(history);
  const db = openToRead(data.path);
  assert.ok(!("error" in db));
  assert.equal(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"], 1);
  say(history);
  assert.equal(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"], 2);
  db.close();
});
