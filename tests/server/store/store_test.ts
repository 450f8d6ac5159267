import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { SqliteSessionStore } from "../../../server/storage/session_store.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../../server/store/schema.ts";
import { storedSerials } from "../../../server/store/member_serials.ts";
import { openToRead } from "../../../server/store/store.ts";
import { appendMessage, DataDirectory, onDisk } from "../history/history_fixture.ts";

/** The database as text, for readable differences. */
function digest(directory: string): string {
  return createHash("sha256").update(Deno.readFileSync(`${directory}/minichat.db`)).digest("hex");
}

/** Checks that a store is refused with a matching error message, and that its file is unchanged. */
function refuses(data: DataDirectory, words: RegExp): void {
  const before = digest(data.path);
  assertMatch(data.refusal(), words);
  assertStrictEquals(digest(data.path), before);
}

Deno.test("openStore() makes a directory and a file that only their owner can read", () => {
  using data = new DataDirectory();
  const directory = `${data.path}/a/b`;
  data.open({ directory }).close();
  assertStrictEquals((Deno.statSync(directory).mode ?? 0) & 0o777, 0o700);
  assertStrictEquals((Deno.statSync(`${directory}/minichat.db`).mode ?? 0) & 0o777, 0o600);
});

Deno.test("openStore() refuses a second server the same directory and names the first (F60)", () => {
  using data = new DataDirectory();
  const first = data.open();
  assertMatch(data.refusal(), new RegExp(`process ${Deno.pid}\\).*another --port or --data`));
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
    for (let at = 0; at < 200; at++) appendMessage(history, { text: "x".repeat(300) });
    store.close();
    const file = `${data.path}/minichat.db`;
    Deno.writeFileSync(file, damage(Deno.readFileSync(file)));
    const before = digest(data.path);
    assertMatch(data.refusal(), /is damaged.*restore it from a backup, or move it away/, what);
    assertStrictEquals(digest(data.path), before, what);
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
  assertMatch(
    String(assertThrows(() => data.open({ directory: `${data.path}/file/x` }))),
    /Cannot keep a history/,
  );
});

Deno.test("openStore() survives that files of the log were deleted while it was down (F52)", () => {
  using data = new DataDirectory();
  let store = data.open();
  appendMessage(onDisk(store));
  store.close();
  for (const name of ["-wal", "-shm"]) {
    Deno.writeTextFileSync(`${data.path}/minichat.db${name}`, "");
    Deno.removeSync(`${data.path}/minichat.db${name}`);
  }
  store = data.open();
  assertStrictEquals(onDisk(store).lastSeq, 1);
});

Deno.test("openToRead() reads while a server writes, and refuses where there is none", () => {
  using data = new DataDirectory();
  const nothing = openToRead(data.path);
  assert("error" in nothing && /No history in/.test(nothing.error));
  const history = onDisk(data.open());
  appendMessage(history);
  const db = openToRead(data.path);
  assert(!("error" in db));
  assertStrictEquals(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"], 1);
  appendMessage(history);
  assertStrictEquals(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"], 2);
  db.close();
});

/**
 * A file as minichat of that schema version wrote it, with messages and, if it had them, sessions.
 */
function leftBy(data: DataDirectory, version: number): void {
  const db = new DatabaseSync(`${data.path}/minichat.db`);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA journal_mode = WAL`);
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${version}`);
  for (let seq = 1; seq <= 300; seq++) {
    db.prepare(
      "INSERT INTO message VALUES (?, 5, 'ann', '@bob', ?, 0, 1, 7, 8, 7, ?)",
    ).run(seq, `${seq} ${"x".repeat(200)}`, `"ref ${seq}"`);
  }
  if (version >= 2) {
    db.prepare(
      `INSERT INTO session (serial, token, name, groups, since, seen, held)
       VALUES (7, ?, 'ann', '[{"name":"dev","serial":9,"joinedAt":3}]', '2026-11-22T08:00:00Z', 1, 1)`,
    ).run(createHash("sha256").update("secret").digest("hex"));
  }
  db.exec("UPDATE counter SET value = 1000000 WHERE name = 'serials'");
  db.close();
}

for (let version = 1; version < MIGRATIONS.length; version++) {
  Deno.test(`openStore() brings a file of version ${version} up to date, with all that is in it`, () => {
    using data = new DataDirectory();
    leftBy(data, version);
    const store = data.open();
    assertStrictEquals(
      store.prepare("PRAGMA user_version").get()?.["user_version"],
      MIGRATIONS.length,
    );
    const history = onDisk(store);
    const all = history.newest({ limit: 1_000, visible: () => true }).messages;
    assertEquals(all.map(({ seq }) => seq), Array.from({ length: 300 }, (_, at) => at + 1));
    assertStrictEquals(history.find({ serial: 7, ref: "ref 300" })?.seq, 300);
    assertStrictEquals(appendMessage(history).seq, 301);
    assertStrictEquals(storedSerials(store).serials.next(), 1_000_001);
    const commits = new GroupCommit({ transactions: store, soon: (settle) => settle(), most: 9 });
    const sessions = new SqliteSessionStore({ store, commits, now: () => 0 });
    const expected = { serial: 7, name: "ann", identity: "", since: "2026-11-22T08:00:00Z" };
    const groups = [{ name: "dev", serial: 9, joinedAt: 3 }];
    const found = sessions.find("secret");
    assertEquals(found, version < 2 ? undefined : { ...expected, groups });
    const verdict = store.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
    assertStrictEquals(verdict, "ok");
  });

  if (version === 5) continue; // what follows adds a column, which takes no space
  Deno.test(`openStore() leaves a file of version ${version} whole when it cannot bring it up to date`, () => {
    using data = new DataDirectory();
    leftBy(data, version);
    const { size } = Deno.statSync(`${data.path}/minichat.db`);
    assertMatch(
      String(assertThrows(() => data.open({ maxPages: Math.floor(size / 4096) }))),
      /Cannot open the history/,
    );
    const db = new DatabaseSync(`${data.path}/minichat.db`);
    assertStrictEquals(db.prepare("PRAGMA user_version").get()?.["user_version"], version);
    assertStrictEquals(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"], 300);
    db.close();
    const store = data.open();
    assertStrictEquals(
      store.prepare("PRAGMA user_version").get()?.["user_version"],
      MIGRATIONS.length,
    );
    assertStrictEquals(onDisk(store).lastSeq, 300);
  });
}
