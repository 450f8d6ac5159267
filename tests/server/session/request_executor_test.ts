import { assertEquals, assertStrictEquals } from "@std/assert";
import { failure } from "../../../protocol/failures.ts";
import type { Request } from "../../../protocol/requests.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import {
  type Requester,
  RequestExecutor,
  type RequestSource,
} from "../../../server/session/request_executor.ts";
import { RoundLimit } from "../../../server/round_limit.ts";
import { TurnBudget } from "../../../server/session/turn_budget.ts";
import { ChatFixture, type TestMember } from "../chat/chat_fixture.ts";

/** A connection of which only its state counts. */
class Source implements RequestSource {
  isOpen = true;
  isCongested = false;
  queuedBytes = 0;
  /** How often it was resumed. */
  resumed = 0;

  continueReading(): void {
    this.resumed++;
  }
}

/** A member whose requests go through an executor. */
class Rig implements Requester {
  readonly room = new ChatFixture();
  readonly person: TestMember = this.room.join("ana", { echo: true });
  readonly source = new Source();
  readonly performed: string[] = [];
  /** Verbs that need the server's password. */
  withheld: readonly string[] = [];
  member: Requester["member"] = this.person.member;
  readonly executor: RequestExecutor;
  readonly turn = new TurnBudget(Infinity, (begin) => this.#begin = begin);
  #begin: (() => void) | undefined;

  constructor(limits: Partial<typeof DEFAULT_LIMITS> = {}) {
    const { clock, chat } = this.room;
    this.executor = new RequestExecutor(this, this.source, {
      chat,
      clock,
      delivery: chat.delivery,
      limits: { ...DEFAULT_LIMITS, ...limits },
      rounds: new RoundLimit(undefined, () => {}),
      turn: this.turn,
    });
  }

  withholds({ verb }: Request): boolean {
    return this.withheld.includes(verb);
  }

  onPerformed({ verb }: Request): void {
    this.performed.push(verb);
  }

  takeAll(...requests: readonly Request[]): void {
    for (const request of requests) this.executor.take(request);
  }

  /** Another turn of the event loop, `ms` milliseconds later. */
  resume(ms = 0): void {
    this.room.clock.advance(ms);
    this.#begin?.();
    this.executor.resume();
  }
}

const PING: Request = { verb: "ping" };

/** The bytes 0 to `length - 1` (modulo 256) as a decoder's answer. */
function answer(length: number): Request & { verb: "answer" } {
  return { verb: "answer", bytes: Uint8Array.from({ length }, (_, at) => at) };
}

Deno.test("RequestExecutor sends a decoder's answers in order with all others", () => {
  const rig = new Rig();
  const order: string[] = [];
  const { delivery } = rig.room.chat;
  const toOne = delivery.toOne.bind(delivery);
  delivery.toOne = (peer, event) => {
    order.push(event.type);
    toOne(peer, event);
  };
  rig.takeAll(PING, answer(3), { verb: "say", text: "hi" }, answer(4), PING);
  assertEquals(order, ["pong", "answer", "message", "ack", "answer", "pong"]);
  assertEquals(rig.person.peer.answers, [answer(3).bytes, answer(4).bytes]);
});

Deno.test("RequestExecutor sends no answer while an earlier one is awaited", () => {
  const rig = new Rig();
  const goOn = rig.executor.wait();
  rig.takeAll(answer(1), PING);
  assertEquals(rig.performed, []);
  assertEquals([rig.executor.isBehind, rig.executor.waitMs], [true, Infinity]);
  assertStrictEquals(rig.executor.isFresh(Infinity), false);
  const other = rig.executor.wait();
  goOn();
  assertStrictEquals(rig.source.resumed, 0, "one more is awaited");
  other();
  assertStrictEquals(rig.source.resumed, 1);
  rig.resume();
  assertEquals(rig.performed, ["answer", "ping"]);
  assertStrictEquals(rig.executor.isBehind, false);
});

Deno.test("RequestExecutor takes a price for a decoder's answer: as for a ping, and more for a long one", () => {
  const count = (length: number): number => {
    const rig = new Rig({ messageBurst: 10, messageRate: 1, requestsPerTurn: 1_000 });
    rig.source.queuedBytes = 0;
    const { delivery } = rig.room.chat;
    delivery.toOne = (_, event) => {
      if (event.type === "answer") rig.source.queuedBytes += event.bytes.length;
    };
    for (let sent = 0; sent < 100; sent++) rig.takeAll(answer(length));
    return rig.performed.length;
  };
  assertStrictEquals(count(1), 46, "until less than one of ten messages is left, five for each");
  assertStrictEquals(count(8 * 1024), 5, "two messages' worth of bytes, and a fifth");
});

Deno.test("RequestExecutor resumes what it put off, in order, when it is time", () => {
  const rig = new Rig({ messageBurst: 2, messageRate: 2, requestsPerTurn: 1 });
  rig.takeAll(...["a", "b", "c", "d"].map((text) => ({ verb: "say", text } as const)));
  assertStrictEquals(rig.performed.length, 1);
  assertEquals([rig.executor.isBehind, rig.executor.waitMs], [true, 0]);
  rig.resume();
  assertStrictEquals(rig.performed.length, 2);
  assertStrictEquals(rig.executor.waitMs, 500);
  rig.resume(499);
  assertStrictEquals(rig.performed.length, 2);
  rig.resume(1);
  rig.resume(500);
  assertStrictEquals(rig.performed.length, 4);
  assertStrictEquals(rig.executor.isFresh(rig.room.clock.monotonic()), false);
  rig.room.clock.advance(1_000);
  assertStrictEquals(rig.executor.isFresh(rig.room.clock.monotonic()), true);
  const texts = rig.room.observed.flatMap((event) => event.type === "message" ? [event.text] : []);
  assertEquals(texts, ["a", "b", "c", "d"]);
});

Deno.test("RequestExecutor carries nothing out for a peer that may not ask, is closed or has no member", () => {
  const rig = new Rig();
  rig.withheld = ["who"];
  rig.takeAll({ verb: "who" });
  assertEquals(rig.performed, []);
  rig.source.isCongested = true;
  rig.takeAll(PING);
  assertStrictEquals(rig.executor.isBehind, true);
  rig.source.isCongested = false;
  rig.resume();
  assertEquals(rig.performed, ["ping"]);
  rig.source.isOpen = false;
  rig.takeAll(PING, {
    verb: "invalid",
    failure: failure("bad_request", () => "Not JSON"),
    fatal: false,
  });
  rig.source.isOpen = true;
  rig.member = undefined;
  rig.takeAll(PING);
  assertEquals(rig.performed, ["ping"]);
});
