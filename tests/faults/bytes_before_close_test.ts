// F2, R26: a client that sends and half-closes in one packet is answered like any other, even if
// its message waits for the end of the turn to be stored.

import { assertEquals, assertMatch } from "@std/assert";
import { Server } from "../../server/server.ts";
import type { Store } from "../../server/store/store.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { FuzzConnection, untilIdle } from "../fuzz/fuzz_connection.ts";
import { DataDirectory } from "../server/history/history_fixture.ts";
import { DIALECT_PHRASES, type DialectPhrases } from "../dialect_phrases.ts";

/**
 * All that a client receives that sends and half-closes in one packet, and what another receives.
 */
async function lastWords(
  book: DialectPhrases,
  store?: Store,
): Promise<{ own: string; ear: string }> {
  const clock = new FakeClock();
  const server = new Server({ clock, store });
  const tally = { count: 0 };
  const newcomer = () => new FuzzConnection(server, { kind: "tcp", notices: true }, tally);
  const [ear, seat] = [newcomer(), newcomer()];
  ear.socket.send('{"type":"hello","name":"ear"}\n');
  seat.socket.send(book.hello("ann"));
  await untilIdle(server, tally);
  for (const text of ["one", "two", "three"]) seat.socket.send(book.say(text));
  seat.socket.end();
  await untilIdle(server, tally);
  const reported = {
    own: seat.socket.text.replace(/"session":"[^"]*"/, ""),
    ear: ear.socket.text.replace(/"session":"[^"]*"/, ""),
  };
  ear.socket.end();
  await untilIdle(server, tally);
  clock.advance(60_000);
  return reported;
}

for (const book of DIALECT_PHRASES) {
  Deno.test(`F2: a last line and the end in one packet are answered in ${book.dialect}, stored or not`, async () => {
    using data = new DataDirectory();
    const inMemory = await lastWords(book);
    assertMatch(inMemory.ear, /three[^]*"left"/);
    assertEquals(await lastWords(book, data.open()), inMemory);
  });
}
