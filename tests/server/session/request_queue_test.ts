import { assertEquals, assertStrictEquals } from "@std/assert";
import { type RequestHandler, RequestQueue } from "../../../server/session/request_queue.ts";

/** Carries out numbers, each of which costs `cost`. */
class Peer implements RequestHandler<number> {
  isCongested = false;
  isTurnOver = false;
  cost = 1;
  readonly done: number[] = [];
  readonly limits = { messageBurst: 10, messageRate: 4, requestsPerTurn: 8 };
  readonly pace = new RequestQueue<number>(this.limits, this);
  #turn = 0;

  perform(request: number): number {
    this.done.push(request);
    return this.cost;
  }

  takeAll(count: number, now: number): void {
    this.pace.begin(now, this.#turn++);
    for (let number = 0; number < count; number++) this.pace.take(number);
  }

  goOn(now: number): void {
    this.pace.begin(now, this.#turn++);
    this.pace.runQueued();
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

Deno.test("RequestQueue carries out a burst in a turn, then a rate per second, in order, and drops none", () => {
  const peer = new Peer();
  peer.takeAll(20, 0);
  assertEquals(peer.done, numbers(8), "a turn's worth");
  assertStrictEquals(peer.pace.waitMs(0), 0, "the next turn will do");
  peer.goOn(0);
  assertEquals(peer.done, numbers(10), "the burst");
  let now = 0;
  while (peer.pace.hasQueued) {
    const wait = peer.pace.waitMs(now);
    assertStrictEquals(wait, 250);
    peer.goOn(now + wait - 1);
    assertStrictEquals(peer.pace.waitMs(now + wait - 1), 1, "not a moment too early");
    now += wait;
    peer.goOn(now);
  }
  assertEquals(peer.done, numbers(20));
  assertStrictEquals(now, 2_500);
});

Deno.test("RequestQueue.take() queues whatever follows a queued request", () => {
  const peer = new Peer();
  peer.takeAll(12, 0);
  peer.pace.begin(0, 100);
  peer.pace.take(12);
  assertEquals(peer.done, numbers(8), "the new turn does not let it pass the others");
  peer.goOn(10_000);
  assertEquals(peer.done, numbers(13).slice(0, 13).filter((one) => peer.done.includes(one)));
  peer.goOn(10_000);
  assertEquals(peer.done, numbers(13));
});

Deno.test("RequestQueue carries out fewer of what is expensive, in a turn and in a second", () => {
  const peer = new Peer();
  peer.cost = 4;
  peer.takeAll(5, 0);
  assertStrictEquals(peer.done.length, 2, "8 a turn");
  peer.goOn(0);
  assertStrictEquals(peer.done.length, 3, "the last of a burst of 10 may overdraw it");
  assertStrictEquals(peer.pace.waitMs(0), 750);
});

Deno.test("RequestQueue carries out no request while its peer is congested", () => {
  const peer = new Peer();
  peer.isCongested = true;
  peer.takeAll(3, 0);
  peer.goOn(60_000);
  assertEquals(peer.done, []);
  peer.isCongested = false;
  peer.goOn(60_000);
  assertEquals(peer.done, [0, 1, 2]);
});

Deno.test("RequestQueue lets the quiet speak also when the others have used up the turn", () => {
  const peer = new Peer();
  peer.isTurnOver = true;
  peer.takeAll(3, 0);
  assertEquals(peer.done, [0], "one, if it has said nothing for long");
  peer.goOn(0);
  assertEquals(peer.done, [0]);
  peer.isTurnOver = false;
  peer.goOn(0);
  assertEquals(peer.done, [0, 1, 2]);
});

Deno.test("RequestQueue goes by what the limits are now", () => {
  const peer = new Peer();
  peer.takeAll(20, 0);
  peer.goOn(0);
  assertStrictEquals(peer.done.length, 10);
  Object.assign(peer.limits, { messageRate: 1_000, requestsPerTurn: 100 });
  peer.goOn(2_000);
  assertStrictEquals(peer.done.length, 20);
});

Deno.test("RequestQueue.isFresh() once nothing waits and all is given back", () => {
  const peer = new Peer();
  assertStrictEquals(peer.pace.isIdle(0), true);
  peer.takeAll(12, 0); // 8 in this turn, 4 wait
  assertStrictEquals(peer.pace.isIdle(1_000_000), false, "whoever waits is not forgotten");
  peer.goOn(1);
  peer.goOn(1_000_000);
  assertStrictEquals(peer.pace.isIdle(1_000_000), false);
  assertStrictEquals(peer.pace.isIdle(1_003_000), true);
});

Deno.test("RequestQueue allows no more in a turn when its peer gets there twice", () => {
  const peer = new Peer();
  const come = (turn: number) => {
    peer.pace.begin(0, turn);
    peer.pace.runQueued();
    for (let number = 0; number < 5; number++) peer.pace.take(number);
    return peer.done.length;
  };
  assertStrictEquals(come(7), 5);
  assertStrictEquals(come(7), 8, "what a turn allows, in two parts");
  assertStrictEquals(come(7), 8);
  assertStrictEquals(come(8), 10, "the rest of the burst");
});
