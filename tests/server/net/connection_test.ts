import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import { ConnectionFixture } from "./connection_fixture.ts";
import { turn, until } from "../../until.ts";

Deno.test("Connection.run() hands over chunks in order", async () => {
  const rig = new ConnectionFixture();
  for (const text of ["one", "two", "three"]) rig.socket.send(text);
  await until(() => rig.chunks.length === 3, "three chunks");
  assertEquals(rig.chunks, ["one", "two", "three"]);
  await rig.finish("eof");
});

Deno.test("Connection.push() sends in order, one write at a time, what gathers meanwhile as one", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("a");
  await until(() => rig.socket.isWriting, "the first write");
  for (const text of ["b", "c", "d"]) rig.push(text);
  await turn();
  assertEquals(rig.socket.writeSizes, [1]);
  rig.socket.take();
  await until(() => rig.socket.text === "abcd", "all bytes");
  assertEquals(rig.socket.writeSizes, [1, 3]);
  assertStrictEquals(rig.connection.queuedBytes, 0);
  await rig.finish("eof");
});

Deno.test("Connection.flush() begins no second write while one is under way", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("ab");
  for (let times = 0; times < 3; times++) rig.connection.flush();
  await turn();
  assertEquals(rig.socket.writeSizes, [2]);
  rig.socket.take();
  await until(() => rig.connection.queuedBytes === 0, "the write");
  assertStrictEquals(rig.socket.text, "ab");
  await rig.finish("eof");
});

Deno.test("Connection.push() of one step leaves in one write", async () => {
  const rig = new ConnectionFixture();
  for (const text of ["a", "b", "c"]) rig.push(text);
  await until(() => rig.socket.text === "abc", "all bytes");
  assertEquals(rig.socket.writeSizes, [3]);
  await rig.finish("eof");
});

for (const perWrite of [1, 2, 3, 7]) {
  Deno.test(`Connection survives partial writes of ${perWrite} bytes`, async () => {
    const rig = new ConnectionFixture({ writeBytes: 5 });
    rig.socket.take(Infinity, perWrite);
    for (let at = 0; at < 10; at++) rig.push(`line ${at}\n`);
    const want = Array.from({ length: 10 }, (_, at) => `line ${at}\n`).join("");
    await until(() => rig.socket.text.length === want.length, "all bytes");
    assertStrictEquals(rig.socket.text, want);
    assert(rig.socket.writeSizes.every((size) => size <= 5));
    await rig.finish("eof");
  });
}

Deno.test("Connection.push() over the hard limit ends it as slow; another one loses nothing", async () => {
  const rig = new ConnectionFixture({ hardQueueBytes: 10 });
  const other = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("12345");
  rig.push("67890");
  assert(rig.connection.isOpen, "exactly the limit is allowed");
  rig.push("!");
  other.push("still here");
  assert(!rig.connection.isOpen);
  assertStrictEquals(rig.connection.queuedBytes, 0, "what was queued is let go");
  await until(() => other.socket.text === "still here", "the other's bytes");
  await rig.finish("slow");
  await other.finish("eof");
});

Deno.test("Connection.checkStalled() ends one that takes nothing for too long", async () => {
  const rig = new ConnectionFixture({ stalledMs: 1_000 });
  rig.socket.take(0);
  rig.clock.advance(60_000);
  rig.push("x");
  await until(() => rig.socket.isWriting, "the write");
  rig.connection.checkStalled(rig.clock.now());
  assert(rig.connection.isOpen, "the wait begins with the first byte, not before");
  rig.clock.advance(1_000);
  rig.push("y");
  rig.connection.checkStalled(rig.clock.now());
  assert(rig.connection.isOpen);
  rig.clock.advance(1);
  rig.connection.checkStalled(rig.clock.now());
  await rig.finish("slow");
});

