// Rows that were changed by hand: a server starts with them, leaves them out or makes them safe,
// and reports them (A15).

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Archive, WHOLE_ARCHIVE } from "../../../server/history/archive.ts";
import type { LogEntry } from "../../../server/server_options.ts";
import { Server } from "../../../server/server.ts";
import { StorageMaintenance } from "../../../server/storage/storage_maintenance.ts";
import { damagedRows } from "../../../server/store/damaged_rows.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { DataDirectory, fill, onDisk } from "../history/history_fixture.ts";

const ALL = { limit: 100, visible: () => true };

/** A directory with five messages, changed by `sql`. */
function damagedBy(sql: string): DataDirectory {
  const data = new DataDirectory();
  const store = data.open();
  fill(onDisk(store), 5);
  store.prepare(sql).run();
  store.close();
  return data;
}

const SESSION = (serial: string, groups: string, name = "'ann'") =>
  `INSERT INTO session (serial, token, name, groups, since, seen, held)
   VALUES (${serial}, 'x', ${name}, ${groups}, '', 0, 1)`;

const MESSAGE = (seq: string, { at = "0", kind = "0", a = "NULL" } = {}) =>
  `INSERT INTO message (seq, at, sender, text, action, kind, a)
   VALUES (${seq}, ${at}, 'eve', 'evil', 0, ${kind}, ${a})`;

const DAMAGES: readonly (readonly [what: string, sql: string])[] = [
  ["a number of 2^53", MESSAGE("9007199254740992")],
  ["the greatest number", MESSAGE("9223372036854775807")],
  ["a negative number", MESSAGE("-5")],
  ["a date after the calendar", "UPDATE message SET at = 9223372036854775807 WHERE seq = 3"],
  ["a date before it", "UPDATE message SET at = -9223372036854775808 WHERE seq = 5"],
  ["an unknown kind", "UPDATE message SET kind = 77 WHERE seq = 2"],
  ["a reader of 2^60", "UPDATE message SET kind = 1, a = 1 << 60, b = 1 << 60 WHERE seq = 2"],
  ["a session without JSON", SESSION("1", "'no json'")],
  ["a session with an object", SESSION("1", "'{}'")],
  ["a session with other JSON", SESSION("1", `'[{"name":5}]'`)],
  ["a session of serial 2^60", SESSION("1 << 60", "'[]'")],
  ["a session with ESC in its name", SESSION("1", "'[]'", "char(27) || '[2J'")],
  ["a counter of 2^60", "UPDATE counter SET value = 1 << 60 WHERE name = 'serials'"],
  ["a clock of 2^60", "INSERT INTO counter VALUES ('clock', 1 << 60), ('age', -5)"],
  ["an age of 2^60", "INSERT INTO age VALUES (1 << 60, 1 << 60, 1 << 60), (2, 1 << 60, 0)"],
  ["a ban until 2^60", "INSERT INTO ban VALUES ('x', 'x', 1 << 60, char(27) || 'c')"],
  ["a mute until -1", "INSERT INTO mute VALUES ('x', 'x', -1)"],
  [
    "a claim that costs years",
    "INSERT INTO claim VALUES ('x', 'x', x'', x'', 1 << 60, 9, 9, -1, 1 << 60, 9)",
  ],
];

for (const [what, sql] of DAMAGES) {
  Deno.test(`A server starts and stores with ${what} in its history (A15)`, () => {
    using data = damagedBy(sql);
    const store = data.open();
    const log: LogEntry[] = [];
    const clock = new FakeClock();
    const server = new Server({ store, clock, log: (entry) => log.push(entry) });
    const care = new StorageMaintenance(server, 1_000 * 86_400_000);
    care.start();
    clock.advance(1_000);
    const { history } = server.storage;
    assertStrictEquals(history.lastSeq, 5);
    assertStrictEquals(history.next(ALL).messages.length, 5);
    history.append({ from: "ann", text: "new", audience: { kind: "everyone" } }, () => {});
    history.flush();
    assertStrictEquals(history.lastSeq, 6);
    assert(Number.isSafeInteger(server.storage.serials.next()));
    server.storage.sessions.held();
    server.moderation.bans.list(clock.now());
    for (const { since, used } of server.moderation.claims.list()) {
      assert(!Number.isNaN(new Date(since).getTime()) && !Number.isNaN(new Date(used).getTime()));
    }
    care.stop();
    store.close();
    const archive = Archive.open(data.path);
    assert(!("error" in archive));
    assertStrictEquals(archive.page({ ...WHOLE_ARCHIVE, private: true }).length, 6);
    archive.summary();
    archive.close();
  });
}

Deno.test("A history without one of its tables, columns or indexes is refused by name (A15)", () => {
  const changes: readonly (readonly [sql: string, words: RegExp])[] = [
    ["DROP TABLE session", /is damaged \(no session/],
    ["DROP TABLE ban", /is damaged \(no ban/],
    ["DROP INDEX message_ref", /is damaged \(no message_ref/],
    ["ALTER TABLE message RENAME COLUMN text TO txt", /is damaged \(no message\.text/],
    ["PRAGMA user_version = 2", /Cannot open the history/],
  ];
  for (const [sql, words] of changes) {
    using data = damagedBy(sql);
    assertMatch(data.refusal(), words);
  }
  using data = damagedBy("ALTER TABLE message RENAME COLUMN text TO txt");
  const archive = Archive.open(data.path);
  assert("error" in archive);
  assertMatch(archive.error, /Cannot read the history/);
});

Deno.test("damagedRows() counts what a server leaves out, and nothing in a whole history (A15)", () => {
  using whole = damagedBy("SELECT 1");
  assertEquals(damagedRows(whole.open(), { thorough: true }), []);
  for (const [what, sql] of DAMAGES) {
    if (/ESC|other JSON|an age/.test(what)) continue;
    using data = damagedBy(sql);
    const rows = damagedRows(data.open(), { thorough: true });
    assert(rows.some(({ rows }) => rows > 0), what);
  }
});

Deno.test("A start reports damaged rows in the log and on the console (A15)", () => {
  using data = damagedBy(MESSAGE("9007199254740992"));
  const log: LogEntry[] = [];
  const told: string[] = [];
  const server = new Server({
    store: data.open(),
    clock: new FakeClock(),
    log: (entry) => log.push(entry),
  });
  server.watchers.subscribe(({ event }) => void told.push(JSON.stringify(event)));
  const care = new StorageMaintenance(server, Infinity);
  care.start();
  care.stop();
  assertEquals(log.map(({ what }) => what), ["history_damaged"]);
  assertMatch(told.join(), /damaged rows are left out or made safe: 1 in message/);
});

Deno.test("No row reaches a reader or an export with ESC or a second line in it (O8)", () => {
  for (const column of ["sender", "target", "text"]) {
    for (const bytes of ["1b5b324a", "610a62", "c29b324a", "e280ae", "61ff1b", "7f00"]) {
      using data = damagedBy(`UPDATE message SET ${column} = CAST(x'${bytes}' AS TEXT)`);
      const shown = JSON.stringify(onDisk(data.open()).next(ALL).messages);
      const archive = Archive.open(data.path);
      assert(!("error" in archive));
      const exported = JSON.stringify(archive.page(WHOLE_ARCHIVE));
      archive.close();
      for (const text of [shown, exported]) {
        // deno-lint-ignore no-control-regex
        assert(!/[\0-\x1f\x7f-\x9f\u202e]|\\u00[01]|\\n/.test(text), `${column} ${bytes}: ${text}`);
      }
    }
  }
});
