import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "../../fast_check.ts";
import { BlockWriter } from "../../../protocol/block.ts";
import { SendQueue } from "../../../server/net/send_queue.ts";
import { type Follower, SharedLog } from "../../../server/net/shared_log.ts";

function logOf(maxLagBytes = 1000): SharedLog {
  return new SharedLog({ maxLagBytes, wake: () => {} });
}

function write(log: SharedLog, text: string): boolean {
  return log.append((out) => out.text(text));
}

function read(log: SharedLog, from: number, to: number): string {
  let text = "";
  log.read(from, to, ({ block, start, end }) => {
    text += new TextDecoder().decode(block.subarray(start, end));
  });
  return text;
}

/** A follower whose checkBacklog() calls `onCheck`. */
function follower(onCheck: () => void = () => {}): Follower {
  return { flush: () => false, checkBacklog: onCheck };
}

Deno.test("SharedLog.append() wakes the followers, unless nothing was written", () => {
  const woken: number[] = [];
  const log = new SharedLog({ maxLagBytes: 10, wake: (all) => void woken.push(all.size) });
  log.add(follower());
  assertStrictEquals(write(log, "abc"), true);
  assertStrictEquals(write(log, ""), false);
  assertEquals([woken, log.end], [[1], 3]);
});

Deno.test("SharedLog.read() gives any range, also across blocks", () => {
  const log = logOf(1_000_000);
  let all = "";
  for (let count = 0; count < 5; count++) {
    const item = String(count).repeat(40_000); // blocks of 64 KiB hold one each
    all += item;
    write(log, item);
  }
  assertStrictEquals(log.end, all.length);
  for (const [from, to] of [[0, 1], [39_999, 40_001], [70_000, 170_000], [0, 200_000]] as const) {
    assertStrictEquals(read(log, from, to), all.slice(from, to));
  }
  assertStrictEquals(read(log, 200_000, 200_000), "");
});

Deno.test("SharedLog keeps what a follower may lag behind, and says so when it is dropped", () => {
  const log = logOf(1000);
  log.add(follower());
  for (let count = 0; count < 50; count++) write(log, "x".repeat(30_000));
  assertStrictEquals(read(log, log.end - 1000, log.end).length, 1000);
  assertThrows(() => read(log, 0, 1), RangeError);
});

Deno.test("SharedLog has followers checked about every 16th of what they may lag", () => {
  let checks = 0;
  const log = logOf(1600);
  log.add(follower(() => void checks++));
  for (let count = 0; count < 160; count++) write(log, "ten bytes.");
  assertStrictEquals(checks, 16);
});

Deno.test("SharedLog forgets with the last follower what it kept, and starts over for the next", () => {
  const log = logOf();
  const one = follower();
  log.add(one);
  write(log, "abc");
  log.remove(one);
  assertThrows(() => read(log, 0, 3), RangeError);
  log.add(one);
  write(log, "def");
  assertStrictEquals(read(log, 3, 6), "def");
});

Deno.test("SharedLog: a follower that ends itself while it is checked disturbs no other", () => {
  const log = logOf(16);
  const ends = [1, 2, 3].map(() => {
    const one = follower(() => log.remove(one));
    log.add(one);
    return one;
  });
  write(log, "x".repeat(20));
  assertStrictEquals(log.size, 0);
  assertStrictEquals(ends.length, 3);
});

Deno.test("SendQueue.bytes counts what the log holds after the cursor", () => {
  const log = logOf();
  const queue = new SendQueue(10);
  write(log, "before");
  queue.follow(log);
  write(log, "0123456789");
  assertEquals([queue.bytes, queue.isOverfull], [10, false]);
  write(log, "x");
  assertEquals([queue.bytes, queue.isOverfull], [11, true]);
  assertStrictEquals(queue.push({ block: new Uint8Array(1), start: 0, end: 1 }), "overflow");
  queue.consume(queue.peek(5).length);
  assertStrictEquals(queue.bytes, 6);
});

Deno.test("SendQueue sends log bytes as a view of the shared block, without a copy", () => {
  const log = logOf();
  const [one, other] = [new SendQueue(100), new SendQueue(100)];
  one.follow(log);
  other.follow(log);
  write(log, "abc");
  write(log, "def");
  const [view, same] = [one.peek(100), other.peek(100)];
  assertStrictEquals(new TextDecoder().decode(view), "abcdef");
  assertStrictEquals(view.buffer, same.buffer);
});

Deno.test("SendQueue.clear() and follow(undefined) end the following", () => {
  const log = logOf();
  const [cleared, ended] = [new SendQueue(100), new SendQueue(100)];
  for (const queue of [cleared, ended]) queue.follow(log);
  write(log, "abc");
  cleared.clear();
  ended.follow(undefined);
  write(log, "def");
  assertStrictEquals(cleared.bytes, 0);
  assertStrictEquals(new TextDecoder().decode(ended.peek(100)), "abc");
});

Deno.test("SendQueue with a log behaves as one array of bytes would", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("log" as const), text: fc.string({ maxLength: 8 }) }),
    fc.record({ kind: fc.constant("own" as const), text: fc.string({ maxLength: 8 }) }),
    fc.record({ kind: fc.constant("push" as const), text: fc.string({ maxLength: 8 }) }),
    fc.record({ kind: fc.constant("send" as const), count: fc.nat(20) }),
    fc.record({ kind: fc.constant("leave" as const) }),
    fc.record({ kind: fc.constant("join" as const) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const log = logOf(10_000);
    const queue = new SendQueue(10_000);
    const writer = new BlockWriter(32);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let follows = false;
    let want = new Uint8Array(0);
    const expect = (text: string) => {
      want = new Uint8Array([...want, ...new TextEncoder().encode(text)]);
    };
    for (const taken of steps) {
      if (taken.kind === "log") {
        write(log, taken.text);
        if (follows) expect(taken.text);
      } else if (taken.kind === "own") {
        const from = log.end;
        if (write(log, taken.text)) queue.skipFrom(from);
      } else if (taken.kind === "push") {
        writer.begin();
        writer.text(taken.text);
        const slice = writer.end();
        if (slice) queue.push(slice);
        expect(taken.text);
      } else if (taken.kind === "send") {
        const part = queue.peek(taken.count);
        assertEquals([...part], [...want.subarray(0, part.length)]);
        queue.consume(part.length);
        want = want.slice(part.length);
      } else {
        follows = taken.kind === "join";
        queue.follow(follows ? log : undefined);
      }
      assertStrictEquals(queue.bytes, want.length);
    }
    assertStrictEquals(decoder.decode(queue.peek(10_000)), decoder.decode(want));
  }));
});
