// A full server: many readers, some senders, and no message is lost.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startProgram, startServer } from "../harness.ts";

const IDLE = 1_000;
const TALKERS = 10;
const MESSAGES = 30;
/** Far more than it takes: a busy machine must not fail the test. */
const PATIENCE_MS = 60_000;

const LOCAL = ["--port", "0", "--host", "127.0.0.1"];

function named(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${what}${at}`);
}

Deno.test("1,000 idle clients and 10 talking ones: no message is lost or reordered", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using witness = await TestClient.native(server, "witness");
  await using crowd = new AsyncDisposableStack();
  const talkers = await TestClient.crowd(server, named("talker", TALKERS), witness);
  const idle = await TestClient.crowd(server, named("idle", IDLE), witness);
  for (const client of [...talkers, ...idle]) crowd.use(client);

  await Promise.all(talkers.map(async (talker, at) => {
    for (let number = 0; number < MESSAGES; number++) {
      await talker.send(`MSG ${number}\n`);
      // The others send in between: the next line need not be the own message.
      await talker.lines.match(
        new RegExp(`^MSG talker${(at + 1) % TALKERS} ${number}$`),
        PATIENCE_MS,
      );
    }
  }));
  await witness.request({ type: "say", text: "the end" });

  const orders = await Promise.all(idle.map(async (client) => {
    await client.lines.match(/^MSG witness the end$/, PATIENCE_MS);
    return client.lines.seen.filter((line) => line.startsWith("MSG talker"));
  }));
  const [first = []] = orders;
  assertStrictEquals(first.length, TALKERS * MESSAGES);
  for (const order of orders) assertEquals(order, first);
  for (let at = 0; at < TALKERS; at++) {
    const numbers = first.filter((line) => line.startsWith(`MSG talker${at} `))
      .map((line) => Number(line.split(" ")[2]));
    assertEquals(numbers, [...Array(MESSAGES).keys()]);
  }
});

Deno.test("a flood from one client loses no line and disconnects no client, connect in a pipe included", async () => {
  using world = makeWorld();
  // No rate limit; tests/faults/floods_test.ts is about that.
  await using server = await startServer(world, [...LOCAL, "--limit", "message-rate=1000000/s"]);
  await using witness = await TestClient.native(server, "witness");
  await using crowd = new AsyncDisposableStack();
  const readers = await TestClient.crowd(server, named("reader", 200), witness);
  for (const reader of readers) crowd.use(reader);
  const pipe = startProgram(world, ["connect", "127.0.0.1", String(server.port), "pipe"]);
  crowd.use(pipe);
  await witness.sees("pipe");
  const [writer] = await TestClient.crowd(server, ["writer"], witness);
  assert(writer);
  crowd.use(writer);

  const count = 20_000;
  let text = "";
  for (let number = 0; number < count; number++) text += `MSG line ${number}\n`;
  await writer.send(text);
  const last = new RegExp(`line ${count - 1}$`);
  await Promise.all(
    [...readers, pipe].map((reader) =>
      ("lines" in reader ? reader.lines : reader.stdout).match(last, PATIENCE_MS)
    ),
  );
  for (const reader of readers) {
    const lines = reader.lines.seen.filter((line) => line.startsWith("MSG writer"));
    assertStrictEquals(lines.length, count);
  }
  assertStrictEquals(pipe.stdout.seen.length, count);
});
