import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { Connection } from "../../../server/net/connection.ts";
import { Flusher } from "../../../server/net/flusher.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { ConnectionFixture } from "./connection_fixture.ts";
import { turn, until } from "../../until.ts";

Deno.test("Connection.close() sends what is queued, half-closes, and ends when the peer does", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("goodbye");
  rig.connection.close("kicked");
  assert(!rig.connection.isOpen);
  rig.push("too late");
  await until(() => rig.socket.isWriting, "the write");
  assert(!rig.socket.halfClosed, "not before the last byte has left");
  rig.socket.take();
  await until(() => rig.socket.halfClosed, "the half-close");
  assertStrictEquals(rig.socket.text, "goodbye");
  assertStrictEquals(rig.socket.closed, 0, "the peer may take its time to hang up");
  rig.socket.end();
  await rig.finish("kicked");
  assertStrictEquals(rig.ends, 0, "the session is not asked for more");
});

Deno.test("Connection.close() with nothing queued half-closes immediately", async () => {
  const rig = new ConnectionFixture();
  rig.connection.close("bye");
  await until(() => rig.socket.halfClosed, "the half-close");
  rig.socket.end();
  await rig.finish("bye");
});

Deno.test("Connection.close() waits lingerMs for the peer to hang up, and no longer", async () => {
  const rig = new ConnectionFixture({ lingerMs: 250 });
  rig.push("goodbye");
  rig.connection.close("bye");
  await until(() => rig.socket.halfClosed, "the half-close");
  rig.clock.advance(249);
  await turn();
  assertStrictEquals(rig.socket.closed, 0);
  rig.clock.advance(1);
  assertStrictEquals(await rig.result, "bye");
  assertStrictEquals(rig.socket.text, "goodbye");
  await rig.finish("bye");
});

Deno.test("Connection.close() drops what a peer has not taken after flushMs", async () => {
  const rig = new ConnectionFixture({ flushMs: 5_000 });
  rig.socket.take(3);
  rig.push("goodbye");
  rig.connection.close("shutdown");
  await until(() => rig.socket.isWriting, "the write to stall");
  rig.clock.advance(4_999);
  await turn();
  assertStrictEquals(rig.socket.closed, 0);
  rig.clock.advance(1);
  assertStrictEquals(await rig.result, "shutdown");
  assertStrictEquals(rig.socket.text, "goo");
  assert(!rig.socket.halfClosed);
  await rig.finish("shutdown");
});

Deno.test("Connection.close() reads on and drops the data, so that the goodbye is not reset away", async () => {
  const rig = new ConnectionFixture();
  rig.onEachChunk = () => rig.connection.close("bye");
  rig.socket.send("/quit\n");
  await until(() => rig.socket.halfClosed, "the half-close");
  rig.socket.send("more\n");
  rig.socket.send("and more\n");
  await turn();
  await turn();
  assertEquals(rig.chunks, ["/quit\n"]);
  assert(rig.socket.isReading);
  rig.socket.end();
  await rig.finish("bye");
});

Deno.test("Connection.close() twice keeps the first reason", async () => {
  const rig = new ConnectionFixture();
  rig.connection.close("kicked");
  rig.connection.close("shutdown");
  rig.connection.destroy("slow");
  await rig.finish("kicked");
});

Deno.test("Connection.close() survives a half-close that fails", async () => {
  const rig = new ConnectionFixture();
  rig.socket.closeWriteError = new Deno.errors.NotConnected("gone");
  rig.connection.close("bye");
  assertStrictEquals(await rig.result, "bye");
  await rig.finish("bye");
});

Deno.test("Connection delivers what is queued to a peer that half-closed (R26)", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.onTheEnd = () => rig.push("last answer");
  rig.push("first ");
  rig.socket.end();
  await until(() => rig.ends === 1, "the end");
  await turn();
  assertStrictEquals(rig.socket.closed, 0);
  rig.socket.take(Infinity, 4);
  assertStrictEquals(await rig.result, "eof");
  assertStrictEquals(rig.socket.text, "first last answer");
  await rig.finish("eof");
});

Deno.test("Connection ends immediately when the peer ends and nothing is queued", async () => {
  const rig = new ConnectionFixture();
  rig.socket.send("last line");
  rig.socket.end();
  assertStrictEquals(await rig.result, "eof");
  assertEquals(rig.chunks, ["last line"]);
  assertStrictEquals(rig.ends, 1);
  await rig.finish("eof");
});

Deno.test("Connection ends as reset, once, when a read fails", async () => {
  const rig = new ConnectionFixture();
  rig.socket.send("half a li");
  rig.socket.reset();
  assertStrictEquals(await rig.result, "reset");
  assertStrictEquals(rig.ends, 0, "a reset is no end of input: nothing unfinished counts");
  await rig.finish("reset");
});

