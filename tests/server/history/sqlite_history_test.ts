import { EN } from "../../../texts/en.ts";
import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import type { AppendResult } from "../../../server/history/history.ts";
import type { MemoryHistory } from "../../../server/history/memory_history.ts";
import type { SqliteHistory } from "../../../server/history/sqlite_history.ts";
import { append, appendMessage, DataDirectory, fill, onDisk, withEach } from "./history_fixture.ts";

const ALL = { since: 0, limit: 10_000, visible: () => true };

Deno.test("SqliteHistory continues where the last server stopped", () => {
  using data = new DataDirectory();
  const store = data.open();
  const before = onDisk(store);
  fill(before, 7);
  appendMessage(before, {
    from: "bob",
    to: "@ann",
    text: "psst",
    audience: { kind: "people", serials: [4] },
  });
  const sent = before.newest(ALL).messages;
  store.close();
  const after = onDisk(data.open());
  assertStrictEquals(after.lastSeq, 8);
  assertStrictEquals(after.firstSeq, 1);
  assertEquals(after.newest(ALL).messages, sent);
  const { seq } = appendMessage(after, { text: "on" });
  assertStrictEquals(seq, 9);
  assertEquals(after.newest({ ...ALL, limit: 2 }).messages.map(({ text }) => text), [
    "psst",
    "on",
  ]);
});

Deno.test("SqliteHistory reports a turn's messages once they are stored, in order", () => {
  using data = new DataDirectory();
  let settle = () => {};
  const history = onDisk(data.open(), { soon: (later) => settle = later });
  const reported: AppendResult[] = [];
  for (const text of ["a", "b", "c"]) {
    history.append(
      { from: "alice", text, audience: { kind: "everyone" } },
      (stored) => reported.push(stored),
    );
  }
  assertStrictEquals(reported.length, 0);
  assertStrictEquals(history.lastSeq, 0);
  settle();
  const texts = reported.map((stored) => stored.kind === "stored" && stored.message.text);
  assertEquals(texts, ["a", "b", "c"]);
  assertStrictEquals(history.lastSeq, 3);
});

Deno.test("SqliteHistory stores nothing of a turn when the disk is full, and works again after", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open({ maxPages: 40 }), { capacity: 2 });
  const big = "x".repeat(8_000);
  let stored = 0;
  for (; stored < 1_000; stored++) {
    const result = append(history, { text: big, origin: { serial: 1, ref: stored } });
    if (result.kind === "stored") continue;
    assert(result.kind === "failed");
    assertStrictEquals(result.failure.code, "storage_full");
    assertMatch(result.failure.text(EN.refusals), /disk is full/);
    break;
  }
  assert(stored > 3 && stored < 40, `${stored}`);
  assertStrictEquals(history.lastSeq, stored, "the number is not used up");
  assertStrictEquals(history.newest(ALL).messages.length, stored, "what is stored can be read");
  const retried = append(history, { text: big, origin: { serial: 1, ref: stored } });
  assertStrictEquals(retried.kind, "failed");
  assert(history.purge({ seq: stored }), "what is old makes room");
  assertStrictEquals(history.firstSeq, stored, "but for the newest");
  appendMessage(history, { text: big, origin: { serial: 1, ref: stored } });
  assertStrictEquals(history.lastSeq, stored + 1);
});

Deno.test("SqliteHistory.purge() forgets the old, some at a time, and never the newest", () => {
  using data = new DataDirectory();
  const store = data.open();
  let now = 0;
  const history = onDisk(store, { capacity: 5, now: () => now });
  for (; now < 2_500; now++) appendMessage(history);
  assertStrictEquals(history.purge({ seq: 0 }), false);
  assertStrictEquals(history.firstSeq, 1);
  assert(history.purge({ seq: 1_500 }));
  assertStrictEquals(history.firstSeq, 1_001, "a thousand rows are looked at in a turn");
  while (history.purge({ seq: 1_500 }));
  assertStrictEquals(history.firstSeq, 1_501);
  while (history.purge({ seq: Infinity }));
  assertStrictEquals(history.firstSeq, 2_500);
  assertEquals(history.newest(ALL).messages.map(({ seq }) => seq), [2_500]);
  assertEquals(history.next(ALL), {
    messages: history.newest({ ...ALL, since: 2_499 }).messages,
  });
  store.close();
  const after = onDisk(data.open(), { now: () => now });
  assertStrictEquals(appendMessage(after).seq, 2_501, "numbers are not used again");
});

Deno.test("Histories date no message before an earlier one, whatever the clock does (A4)", () => {
  const times = [5, 100, 7, 101, 8];
  withEach({ now: () => times.shift() ?? 0 }, (history) => {
    times.splice(0, times.length, 5, 100, 7, 101, 8);
    fill(history, 5);
    const dates = history.newest(ALL).messages.map(({ at }) => Date.parse(at));
    assertEquals(dates, [5, 100, 100, 101, 101]);
  });
});

