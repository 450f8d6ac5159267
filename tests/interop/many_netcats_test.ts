// Sheet 004 tested as it asks for: with netcat, also under load.

import { assertEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";
import { type OutsideProgram, startOutside } from "./outside_program.ts";

const TALKERS = 30;
const MESSAGES = 200;
/** Far more than it takes: a busy machine must not fail the test. */
const PATIENCE_MS = 60_000;

Deno.test("thirty nc that all send at the same time get every line of the others, in order (R88, R100)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using witness = await TestClient.native(server, "witness");
  await using crowd = new AsyncDisposableStack();
  const talkers: OutsideProgram[] = [];
  for (let at = 0; at < TALKERS; at++) {
    const nc = crowd.use(startOutside("nc", ["127.0.0.1", String(server.port)]));
    await nc.type(`USER nc${at}\n`);
    await witness.lines.match(new RegExp(`"joined","name":"nc${at}"`));
    talkers.push(nc);
  }
  await Promise.all(talkers.map((nc) => {
    const lines = Array.from({ length: MESSAGES }, (_, number) => `MSG ${number}\n`);
    return nc.type(lines.join(""));
  }));
  let left = TALKERS * MESSAGES;
  while (left > 0) if (/"message"/.test(await witness.lines.next(PATIENCE_MS))) left--;
  await witness.request({ type: "say", text: "the end" });

  for (const [at, nc] of talkers.entries()) {
    await nc.stdout.match(/^MSG witness the end$/, PATIENCE_MS);
    for (let other = 0; other < TALKERS; other++) {
      const received = nc.stdout.seen.filter((line) => line.startsWith(`MSG nc${other} `))
        .map((line) => Number(line.split(" ")[2]));
      assertEquals(received, other === at ? [] : [...Array(MESSAGES).keys()]);
    }
  }
});