Deno.test("Connection ends as reset, once, when a write fails and nothing more comes", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("x");
  await until(() => rig.socket.isWriting && rig.socket.isReading, "both");
  rig.socket.failWrites();
  await until(() => rig.connection.queuedBytes === 0, "the write had failed");
  rig.clock.advance(rig.limits.flushMs - 1);
  assertStrictEquals(rig.socket.closed, 0, "closed too early");
  rig.clock.advance(1);
  assertStrictEquals(await rig.result, "reset");
  assertEquals(rig.faults, [], "a peer that goes is no fault");
  await rig.finish("reset");
});

for (const way of ["end", "reset"] as const) {
  Deno.test(`Connection passes on what came before a write failed, up to the ${way}`, async () => {
    const rig = new ConnectionFixture();
    rig.socket.take(0);
    rig.push("x");
    await until(() => rig.socket.isWriting && rig.socket.isReading, "both");
    rig.socket.failWrites();
    await until(() => rig.connection.queuedBytes === 0, "the write had failed");
    rig.push("for nobody");
    rig.socket.send("last line\n");
    rig.socket.send("half a li");
    rig.socket[way]();
    assertStrictEquals(await rig.result, "reset");
    assertEquals(rig.chunks, ["last line\n", "half a li"]);
    assertStrictEquals(rig.ends, 0, "a reset is no end of input: nothing unfinished counts");
    assertStrictEquals(rig.connection.queuedBytes, 0);
    await rig.finish("reset");
  });
}

Deno.test("Connection ends as reset, once, when read and write fail together", async () => {
  const rig = new ConnectionFixture();
  rig.socket.take(0);
  rig.push("x");
  await until(() => rig.socket.isWriting && rig.socket.isReading, "both");
  rig.socket.reset();
  rig.socket.failWrites();
  assertStrictEquals(await rig.result, "reset");
  await rig.finish("reset");
});

for (const where of ["onChunk", "onEnd"] as const) {
  Deno.test(`Connection reports a fault in ${where}() and ends as error`, async () => {
    const rig = new ConnectionFixture();
    const bug = new Error("a bug");
    const fail = () => {
      throw bug;
    };
    if (where === "onChunk") rig.onEachChunk = fail;
    else rig.onTheEnd = fail;
    rig.socket.send("x");
    rig.socket.end();
    assertStrictEquals(await rig.result, "error");
    assertEquals(rig.faults, [bug]);
    await rig.finish("error");
  });
}

Deno.test("Connection.close() and destroy() wake a reader that waits for the peer to catch up", async () => {
  for (const how of ["close", "destroy"] as const) {
    const rig = new ConnectionFixture({ softQueueBytes: 1 });
    rig.socket.take(0);
    rig.onEachChunk = () => rig.push("answer");
    rig.socket.send("ask");
    await until(() => rig.socket.isWriting && !rig.socket.isReading, "the wait");
    await turn();
    rig.connection[how]("kicked");
    if (how === "close") {
      await until(() => rig.socket.isReading, "reading on, for the end");
      rig.socket.take();
      await until(() => rig.socket.halfClosed, "the half-close");
      rig.socket.end();
    }
    await rig.finish("kicked");
  }
});

Deno.test("Connection.destroy() before run() ends it without a read", async () => {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  const connection = new Connection(socket, {
    limits: DEFAULT_LIMITS,
    clock,
    flusher: new Flusher(1),
    onFault: (fault) => fail(String(fault)),
  });
  connection.destroy("shutdown");
  connection.destroy("slow");
  const never = () => fail();
  const reason = await new Promise((resolve) =>
    connection.run({
      onChunk: never,
      onEnd: never,
      onInputDone: never,
      resume: never,
      hasQueuedRequests: false,
      waitMs: 0,
      onClosed: resolve,
    })
  );
  assertStrictEquals(reason, "shutdown");
  assertStrictEquals(socket.closed, 1);
  assert(!socket.opened);
});

Deno.test("Connection sends what a peer that has ended is still owed, once all is carried out", async () => {
  const rig = new ConnectionFixture();
  rig.onAllInputDone = () => rig.push("owed");
  rig.hasQueuedRequests = true;
  rig.socket.send("ask");
  rig.socket.end();
  await turn();
  assertStrictEquals(rig.inputDone, 0, "something waits for its turn");
  rig.hasQueuedRequests = false;
  await until(() => rig.socket.text === "owed", "the answer");
  await rig.finish("eof");
  assertStrictEquals(rig.inputDone, 1);
});

Deno.test("Connection.whenLow() that fails costs the connection, and is reported", async () => {
  const rig = new ConnectionFixture();
  const bug = new Error("a bug");
  rig.connection.onDrained(() => {
    throw bug;
  });
  assertStrictEquals(await rig.result, "error");
  await rig.finish("error");
  assertEquals(rig.faults, [bug]);
});
