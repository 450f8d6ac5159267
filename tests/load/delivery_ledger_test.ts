import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { DeliveryLedger } from "../../load/delivery_ledger.ts";

function ledger(hearsItself = false): DeliveryLedger {
  const made = new DeliveryLedger({ receivers: 3, senders: 2, hearsItself });
  made.sent.set([10, 10]);
  return made;
}

/** Client 2 receives `numbers` from client 0; returns how many each settled. */
function receive(books: DeliveryLedger, ...numbers: number[]): number[] {
  return numbers.map((number) => books.receive(2, 0, number));
}

const NONE = { lost: 0, duplicated: 0, reordered: 0, torn: 0 };

/** All other clients receive everything. */
function receiveTheRest(books: DeliveryLedger): void {
  for (let receiver = 0; receiver < books.receivers; receiver++) {
    for (let sender = 0; sender < books.senders; sender++) {
      if (!books.expects(receiver, sender)) continue;
      for (let n = books.due(receiver, sender); n < 10; n++) books.receive(receiver, sender, n);
    }
  }
}

Deno.test("DeliveryLedger.receive() finds no fault in an unbroken order", () => {
  const books = ledger();
  assertEquals(receive(books, 0, 1, 2, 3), [1, 1, 1, 1]);
  receiveTheRest(books);
  books.finish();
  assertEquals(books.counts, NONE);
  assertEquals(books.firstFaults, []);
  assertStrictEquals(books.deliveries, 40);
});

Deno.test("DeliveryLedger.receive() finds a gap, and settles what it skips", () => {
  const books = ledger();
  assertEquals(receive(books, 0, 3), [1, 3]);
  assertEquals(books.counts, { ...NONE, lost: 2 });
  assertEquals(books.firstFaults, [
    { kind: "lost", receiver: 2, sender: 0, expected: 1, received: 3 },
  ]);
});

Deno.test("DeliveryLedger.receive() distinguishes a late message from a repeated one", () => {
  const books = ledger();
  assertEquals(receive(books, 0, 2, 1, 1, 3), [1, 2, 0, 0, 1]);
  assertEquals(books.counts, { ...NONE, duplicated: 1, reordered: 1 });
  assertEquals(books.firstFaults, [
    { kind: "duplicated", receiver: 2, sender: 0, expected: 3, received: 1 },
    { kind: "reordered", receiver: 2, sender: 0, expected: 3, received: 1 },
  ]);
});

Deno.test("DeliveryLedger.firstFaults names a message that is really lost, not one that was late", () => {
  const books = ledger();
  receive(books, 0, 2, 1, 5, 4);
  receiveTheRest(books);
  books.finish();
  assertEquals(books.counts, { ...NONE, lost: 1, reordered: 2 });
  const lost = books.firstFaults.find(({ kind }) => kind === "lost");
  assertEquals(lost, {
    kind: "lost",
    receiver: 2,
    sender: 0,
    expected: 3,
    received: undefined,
  });
});

Deno.test("DeliveryLedger.tear() counts a damaged message once", () => {
  const books = ledger();
  assertStrictEquals(books.tear(2, 0, 0, "MSG a ~"), 1);
  assertStrictEquals(books.tear(2, -1, -1, "~~"), 0);
  assertEquals(receive(books, 1), [1]);
  receiveTheRest(books);
  books.finish();
  assertEquals(books.counts, { ...NONE, torn: 2 });
  assertEquals(books.firstFaults, [
    { kind: "torn", receiver: 2, sender: 0, expected: 0, received: "MSG a ~" },
  ]);
});

Deno.test("DeliveryLedger.finish() finds what never arrived, but not at disconnected receivers", () => {
  const books = ledger();
  receive(books, 0, 1, 2, 3, 4, 5, 6);
  books.drop(1); // it neither receives nor sends more
  for (let number = 0; number < 10; number++) books.receive(0, 1, number);
  books.finish();
  assertEquals(books.counts, { ...NONE, lost: 3 });
  assertEquals(books.firstFaults, [
    { kind: "lost", receiver: 2, sender: 0, expected: 7, received: undefined },
  ]);
});

Deno.test("DeliveryLedger expects own messages only if senders receive them", () => {
  const deaf = ledger(false);
  assertStrictEquals(deaf.expects(0, 0), false);
  assertStrictEquals(deaf.audience(0), 2);
  assertStrictEquals(deaf.receive(0, 0, 0), 0);
  assertEquals(deaf.counts, NONE);
  assertStrictEquals(deaf.ownReceived, 1);
  const hearing = ledger(true);
  assertStrictEquals(hearing.audience(0), 3);
  assertStrictEquals(hearing.receive(0, 0, 1), 2);
  assertEquals(hearing.counts, { ...NONE, lost: 1 });
});

Deno.test("DeliveryLedger.audience() shrinks with those who go", () => {
  const books = ledger();
  books.drop(2);
  books.drop(2);
  assertEquals([books.connected, books.audience(0), books.audience(1)], [2, 1, 1]);
  books.drop(0);
  assertEquals([books.connected, books.audience(0), books.audience(1)], [1, 1, 0]);
});

Deno.test("DeliveryLedger counts exactly what was left out, doubled and moved", () => {
  const actions = fc.array(fc.constantFrom("keep", "drop", "double", "swap"), { maxLength: 40 });
  fc.assert(fc.property(actions, (plan) => {
    const books = new DeliveryLedger({ receivers: 2, senders: 1, hearsItself: false });
    const expected = { ...NONE };
    const came: number[] = [];
    let number = 0;
    for (const action of plan) {
      const [first, second] = [number, number + 1];
      number += action === "swap" ? 2 : 1;
      if (action === "drop") expected.lost++;
      else if (action === "keep") came.push(first);
      else if (action === "double") came.push(first, first), expected.duplicated++;
      else came.push(second, first), expected.reordered++;
    }
    books.sent[0] = number;
    for (const one of came) books.receive(1, 0, one);
    books.finish();
    assertEquals(books.counts, expected);
  }));
});
