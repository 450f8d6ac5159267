// While one client floods within its limits, a quiet client's message still arrives soon, on the
// real server. tests/server/fairness_test.ts counts the turns and messages that "soon" means.

import { assert } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";

const READERS = 20;
const TRIES = 15;

/** Longest median for a quiet client's message, in milliseconds. */
const SOON_MS = 50;

/** On a busy machine: longest median as a multiple of that of an idle server. */
const TIMES_IDLE = 5;

/** The median time from writing a message until a reader has it. */
async function medianMs(quiet: TestClient, reader: TestClient, what: string): Promise<number> {
  const times: number[] = [];
  for (let number = 0; number < TRIES; number++) {
    const sent = performance.now();
    await quiet.send(`MSG ${what} ${number}\n`);
    await reader.lines.match(new RegExp(`^MSG quiet ${what} ${number}$`));
    times.push(performance.now() - sent);
  }
  return times.sort((a, b) => a - b)[TRIES >> 1] ?? Infinity;
}

Deno.test("while one floods as fast as it may, a quiet client's message comes within 50 ms", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using witness = await TestClient.native(server, "witness");
  await using crowd = new AsyncDisposableStack();
  const names = Array.from({ length: READERS }, (_, at) => `reader${at}`);
  const [flooder, quiet, reader, ...others] = await TestClient.crowd(
    server,
    ["flooder", "quiet", ...names],
    witness,
  );
  assert(flooder && quiet && reader);
  for (const client of [flooder, quiet, reader, ...others]) crowd.use(client);
  const idle = await medianMs(quiet, reader, "idle");
  const flood = Array.from({ length: 1_000 }, (_, at) => `MSG flood ${at}\n`).join("");
  const flooding = flooder.send(flood);
  await reader.lines.match(/^MSG flooder flood 0$/);
  const busy = await medianMs(quiet, reader, "busy");
  await flooding;
  const most = Math.max(SOON_MS, TIMES_IDLE * idle);
  assert(busy <= most, `${busy.toFixed(1)} ms, idle ${idle.toFixed(1)} ms`);
});
