// F1: the answers do not depend on how the bytes are cut into reads.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Connection } from "../../server/net/connection.ts";
import { Flusher } from "../../server/net/flusher.ts";
import { Server } from "../../server/server.ts";
import { Session } from "../../server/session/session.ts";
import { FakeClock, FakeSocket } from "../fake_clock_and_socket.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { SCRIPTS } from "./dialect_sessions.ts";
import { TurnBudget } from "../../server/session/turn_budget.ts";

/** The answers of a session to those reads, on its own server with a clock that stands still. */
async function transcript(reads: readonly Uint8Array[]): Promise<string> {
  const clock = new FakeClock();
  const { chat, fanout, limits, rounds } = new Server({ clock });
  const socket = new FakeSocket();
  const faults: unknown[] = [];
  const connection = new Connection(socket, {
    clock,
    limits,
    flusher: new Flusher(limits.writesPerTurn.system),
    onFault: (fault) => faults.push(fault),
  });
  const session = new Session(connection, {
    turn: new TurnBudget(Infinity, () => {}),
    chat,
    delivery: fanout,
    clock,
    limits,
    texts: EN,
    listener: { at: { kind: "tcp", host: "127.0.0.1", port: 1 }, notices: true },
    rounds,
  }, { address: "127.0.0.1", refusal: undefined });
  for (const read of reads) socket.send(read);
  socket.end();
  const reason = await new Promise((resolve) => session.run((_session, why) => resolve(why)));
  assertEquals(faults, []);
  return socket.text.replace(/"session":"[^"]*"/, '"session":""') + reason;
}

function oneByOne(whole: Uint8Array): Uint8Array[] {
  return [...whole].map((byte) => Uint8Array.of(byte));
}

for (const [dialect, script] of Object.entries(SCRIPTS)) {
  const whole = concatBytes(...script);

  Deno.test(`F1: ${dialect} answers the same wherever its bytes are cut in two`, async () => {
    const expected = await transcript([whole]);
    assert(expected.length > whole.length / 2, expected);
    for (let at = 1; at < whole.length; at++) {
      const got = await transcript([whole.subarray(0, at), whole.subarray(at)]);
      assertStrictEquals(got, expected, `cut at byte ${at}`);
    }
  });

  Deno.test(`F1: ${dialect} answers the same to one byte a read`, async () => {
    assertStrictEquals(await transcript(oneByOne(whole)), await transcript([whole]));
  });
}

for (const { dialect, hello, say } of DIALECT_PHRASES) {
  Deno.test(`F1: ${dialect} gets through in writes of one byte`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const slow = await fixture.connect(dialect);
    for (const byte of concatBytes(hello("drip"), say("drop 🐟"), say("end"))) {
      await slow.send(Uint8Array.of(byte));
    }
    await witness.match(/"end"/);
    assertEquals(witness.seen.flatMap((line) => witness.book.message(line) ?? []), [
      { from: "drip", text: "drop 🐟" },
      { from: "drip", text: "end" },
    ]);
    await fixture.canary();
  });
}
