import assert from "node:assert/strict";
import { MAX_ON_THE_WAY, Outbox } from "../../client/pending_requests.ts";
import type { Request } from "../../protocol/requests.ts";

const say = (text: string): Request => ({ verb: "say", text });

/** The refs of all that may be sent now. */
function sent(outbox: Outbox, all = false): number[] {
  const refs: number[] = [];
  for (let kept = outbox.next(all); kept !== undefined; kept = outbox.next(all)) {
    refs.push(kept.ref);
  }
  return refs;
}

Deno.test("Outbox.next() gives each once, and again only after its connection was lost", () => {
  const outbox = new Outbox();
  for (const text of ["a", "b", "c"]) outbox.add(say(text));
  assert.deepEqual(sent(outbox), [1, 2, 3]);
  assert.deepEqual(sent(outbox), []);
  assert.equal(outbox.take(2)?.waited, false);
  outbox.rewind();
  outbox.add(say("d"), true);
  assert.deepEqual(sent(outbox), [1, 3, 4]);
  assert.equal(outbox.take(2), undefined);
  assert.equal(outbox.take(1)?.waited, true);
  assert.deepEqual(outbox.all().map(({ ref }) => ref), [3, 4]);
  assert.equal(outbox.add(say("e")).ref, 5); // never one that was used
});

Deno.test("Outbox.next() keeps to a window of messages and of text, except for all", () => {
  const many = new Outbox();
  for (let i = 0; i < MAX_ON_THE_WAY + 10; i++) many.add(say("x"));
  assert.equal(sent(many).length, MAX_ON_THE_WAY);
  many.take(1);
  many.take(2);
  assert.deepEqual(sent(many), [MAX_ON_THE_WAY + 1, MAX_ON_THE_WAY + 2]);
  const long = new Outbox();
  for (let i = 0; i < 10; i++) long.add(say("x".repeat(8192)));
  assert.deepEqual(sent(long), [1, 2, 3, 4]);
  long.rewind();
  assert.deepEqual(sent(long), [1, 2, 3, 4]);
  long.take(1);
  assert.deepEqual(sent(long), [5]);
  assert.deepEqual(sent(long, true), [6, 7, 8, 9, 10]);
});

Deno.test("Outbox.takeDoubtful() takes the messages that may have arrived, and nothing else", () => {
  const outbox = new Outbox();
  outbox.add(say("a"));
  outbox.add({ verb: "who" });
  sent(outbox);
  outbox.rewind();
  outbox.add(say("b"), true);
  assert.deepEqual(outbox.takeDoubtful().map(({ ref }) => ref), [1]);
  assert.deepEqual(sent(outbox), [2, 3]);
});

Deno.test("Outbox.fewerThan() waits for answers, and gives up after silence", async () => {
  const outbox = new Outbox();
  outbox.add(say("a"));
  outbox.add(say("b"));
  const waiting = outbox.fewerThan(1, Infinity);
  outbox.takeOldest();
  outbox.take(2);
  assert.equal(await waiting, true);
  outbox.add(say("c"));
  assert.equal(await outbox.fewerThan(1, 1), false);
  const given = outbox.fewerThan(1, Infinity);
  outbox.giveUp();
  assert.equal(await given, false);
  assert.deepEqual(outbox.clear().map(({ ref }) => ref), [3]);
  assert.equal(await outbox.fewerThan(1, Infinity), true);
});
