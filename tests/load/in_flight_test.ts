import { assertEquals, assertStrictEquals } from "@std/assert";
import { InFlight } from "../../load/in_flight.ts";
import { DeliveryLedger } from "../../load/delivery_ledger.ts";

/** One sender, three receivers, a window of 2. */
function setUp() {
  const ledger = new DeliveryLedger({ receivers: 4, senders: 1, hearsItself: false });
  const done: number[] = [];
  const flight = new InFlight({ ledger, window: 2, onDone: (sender) => done.push(sender) });
  const receive = (receiver: number, number: number, now: number) =>
    flight.received(0, number, { settled: ledger.receive(receiver, 0, number), now });
  return { ledger, flight, done, receive };
}

Deno.test("InFlight.freeSlots() grows when every receiver has the oldest message", () => {
  const { flight, done, receive } = setUp();
  assertStrictEquals(flight.send(0, 3, 100), 0);
  assertStrictEquals(flight.send(0, 3, 100), 1);
  assertStrictEquals(flight.freeSlots(0), 0);
  receive(1, 0, 101);
  receive(2, 0, 102);
  receive(2, 1, 102);
  receive(1, 1, 102);
  assertStrictEquals(flight.freeSlots(0), 0);
  assertStrictEquals(flight.outstanding, 2);
  receive(3, 0, 105);
  assertEquals(done, [0]);
  assertStrictEquals(flight.freeSlots(0), 1);
  receive(3, 1, 106);
  assertStrictEquals(flight.unanswered, 0);
  assertStrictEquals(flight.completed, 2);
});

Deno.test("InFlight measures each receipt and the last one, in microseconds", () => {
  const { flight, receive } = setUp();
  flight.send(0, 3, 100);
  receive(1, 0, 101);
  receive(2, 0, 102);
  receive(3, 0, 104);
  assertEquals([flight.toEach.count, flight.toEach.min, flight.toEach.max], [3, 1000, 4000]);
  assertEquals([flight.toLast.count, flight.toLast.max], [1, 4000]);
  assertStrictEquals(flight.progressAt, 104);
});

Deno.test("InFlight.received() does not wait for what was skipped", () => {
  const { flight, receive } = setUp();
  flight.send(0, 3, 100);
  flight.send(0, 3, 100);
  receive(1, 1, 101);
  receive(2, 1, 101);
  receive(3, 1, 101);
  assertStrictEquals(flight.unanswered, 0);
  assertStrictEquals(flight.toEach.count, 3);
});

Deno.test("InFlight.dropReceiver() does not wait for a disconnected receiver", () => {
  const { flight, ledger, receive } = setUp();
  flight.send(0, 3, 100);
  receive(1, 0, 101);
  receive(2, 0, 101);
  flight.dropReceiver(0, ledger.due(3, 0), 102);
  assertStrictEquals(flight.unanswered, 0);
});

Deno.test("InFlight.dropSender() gives up what is under way, and still measures it if it comes", () => {
  const { flight, receive, done } = setUp();
  flight.send(0, 3, 100);
  flight.dropSender(0);
  assertStrictEquals(flight.freeSlots(0), 2);
  receive(1, 0, 900);
  assertEquals([flight.toEach.count, flight.toEach.max], [1, 800_000]);
  assertEquals([flight.completed, flight.unanswered, done.length], [0, 0, 0]);
});
