// Pages of history, forward and backward, in memory and on disk: the messages of each, where the
// next one continues, and that paging visits every message its reader may see exactly once.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import type { Audience, History, Page, PageRequest } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { appendMessage, DataDirectory, fill, onDisk, withEach } from "./history_fixture.ts";

type Way = "forward" | "backward";

const WAYS: readonly Way[] = ["forward", "backward"];
const EVERY_THIRD = (_: Audience, seq: number) => seq % 3 === 0;

function read(history: History, way: Way, request: Partial<PageRequest> = {}): Page {
  const whole = { limit: 100, visible: () => true, ...request };
  return way === "forward" ? history.next(whole) : history.newest(whole);
}

/** The numbers of a page, and where the next one continues. */
function shown({ messages, next }: Page): [seqs: number[], next: number | undefined] {
  return [messages.map(({ seq }) => seq), next];
}

/** All pages of a range, as a reader requests them. */
function pages(history: History, way: Way, request: PageRequest): Page[] {
  const all: Page[] = [];
  let page = read(history, way, request);
  for (all.push(page); page.next !== undefined; all.push(page)) {
    assert(all.length < 1_000, "paging ends");
    const bound = way === "forward" ? { since: page.next } : { before: page.next };
    page = read(history, way, { ...request, ...bound });
  }
  return all;
}

Deno.test("History.newest() and next() cut a page at its limit, and say where the next one continues", () => {
  withEach({ capacity: 9 }, (history) => {
    fill(history, 9);
    assertEquals(shown(read(history, "backward", { limit: 3 })), [[7, 8, 9], 7]);
    assertEquals(shown(read(history, "backward", { limit: 3, before: 7 })), [[4, 5, 6], 4]);
    assertEquals(shown(read(history, "backward", { limit: 3, before: 4 })), [
      [1, 2, 3],
      undefined,
    ]);
    assertEquals(shown(read(history, "forward", { limit: 3 })), [[1, 2, 3], 3]);
    assertEquals(shown(read(history, "forward", { limit: 3, since: 6 })), [
      [7, 8, 9],
      undefined,
    ]);
    const between = { since: 2, before: 8, limit: 4 };
    assertEquals(shown(read(history, "backward", between)), [[4, 5, 6, 7], 4]);
    assertEquals(shown(read(history, "forward", between)), [[3, 4, 5, 6], 6]);
    for (const way of WAYS) {
      for (const empty of [{ since: 9 }, { before: 1 }, { before: 0 }, { since: 5, before: 3 }]) {
        assertEquals(shown(read(history, way, empty)), [[], undefined]);
      }
    }
  });
});

Deno.test("History.newest() and next() continue only for a message that the reader is entitled to", () => {
  withEach({ capacity: 9 }, (history) => {
    fill(history, 9);
    const third = { limit: 2, visible: EVERY_THIRD };
    assertEquals(shown(read(history, "backward", third)), [[6, 9], 4]);
    assertEquals(shown(read(history, "backward", { ...third, before: 4 })), [[3], undefined]);
    assertEquals(shown(read(history, "backward", { ...third, since: 3 })), [[6, 9], undefined]);
    assertEquals(shown(read(history, "forward", third)), [[3, 6], 8]);
    assertEquals(shown(read(history, "forward", { ...third, before: 9 })), [[3, 6], undefined]);
    const none = { limit: 0, visible: EVERY_THIRD };
    assertEquals(shown(read(history, "backward", none)), [[], 10]);
    assertEquals(shown(read(history, "forward", { ...none, since: 9 })), [[], undefined]);
  });
});

Deno.test("History.newest() and next() cut a page at its text, but never before its first message", () => {
  withEach({ capacity: 9 }, (history) => {
    for (const length of [10, 1, 2, 3, 99]) appendMessage(history, { text: "x".repeat(length) });
    assertEquals(shown(read(history, "forward", { chars: 12 })), [[1, 2], 2]);
    assertEquals(shown(read(history, "forward", { chars: 13 })), [[1, 2, 3], 3]);
    assertEquals(shown(read(history, "backward", { chars: 6, before: 5 })), [[2, 3, 4], 2]);
    assertEquals(shown(read(history, "backward", { chars: 50 })), [[5], 5]);
  });
});

