import { assertEquals, assertStrictEquals } from "@std/assert";
import { ConnectionFixture } from "./connection_fixture.ts";
import { turn, until } from "../../until.ts";

/** A connection whose requests are queued for 500 ms. */
async function heldBack(): Promise<ConnectionFixture> {
  const rig = new ConnectionFixture();
  rig.onEachChunk = () => rig.hasQueuedRequests = true;
  rig.waitMs = 500;
  rig.socket.send("too much");
  await until(() => rig.chunks.length === 1, "the first chunk");
  return rig;
}

Deno.test("Connection does not receive while requests wait for their time, then resumes", async () => {
  const rig = await heldBack();
  rig.socket.send("more");
  rig.clock.advance(499);
  await turn();
  assertEquals([rig.chunks.length, rig.resumes, rig.socket.isReading], [1, 0, false]);
  rig.onEachResume = () => rig.hasQueuedRequests = false;
  rig.clock.advance(1);
  assertStrictEquals(rig.resumes, 1);
  await until(() => rig.chunks.length === 2, "the second chunk");
  await rig.finish("eof");
});

Deno.test("Connection waits again, by one timer, as long as requests do", async () => {
  const rig = await heldBack();
  for (let times = 1; times <= 3; times++) {
    rig.clock.advance(500);
    assertStrictEquals(rig.resumes, times);
    assertStrictEquals(rig.clock.pending, 1);
  }
  await rig.finish("eof");
});

Deno.test("Connection is not woken early because its peer has read everything", async () => {
  const rig = await heldBack();
  rig.push("an answer");
  await until(() => rig.socket.text === "an answer", "the answer");
  await turn();
  assertStrictEquals(rig.resumes, 0);
  await rig.finish("eof");
});

Deno.test("Connection reads a peer that half-closed to its end, at its pace", async () => {
  const rig = await heldBack();
  rig.socket.send("the last of it");
  rig.socket.end();
  rig.onEachResume = () => rig.hasQueuedRequests = false;
  rig.clock.advance(500);
  await until(() => rig.chunks.length === 2, "the rest");
  assertStrictEquals(rig.ends, 0, "its end is not even read yet");
  rig.hasQueuedRequests = true;
  rig.clock.advance(500);
  assertStrictEquals(await rig.result, "eof");
  assertStrictEquals(rig.ends, 1);
  await rig.finish("eof");
});

/** The same, whose client has vanished, as a write has shown. */
async function vanished(): Promise<ConnectionFixture> {
  const rig = await heldBack();
  rig.socket.failWrites();
  rig.push("nobody takes this");
  await turn();
  return rig;
}

Deno.test("Connection passes on what a peer sent before it vanished, at its pace (F24)", async () => {
  const rig = await vanished();
  rig.clock.advance(rig.limits.flushMs - 1_000);
  assertEquals(rig.ended, []);
  rig.onEachResume = () => rig.hasQueuedRequests = false;
  rig.onEachChunk = () => {};
  rig.socket.send("its last words");
  rig.socket.reset();
  rig.clock.advance(500);
  assertStrictEquals(await rig.result, "reset");
  assertEquals(rig.chunks, ["too much", "its last words"]);
  await rig.finish("reset");
});

Deno.test("Connection does not wait longer for a peer that vanished than for one that closes", async () => {
  const rig = await vanished();
  rig.socket.send("never heard");
  for (let at = 0; at < rig.limits.flushMs - 500; at += 500) rig.clock.advance(500);
  assertEquals(rig.ended, []);
  rig.clock.advance(500);
  assertStrictEquals(await rig.result, "reset");
  assertEquals(rig.chunks, ["too much"]);
  await rig.finish("reset");
});

Deno.test("Connection.close() ends one immediately whose peer vanished while it waited for its time", async () => {
  const rig = await vanished();
  rig.socket.closeWriteError = new Deno.errors.NotConnected("the peer is gone");
  rig.connection.close("kicked");
  assertStrictEquals(await rig.result, "kicked");
  await rig.finish("kicked");
});

for (const end of ["close", "destroy"] as const) {
  Deno.test(`Connection.${end}() wakes one that waits for its time, and leaves no timer`, async () => {
    const rig = await heldBack();
    rig.connection[end]("kicked");
    await turn();
    if (end === "close") {
      assertStrictEquals(rig.socket.isReading, true, "the peer's end is waited for");
      rig.socket.end();
    }
    assertStrictEquals(await rig.result, "kicked");
    assertStrictEquals(rig.resumes, 0);
    await rig.finish("kicked");
  });
}
