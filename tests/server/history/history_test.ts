import assert from "node:assert/strict";
import fc from "fast-check";
import type { Audience, History, PageRequest } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { append, DataDirectory, fill, onDisk, say, withEach } from "./history_fixture.ts";

const EVERYONE: Audience = { kind: "everyone" };
const ALL = { since: 0, limit: 100, visible: () => true };

function newest(history: History, request: Partial<PageRequest> = {}): string[] {
  return history.newest({ ...ALL, ...request }).map(({ text }) => text);
}

function next(history: History, request: Partial<PageRequest> = {}): [string[], number] {
  const { messages, upTo } = history.next({ ...ALL, ...request });
  return [messages.map(({ text }) => text), upTo];
}

Deno.test("History.append() numbers messages from 1 and stamps them", () => {
  const clock = new FakeClock();
  const started = clock.now();
  withEach({ now: () => clock.now() }, (history) => {
    const before = clock.now() - started;
    assert.equal(history.lastSeq, 0);
    assert.equal(history.firstSeq, 1);
    const at = new Date(clock.now()).toISOString();
    const first = { type: "message", seq: 1, at, from: "alice", text: "hi" };
    assert.deepEqual(say(history, { text: "hi" }), first);
    clock.advance(1_500);
    const second = { from: "bob", to: "#dev", text: "x", action: true } as const;
    assert.deepEqual(say(history, second), {
      type: "message",
      seq: 2,
      at: new Date(started + before + 1_500).toISOString(),
      ...second,
    });
    assert.equal(history.lastSeq, 2);
    assert.equal(history.firstSeq, 1);
    const shown = history.newest(ALL);
    assert.deepEqual(shown[0], { ...first, replay: true }, "marked, and without its audience");
    assert.deepEqual(shown[1]?.action, true);
    assert.deepEqual(history.next(ALL).messages[0], first, "as it was said");
  });
});

Deno.test("History in memory keeps the newest messages and goes on counting", () => {
  const history = new MemoryHistory({ capacity: 5, now: () => 0 });
  fill(history, 1_234);
  assert.deepEqual(newest(history), ["m1230", "m1231", "m1232", "m1233", "m1234"]);
  assert.deepEqual(next(history, { limit: 2 }), [["m1230", "m1231"], 1_231]);
  assert.equal(history.lastSeq, 1_234);
  assert.equal(history.firstSeq, 1_230);
});

Deno.test("History.newest() on disk goes beyond what is in memory", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 3, rowsPerPage: 4 });
  fill(history, 9);
  assert.deepEqual(newest(history, { limit: 5 }), ["m5", "m6", "m7", "m8", "m9"]);
  assert.deepEqual(newest(history, { limit: 2 }), ["m8", "m9"]);
  assert.deepEqual(newest(history, { since: 4 }), ["m5", "m6", "m7", "m8", "m9"]);
  const third = { visible: (_: Audience, seq: number) => seq % 3 === 0 };
  assert.deepEqual(newest(history, third), ["m3", "m6", "m9"], "four rows are looked at on disk");
  assert.deepEqual(next(history), [["m1", "m2", "m3", "m4"], 4], "then it is the others' turn");
  assert.deepEqual(next(history, { since: 4 }), [["m5", "m6", "m7", "m8"], 8]);
  assert.deepEqual(next(history, { since: 8 }), [["m9"], 9]);
});

Deno.test("History.newest() and next() ask with the audience and number of each message", () => {
  withEach({ capacity: 1 }, (history, kind) => {
    const people = { kind: "people", serials: [1, 2] } as const;
    const group = { kind: "group", serial: 3, sender: 1 } as const;
    say(history, { audience: EVERYONE });
    say(history, { audience: people });
    say(history, { audience: group });
    const asked: unknown[] = [];
    const visible = (...args: unknown[]) => asked.push(args) > 0;
    history.newest({ since: 0, limit: 9, visible });
    const all = kind === "disk" ? [[group, 3], [people, 2], [EVERYONE, 1]] : [[group, 3]];
    assert.deepEqual(asked.splice(0), all);
    history.next({ since: 0, limit: 9, visible });
    assert.deepEqual(asked, all.reverse());
  });
});

Deno.test("History.append() stores a message of one origin once, and knows its number again", () => {
  withEach({}, (history) => {
    const origin = (ref: string | number, serial = 7) => ({ serial, ref });
    say(history, { text: "a", origin: origin("1") });
    say(history, { text: "b", origin: origin(1) });
    say(history, { text: "c", origin: origin("1", 8) });
    const again = append(history, { text: "d", origin: origin("1") });
    assert.deepEqual(again, { kind: "known", seq: 1, text: "a" });
    say(history, { text: "e", origin: origin("2") });
    say(history, { text: "f" });
    assert.deepEqual(newest(history), ["a", "b", "c", "e", "f"].slice(-5));
    assert.equal(history.lastSeq, 5, "no number is skipped");
  });
});

Deno.test("History.newest() and next() answer what filtering a list of everything would", () => {
  const numbers = (max: number, min = 0) => fc.integer({ min, max });
  fc.assert(
    fc.property(
      numbers(30),
      numbers(8, 1),
      numbers(35),
      numbers(10),
      (count, capacity, since, limit) => {
        withEach({ capacity }, (history, kind) => {
          fill(history, count);
          const kept = Array.from({ length: count }, (_, at) => at + 1)
            .slice(kind === "memory" ? -capacity : 0);
          const visible = (_: Audience, seq: number) => seq % 3 > 0;
          const found = kept.filter((seq) => seq > since && seq % 3 > 0).map((seq) => `m${seq}`);
          const want = limit === 0 ? [] : found.slice(-limit);
          assert.deepEqual(newest(history, { since, limit, visible }), want);
          if (limit === 0) return;
          assert.deepEqual(next(history, { since, limit, visible })[0], found.slice(0, limit));
        });
      },
    ),
    { numRuns: 25 },
  );
});
