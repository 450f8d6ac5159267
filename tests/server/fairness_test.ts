// No client waits for one that sends much: counted in turns of the event loop and in messages,
// which hold on any machine.

import { assert, assertStrictEquals } from "@std/assert";
import { allSent, countingServer, messages } from "./counting_server.ts";
import { turn, until } from "../until.ts";

const READERS = 50;

/** The index of a message from `name` among the lines of `text`, or -1. */
function placeOf(name: string, text: string | undefined): number {
  return (text ?? "").split("\n").findIndex((line) => line.startsWith(`MSG ${name} `));
}

/**
 * Turns in which the first of several messages waits for the others, and the one in which it is
 * sent.
 */
const TURNS = 9;

Deno.test("While one floods, a quiet client's message is sent within a few turns, after little of the flood", async () => {
  const { hall, sockets: [reader], sender: flooder } = await countingServer(READERS);
  assert(reader);
  const quiet = hall.join("USER bea\n");
  await allSent(READERS);
  const { messageBurst, requestsPerTurn } = hall.server.limits;
  flooder.send(messages(2 * messageBurst));
  reader.text = "";
  let flooded = 0;
  for (let sent = 0; flooded < messageBurst / 2; sent++) {
    assert(sent < messageBurst, "the flood goes on");
    quiet.send(`MSG ${sent}\n`);
    let turns = 0;
    for (; placeOf("bea", reader.text) === -1 && turns <= TURNS; turns++) await turn();
    const ahead = placeOf("bea", reader.text);
    assert(turns <= TURNS, `message ${sent} had to wait for ${turns} turns`);
    assert(ahead <= turns * requestsPerTurn, `message ${sent} came behind ${ahead} others`);
    flooded += reader.text.split("\n").filter((line) => line.startsWith("MSG ana ")).length;
    reader.text = "";
  }
  hall.close();
});

Deno.test("However many flood, a quiet client waits for one turn of each", async () => {
  const floods = 20;
  const { hall, sockets: [reader] } = await countingServer(READERS);
  assert(reader);
  const flooders = Array.from({ length: floods }, (_, at) => hall.join(`USER flood${at}\n`));
  const quiet = hall.join("USER bea\n");
  await allSent(READERS);
  reader.text = "";
  for (const flooder of flooders) flooder.send(messages(1_000));
  quiet.send("MSG hush\n");
  const { requestsPerTurn } = hall.server.limits;
  await until(() => placeOf("bea", reader.text) !== -1, "the quiet client's message");
  assert(placeOf("bea", reader.text) <= floods * requestsPerTurn);
  hall.close();
});

Deno.test("A request costs the same however much others say meanwhile", async () => {
  const { hall, sender } = await countingServer(2);
  const others = [sender, hall.join("USER carl\n"), hall.join("USER dora\n")];
  const asker = hall.join('{"type":"hello","name":"bea"}\n');
  await turn();
  asker.text = "";
  const { messageBurst } = hall.server.limits;
  const asked = messageBurst / 2;
  const line = `MSG ${"long ".repeat(800)}\n`;
  for (let round = 0; round < asked; round++) {
    for (const other of others) other.send(line);
    asker.send('{"type":"ping"}\n');
    await turn();
  }
  for (let turns = 0; turns < TURNS; turns++) await turn();
  assertStrictEquals(asker.text.split('"pong"').length - 1, asked, "and is never held up for it");
  hall.close();
});