Deno.test("SqliteHistory dates no message before those of the last server (A4)", () => {
  using data = new DataDirectory();
  const store = data.open();
  appendMessage(onDisk(store, { now: () => 100 }));
  store.close();
  const after = onDisk(data.open(), { now: () => 50 });
  assertStrictEquals(Date.parse(appendMessage(after).at), 100);
});

Deno.test("Histories give messages from the future another date, on disk and in memory (A4)", () => {
  let now = 10;
  withEach({ now: () => now, capacity: 50 }, (history, kind) => {
    now = 10;
    fill(history, 3);
    now = 1_000;
    fill(history, 4);
    while ((history as SqliteHistory | MemoryHistory).redate(20));
    now = 30;
    fill(history, 1);
    const dates = history.next(ALL).messages.map(({ at }) => Date.parse(at));
    assertEquals(dates, [10, 10, 10, 20, 20, 20, 20, 30], kind);
  });
});

Deno.test("SqliteHistory.redate() goes down some at a time, to the first that is right (A4)", () => {
  using data = new DataDirectory();
  const store = data.open();
  let now = 10;
  const history = onDisk(store, { now: () => now });
  fill(history, 10);
  now = 1_000;
  fill(history, 2_500);
  let steps = 1;
  while (history.redate(20)) steps++;
  assertStrictEquals(steps, 3);
  store.close();
  const { messages } = onDisk(data.open(), { rowsPerPage: 5_000 }).next({
    limit: 3_000,
    visible: () => true,
  });
  assertEquals(messages.filter(({ at }) => Date.parse(at) === 10).length, 10);
  assertEquals(messages.filter(({ at }) => Date.parse(at) === 20).length, 2_500);
});

Deno.test("SqliteHistory continues after a listener that throws, numbers and all", () => {
  using data = new DataDirectory();
  let settle = () => {};
  const history = onDisk(data.open(), { soon: (later) => settle = later });
  const draft = { from: "alice", text: "hi", audience: { kind: "everyone" } } as const;
  const reported: AppendResult[] = [];
  history.append(draft, () => {
    throw new Error("a bug");
  });
  history.append(draft, (stored) => reported.push(stored));
  assertMatch(String(assertThrows(() => settle())), /a bug/);
  assertEquals(reported.map((stored) => stored.kind === "stored" && stored.message.seq), [2]);
  history.append(draft, (stored) => reported.push(stored));
  history.flush();
  assertStrictEquals(history.lastSeq, 3);
  assertEquals(history.newest(ALL).messages.map(({ seq }) => seq), [1, 2, 3]);
});

Deno.test("SqliteHistory keeps its numbers when even undoing a transaction fails", () => {
  using data = new DataDirectory();
  const store = data.open();
  const history = onDisk(store);
  appendMessage(history);
  const draft = { from: "alice", text: "lost", audience: { kind: "everyone" } } as const;
  // Simulates a disk that fails now and then: the commit fails, and so does the rollback.
  const { prototype } = Object.getPrototypeOf(store.prepare("SELECT 1")).constructor;
  const run = prototype.run;
  prototype.run = function (this: { sourceSQL: string }, ...values: unknown[]) {
    if (/^(COMMIT|ROLLBACK)/.test(this.sourceSQL)) throw new Error("disk I/O error");
    return run.apply(this, values);
  };
  try {
    assertStrictEquals(append(history, draft).kind, "failed");
  } finally {
    prototype.run = run;
  }
  assertStrictEquals(append(history, draft).kind, "failed", "what was left open is undone");
  assertStrictEquals(appendMessage(history, { text: "after" }).seq, 2);
  assertEquals(history.newest(ALL).messages.map(({ text }) => text), ["hi", "after"]);
});

Deno.test("SqliteHistory works without messages that were deleted from the file", () => {
  using data = new DataDirectory();
  let store = data.open();
  fill(onDisk(store), 9);
  store.prepare("DELETE FROM message WHERE seq = 7 OR seq = 3").run();
  store.close();
  store = data.open();
  const history = onDisk(store);
  const seqs = (messages: readonly { seq: number }[]) => messages.map(({ seq }) => seq);
  assertEquals(seqs(history.newest(ALL).messages), [1, 2, 4, 5, 6, 8, 9]);
  assertEquals(seqs(history.next(ALL).messages), [1, 2, 4, 5, 6, 8, 9]);
  assertStrictEquals(appendMessage(history).seq, 10);
  assertEquals(seqs(history.newest({ ...ALL, limit: 4 }).messages), [6, 8, 9, 10]);
});