Deno.test("SqliteHistory cuts a page at its bound on rows, and the next page continues there", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 3, rowsPerPage: 4 });
  fill(history, 12);
  const none = { visible: () => false };
  assertEquals(shown(read(history, "forward", none)), [[], 4]);
  assertStrictEquals(history.rowsRead, 4);
  assertEquals(shown(read(history, "backward", none)), [[], 6], "memory, then four rows");
  assertStrictEquals(history.rowsRead, 8);
  assertEquals(shown(read(history, "forward", { since: 4 })), [[5, 6, 7, 8], 8]);
  assertEquals(shown(read(history, "forward", { since: 5 })), [
    [6, 7, 8, 9, 10, 11, 12],
    undefined,
  ]);
  assertEquals(shown(read(history, "backward", { since: 1, before: 6 })), [
    [2, 3, 4, 5],
    undefined,
  ], "four rows and no fifth");
});

Deno.test("SqliteHistory reads its pages by the primary key", () => {
  using data = new DataDirectory();
  const store = data.open();
  const prepare = store.prepare.bind(store);
  const statements: string[] = [];
  store.prepare = (sql) => {
    statements.push(sql);
    return prepare(sql);
  };
  onDisk(store);
  const paging = statements.filter((sql) => sql.includes("ORDER BY"));
  assertStrictEquals(paging.length, 2);
  for (const sql of paging) {
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(0, 9, 9);
    const details = plan.map((step) => step["detail"]);
    const search = "SEARCH message USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
    assertEquals(details, [search], "no scan, no sorting");
  }
});

/** Messages of the model; the one of number `seq` has `lengthOf(seq)` UTF-16 units of text. */
const MESSAGES = 30;
const ALL_SEQS = Array.from({ length: MESSAGES }, (_, at) => at + 1);

function lengthOf(seq: number): number {
  return (seq * 7) % 20;
}

/** A page by its definition: filters a list of everything, then cuts it at its far end. */
function modelPage(
  kept: readonly number[],
  way: Way,
  { since = 0, before = Infinity, limit, chars = Infinity, visible }: PageRequest,
): { readonly seqs: number[]; readonly more: boolean } {
  const range = kept.filter((seq) => visible({ kind: "everyone" }, seq))
    .filter((seq) => seq > since && seq < before);
  if (way === "backward") range.reverse();
  const seqs: number[] = [];
  let room = chars;
  for (const seq of range) {
    room -= lengthOf(seq);
    if (seqs.length === limit || (room < 0 && seqs.length > 0)) break;
    seqs.push(seq);
  }
  const more = seqs.length < range.length;
  return { seqs: seqs.sort((a, b) => a - b), more };
}

const number = (min: number, max: number) => fc.integer({ min, max });

const chosen = fc.record({
  capacity: number(1, 35),
  rowsPerPage: number(1, 35),
  entitled: fc.oneof(fc.uniqueArray(number(1, MESSAGES)), fc.constant(ALL_SEQS)),
  way: fc.constantFrom(...WAYS),
  range: fc.record({
    since: number(0, 35),
    before: number(0, 35),
    limit: number(1, 12),
    chars: number(0, 100),
  }, { requiredKeys: ["limit"] }),
});

Deno.test("Pages in memory and on disk are those of a model, and paging visits each message once", () => {
  using data = new DataDirectory();
  const store = data.open();
  const texts = ALL_SEQS.map((seq) => "x".repeat(lengthOf(seq)));
  const written = onDisk(store);
  for (const text of texts) appendMessage(written, { text });
  fc.assert(
    fc.property(chosen, ({ capacity, rowsPerPage, entitled, way, range }) => {
      const memory = new MemoryHistory({ capacity, now: () => 0 });
      for (const text of texts) appendMessage(memory, { text });
      const unbounded = onDisk(store, { capacity });
      const bounded = onDisk(store, { capacity, rowsPerPage });
      const request = { ...range, visible: (_: Audience, seq: number) => entitled.includes(seq) };
      for (const history of [memory, unbounded, bounded]) {
        const kept = history === memory ? ALL_SEQS.slice(-capacity) : ALL_SEQS;
        const [seqs, next] = shown(read(history, way, request));
        const model = modelPage(kept, way, request);
        if (history === bounded && seqs.length < model.seqs.length) {
          assert(next !== undefined, "a page cut by its bound on rows says so");
        } else {
          assertEquals(seqs, model.seqs);
          if (history !== bounded) assertStrictEquals(next !== undefined, model.more);
        }
        const rowsBefore = bounded.rowsRead;
        const all = pages(history, way, request);
        assert(bounded.rowsRead - rowsBefore <= all.length * rowsPerPage);
        const visited = (way === "forward" ? all : all.reverse()).flatMap((page) => shown(page)[0]);
        const everything = { ...request, limit: Infinity, chars: Infinity };
        assertEquals(visited, modelPage(kept, way, everything).seqs);
      }
    }),
    { numRuns: 500 },
  );
});
