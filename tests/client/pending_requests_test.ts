import { assertEquals, assertStrictEquals } from "@std/assert";
import { MAX_IN_FLIGHT, PendingRequests } from "../../client/pending_requests.ts";
import type { Request } from "../../protocol/requests.ts";

const say = (text: string): Request => ({ verb: "say", text });

/** The refs of all requests that may be sent now. */
function sent(outbox: PendingRequests, all = false): number[] {
  const refs: number[] = [];
  for (let kept = outbox.next(all); kept !== undefined; kept = outbox.next(all)) {
    refs.push(kept.ref);
  }
  return refs;
}

Deno.test("PendingRequests.next() gives each once, and again only after its connection was lost", () => {
  const outbox = new PendingRequests();
  for (const text of ["a", "b", "c"]) outbox.add(say(text));
  assertEquals(sent(outbox), [1, 2, 3]);
  assertEquals(sent(outbox), []);
  assertStrictEquals(outbox.take(2)?.wasDelayed, false);
  outbox.markUnsent();
  outbox.add(say("d"), true);
  assertEquals(sent(outbox), [1, 3, 4]);
  assertStrictEquals(outbox.take(2), undefined);
  assertStrictEquals(outbox.take(1)?.wasDelayed, true);
  assertEquals(outbox.all().map(({ ref }) => ref), [3, 4]);
  assertStrictEquals(outbox.add(say("e")).ref, 5); // never one that was used before
});

Deno.test("PendingRequests.next() keeps to a window of messages and of text, except for all", () => {
  const many = new PendingRequests();
  for (let i = 0; i < MAX_IN_FLIGHT + 10; i++) many.add(say("x"));
  assertStrictEquals(sent(many).length, MAX_IN_FLIGHT);
  many.take(1);
  many.take(2);
  assertEquals(sent(many), [MAX_IN_FLIGHT + 1, MAX_IN_FLIGHT + 2]);
  const long = new PendingRequests();
  for (let i = 0; i < 10; i++) long.add(say("x".repeat(8192)));
  assertEquals(sent(long), [1, 2, 3, 4]);
  long.markUnsent();
  assertEquals(sent(long), [1, 2, 3, 4]);
  long.take(1);
  assertEquals(sent(long), [5]);
  assertEquals(sent(long, true), [6, 7, 8, 9, 10]);
});

Deno.test("PendingRequests.takeUncertain() takes the messages that may have arrived, and nothing else", () => {
  const outbox = new PendingRequests();
  outbox.add(say("a"));
  outbox.add({ verb: "who" });
  sent(outbox);
  outbox.markUnsent();
  outbox.add(say("b"), true);
  assertEquals(outbox.takeUncertain().map(({ ref }) => ref), [1]);
  assertEquals(sent(outbox), [2, 3]);
});

Deno.test("PendingRequests.waitForFewerThan() waits for answers, and gives up after silence", async () => {
  const outbox = new PendingRequests();
  outbox.add(say("a"));
  outbox.add(say("b"));
  const waiting = outbox.waitForFewerThan(1, Infinity);
  outbox.takeOldest();
  outbox.take(2);
  assertStrictEquals(await waiting, true);
  outbox.add(say("c"));
  assertStrictEquals(await outbox.waitForFewerThan(1, 1), false);
  const given = outbox.waitForFewerThan(1, Infinity);
  outbox.cancelWaits();
  assertStrictEquals(await given, false);
  assertEquals(outbox.clear().map(({ ref }) => ref), [3]);
  assertStrictEquals(await outbox.waitForFewerThan(1, Infinity), true);
});
