import assert from "node:assert/strict";
import fc from "fast-check";
import type { Audience, PageRequest } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory.ts";
import { FakeClock } from "../../fakes.ts";

const EVERYONE: Audience = { kind: "everyone" };

/** A history with `count` messages, `m1` to `mCOUNT`. */
function filled(count: number, capacity = 5): MemoryHistory {
  const history = new MemoryHistory({ capacity, now: () => 0 });
  for (let at = 1; at <= count; at++) {
    history.append({ from: "alice", text: `m${at}`, audience: EVERYONE });
  }
  return history;
}

function texts(history: MemoryHistory, request: Partial<PageRequest> = {}): string[] {
  return history.page({ since: 0, limit: 100, visible: () => true, ...request })
    .map(({ text }) => text);
}

Deno.test("MemoryHistory.append() numbers messages from 1 and stamps them", () => {
  const clock = new FakeClock();
  const history = new MemoryHistory({ capacity: 5, now: () => clock.now() });
  assert.equal(history.lastSeq, 0);
  assert.deepEqual(history.append({ from: "alice", text: "hi", audience: EVERYONE }), {
    type: "message",
    seq: 1,
    at: "2030-01-01T00:00:00.000Z",
    from: "alice",
    text: "hi",
  });
  clock.advance(1_500);
  assert.deepEqual(
    history.append({ from: "bob", to: "#dev", text: "x", action: true, audience: EVERYONE }),
    {
      type: "message",
      seq: 2,
      at: "2030-01-01T00:00:01.500Z",
      from: "bob",
      to: "#dev",
      text: "x",
      action: true,
    },
  );
  assert.equal(history.lastSeq, 2);
});

Deno.test("MemoryHistory.page() marks what it shows as replayed, without its audience", () => {
  const [message] = filled(1).page({ since: 0, limit: 1, visible: () => true });
  assert.deepEqual(message, {
    type: "message",
    seq: 1,
    at: "1970-01-01T00:00:00.000Z",
    from: "alice",
    text: "m1",
    replay: true,
  });
});

Deno.test("MemoryHistory keeps the newest messages and goes on counting", () => {
  assert.deepEqual(texts(filled(5)), ["m1", "m2", "m3", "m4", "m5"]);
  assert.deepEqual(texts(filled(6)), ["m2", "m3", "m4", "m5", "m6"]);
  assert.deepEqual(texts(filled(1_234)), ["m1230", "m1231", "m1232", "m1233", "m1234"]);
  assert.equal(filled(1_234).lastSeq, 1_234);
});

Deno.test("MemoryHistory.page() gives the newest after since, oldest first", () => {
  const history = filled(7);
  assert.deepEqual(texts(history, { limit: 2 }), ["m6", "m7"]);
  assert.deepEqual(texts(history, { since: 5 }), ["m6", "m7"]);
  assert.deepEqual(texts(history, { since: 1 }), ["m3", "m4", "m5", "m6", "m7"], "m2 is gone");
  assert.deepEqual(texts(history, { since: 3, limit: 1 }), ["m7"]);
  for (const since of [7, 8, 1_000_000]) assert.deepEqual(texts(history, { since }), []);
  assert.deepEqual(texts(history, { limit: 0 }), []);
  assert.deepEqual(texts(filled(0)), []);
});

Deno.test("MemoryHistory.page() counts only what is visible against the limit", () => {
  const request = { limit: 2, visible: (_: Audience, seq: number) => seq % 2 === 1 };
  assert.deepEqual(texts(filled(9, 10), request), ["m7", "m9"]);
});

Deno.test("MemoryHistory.page() asks with the audience and number of each message", () => {
  const history = new MemoryHistory({ capacity: 5, now: () => 0 });
  const audience = { kind: "people", serials: [1, 2] } as const;
  history.append({ from: "a", text: "x", audience: EVERYONE });
  history.append({ from: "a", text: "y", audience });
  const asked: unknown[] = [];
  const visible = (...args: unknown[]) => asked.push(args) > 0;
  history.page({ since: 0, limit: 9, visible });
  assert.deepEqual(asked, [[audience, 2], [EVERYONE, 1]]);
});

Deno.test("MemoryHistory.whenStored() calls back at once", () => {
  let stored = 0;
  filled(1).whenStored(1, () => stored++);
  assert.equal(stored, 1);
});

Deno.test("MemoryHistory.page() answers what filtering a list of everything would", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 35 }),
      fc.integer({ min: 0, max: 10 }),
      (count, capacity, since, limit) => {
        const all = Array.from({ length: count }, (_, at) => at + 1).slice(-capacity);
        const visible = (_: Audience, seq: number) => seq % 3 > 0;
        const found = all.filter((seq) => seq > since && seq % 3 > 0);
        const want = limit === 0 ? [] : found.slice(-limit).map((seq) => `m${seq}`);
        assert.deepEqual(texts(filled(count, capacity), { since, limit, visible }), want);
      },
    ),
  );
});
