// Fills the buffers between the server and a client that does not read: first the system's, whose
// size the test cannot set, then the server's own queue.

import { assert } from "@std/assert";
import type { Guest, ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const MESSAGE = "m".repeat(8_000);
/** More than any system's buffers hold: 64 MB. */
const MAX_ROUNDS = 1_000;
const MESSAGES_A_ROUND = 8;

/**
 * Sends private messages to that member, which never reads, until some stay in the server's queue
 * and no more of it is written. No other member gets any of them.
 */
export async function fillQueue(fixture: ServerFixture, name: string): Promise<void> {
  const sender = await fixture.join("plain", "stuffer");
  let rounds = 0;
  do {
    await fill(fixture, name, sender);
    assert(rounds++ < 20, `${name} reads after all`);
  } while (!await isStill(fixture, name));
  await sender.send("/quit\n");
  await sender.ended();
  await until(() => !fixture.isHere("stuffer"), "the stuffer was gone");
}

async function fill(fixture: ServerFixture, name: string, sender: Guest): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS && fixture.queuedFor(name) === 0; round++) {
    await sender.send(`@${name} ${MESSAGE}\n`.repeat(MESSAGES_A_ROUND));
    await sender.barrier();
  }
  assert(fixture.queuedFor(name) > 0, `the buffers of ${name} are endless, or ${name} is gone`);
}

/** Whether the queue is the same for some turns of the event loop, with other traffic between. */
async function isStill(fixture: ServerFixture, name: string): Promise<boolean> {
  const before = fixture.queuedFor(name);
  for (let turn = 0; turn < 5; turn++) await fixture.canary();
  return before > 0 && fixture.queuedFor(name) === before;
}
