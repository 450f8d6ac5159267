import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Audience, History, PageRequest } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { append, appendMessage, DataDirectory, fill, onDisk, withEach } from "./history_fixture.ts";

const EVERYONE: Audience = { kind: "everyone" };
const ALL = { since: 0, limit: 100, visible: () => true };

function newest(history: History, request: Partial<PageRequest> = {}): string[] {
  return history.newest({ ...ALL, ...request }).messages.map(({ text }) => text);
}

function next(history: History, request: Partial<PageRequest> = {}): string[] {
  return history.next({ ...ALL, ...request }).messages.map(({ text }) => text);
}

Deno.test("History.append() numbers messages from 1 and stamps them", () => {
  const clock = new FakeClock();
  const started = clock.now();
  withEach({ now: () => clock.now() }, (history) => {
    const before = clock.now() - started;
    assertStrictEquals(history.lastSeq, 0);
    assertStrictEquals(history.firstSeq, 1);
    const at = new Date(clock.now()).toISOString();
    const first = { type: "message", seq: 1, at, from: "alice", text: "hi" };
    assertEquals(appendMessage(history, { text: "hi" }), first);
    clock.advance(1_500);
    const second = { from: "bob", to: "#dev", text: "x", action: true } as const;
    assertEquals(appendMessage(history, second), {
      type: "message",
      seq: 2,
      at: new Date(started + before + 1_500).toISOString(),
      ...second,
    });
    assertStrictEquals(history.lastSeq, 2);
    assertStrictEquals(history.firstSeq, 1);
    const { messages } = history.newest(ALL);
    assertEquals(messages[0], first, "as it was said, and without its audience");
    assertEquals(messages[1]?.action, true);
    assertEquals(history.next(ALL).messages, messages);
  });
});

Deno.test("History in memory keeps the newest messages and continues the numbers", () => {
  const history = new MemoryHistory({ capacity: 5, now: () => 0 });
  fill(history, 1_234);
  assertEquals(newest(history), ["m1230", "m1231", "m1232", "m1233", "m1234"]);
  assertEquals(next(history, { limit: 2 }), ["m1230", "m1231"]);
  assertStrictEquals(history.lastSeq, 1_234);
  assertStrictEquals(history.firstSeq, 1_230);
});

Deno.test("History.newest() on disk goes beyond what is in memory", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 3, rowsPerPage: 4 });
  fill(history, 9);
  assertEquals(newest(history, { limit: 5 }), ["m5", "m6", "m7", "m8", "m9"]);
  assertEquals(newest(history, { limit: 2 }), ["m8", "m9"]);
  assertEquals(newest(history, { since: 4 }), ["m5", "m6", "m7", "m8", "m9"]);
});

Deno.test("History.newest() and next() ask with the audience and number of each message", () => {
  withEach({ capacity: 1 }, (history, kind) => {
    const people = { kind: "people", serials: [1, 2] } as const;
    const group = { kind: "group", serial: 3, sender: 1 } as const;
    appendMessage(history, { audience: EVERYONE });
    appendMessage(history, { audience: people });
    appendMessage(history, { audience: group });
    const asked: unknown[] = [];
    const visible = (...args: unknown[]) => asked.push(args) > 0;
    history.newest({ since: 0, limit: 9, visible });
    const all = kind === "disk" ? [[group, 3], [people, 2], [EVERYONE, 1]] : [[group, 3]];
    assertEquals(asked.splice(0), all);
    history.next({ since: 0, limit: 9, visible });
    assertEquals(asked, all.reverse());
  });
});

Deno.test("History.append() stores a message of one origin once, and knows its number again", () => {
  withEach({}, (history) => {
    const origin = (ref: string | number, serial = 7) => ({ serial, ref });
    appendMessage(history, { text: "a", origin: origin("1") });
    appendMessage(history, { text: "b", origin: origin(1) });
    appendMessage(history, { text: "c", origin: origin("1", 8) });
    const again = append(history, { text: "d", origin: origin("1") });
    assertEquals(again, { kind: "known", seq: 1, text: "a" });
    appendMessage(history, { text: "e", origin: origin("2") });
    appendMessage(history, { text: "f" });
    assertEquals(newest(history), ["a", "b", "c", "e", "f"].slice(-5));
    assertStrictEquals(history.lastSeq, 5, "no number is skipped");
  });
});