Deno.test("Connection.checkStalled() spares one whose machine takes bytes while a write waits (A9)", async () => {
  const rig = new ConnectionFixture({ stalledMs: 1_000 });
  rig.socket.take(0);
  rig.push("abcdef");
  await until(() => rig.socket.isWriting, "the write");
  let untaken = 4_000_000;
  Object.assign(rig.socket, { untakenBytes: () => untaken });
  rig.connection.checkStalled(rig.clock.now());
  for (let second = 0; second < 20; second++) {
    rig.clock.advance(900);
    untaken -= 60_000;
    rig.connection.checkStalled(rig.clock.now());
    assert(rig.connection.isOpen, `dropped in second ${second}`);
  }
  rig.clock.advance(1_001);
  rig.connection.checkStalled(rig.clock.now());
  await rig.finish("slow");
});

Deno.test("Connection.checkStalled() spares one that reads slowly, and one with nothing to read", async () => {
  const rig = new ConnectionFixture({ stalledMs: 1_000 });
  rig.socket.take(0);
  rig.push("abcdef");
  await until(() => rig.socket.isWriting, "the write");
  for (let count = 1; count <= 6; count++) {
    rig.clock.advance(900);
    rig.socket.take(1);
    await until(() => rig.connection.queuedBytes === 6 - count, "one byte to leave");
    rig.connection.checkStalled(rig.clock.now());
    assert(rig.connection.isOpen);
  }
  rig.clock.advance(60_000);
  rig.connection.checkStalled(rig.clock.now());
  assert(rig.connection.isOpen, "nothing is queued");
  await rig.finish("eof");
});

Deno.test("Connection stops reading over the soft limit until the peer has caught up", async () => {
  const rig = new ConnectionFixture({ softQueueBytes: 10 });
  rig.socket.take(0);
  rig.onEachChunk = () => rig.push("0123456789!");
  rig.socket.send("ask");
  await until(() => rig.chunks.length === 1 && rig.socket.isWriting, "the answer");
  rig.socket.send("ask again");
  await turn();
  await turn();
  assertEquals(rig.chunks, ["ask"]);
  assert(!rig.socket.isReading);
  rig.socket.take(1);
  await until(() => rig.chunks.length === 2, "the next request");
  await rig.finish("eof");
});

Deno.test("Connection has what was put off resumed each time the peer has caught up", async () => {
  const rig = new ConnectionFixture({ softQueueBytes: 10 });
  rig.socket.take(0);
  rig.onEachChunk = () => rig.push("0123456789!");
  rig.onEachResume = () => rig.resumes < 3 && rig.push("0123456789!");
  rig.socket.send("ask");
  rig.socket.end();
  await until(() => rig.socket.isWriting, "the answer");
  assertStrictEquals(rig.resumes, 0);
  rig.socket.take(Infinity);
  assertStrictEquals(await rig.result, "eof");
  assertStrictEquals(rig.resumes, 3);
  assertStrictEquals(rig.ends, 1);
});

Deno.test("Connection gives the others a turn between what its handler puts off", async () => {
  const rig = new ConnectionFixture();
  const trail: string[] = [];
  let left = 3;
  rig.onEachChunk = (text) => {
    trail.push(text);
    rig.hasQueuedRequests = true;
  };
  rig.onEachResume = () => {
    trail.push("resumed");
    rig.hasQueuedRequests = --left > 0;
  };
  const others = (async () => {
    for (let turns = 0; turns < 3; turns++) {
      await turn();
      trail.push("another");
    }
  })();
  rig.socket.send("much");
  await until(() => left === 0, "all of it");
  await others;
  // Between two resumptions another connection had a turn each time.
  const order = trail.slice(trail.indexOf("much") + 1).join(" ");
  assertNotMatch(order, /resumed resumed/);
  rig.socket.send("more");
  left = 1;
  await until(() => trail.includes("more"), "the next chunk, once nothing was put off");
  await until(() => left === 0, "the rest");
  await rig.finish("eof");
});
