import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../../server/limits/limits.ts";
import type { Socket } from "../../../../server/net/socket.ts";
import type { Handshake, NodeEngine } from "../../../../server/net/tls/node_engine.ts";
import { type FailedHandshake, tlsAcceptor } from "../../../../server/net/tls/tls_acceptor.ts";
import { FakeClock, FakeSocket } from "../../../fake_clock_and_socket.ts";
import { FakeAcceptor } from "../fake_acceptor.ts";
import { turn } from "../../../until.ts";

const HELLO = "\x16\x03\x01";

/** An engine whose handshakes end when the test says so. */
class FakeEngine implements Pick<NodeEngine, "begin"> {
  readonly handshakes: (PromiseWithResolvers<Socket> & { aborted: boolean })[] = [];

  begin(): Handshake {
    const handshake = { ...Promise.withResolvers<Socket>(), aborted: false };
    this.handshakes.push(handshake);
    return {
      secured: handshake.promise,
      reader: { onReadable: () => {} },
      abort: () => handshake.aborted = true,
    };
  }
}

function rig(limits = {}, admits?: (address: string) => boolean) {
  const clock = new FakeClock();
  const plain = new FakeAcceptor();
  const engine = new FakeEngine();
  const turnedBack: FailedHandshake[] = [];
  const acceptor = tlsAcceptor(plain, {
    clock,
    engine,
    limits: { ...DEFAULT_LIMITS, ...limits },
    hint: "This port takes TLS",
    ...(admits && { admits }),
    onHandshakeFailed: (one) => turnedBack.push(one),
  });
  return { clock, plain, engine, turnedBack, acceptor };
}

Deno.test("tlsAcceptor() hands on who has finished, and when they came", async () => {
  const { clock, plain, engine, acceptor } = rig();
  const began = clock.monotonic();
  const accepted = acceptor.accept();
  plain.connect().send(HELLO);
  await turn();
  clock.advance(3_000);
  const secure = new FakeSocket();
  engine.handshakes[0]?.resolve(secure);
  assertEquals(await accepted, { socket: secure, address: "192.0.2.1", connectedAt: began });
  assertStrictEquals(acceptor.pending, 0);
  assertStrictEquals(clock.pending, 0);
  acceptor.close();
});

for (const [what, first] of [["silent", ""], ["in the middle of it", HELLO]] as const) {
  Deno.test(`tlsAcceptor() closes a peer that is ${what} when the time to register is over (F13)`, async () => {
    const { clock, plain, engine, turnedBack, acceptor } = rig();
    const socket = plain.connect();
    if (first !== "") socket.send(first);
    await turn();
    clock.advance(DEFAULT_LIMITS.registrationMs - 1);
    assertEquals(turnedBack, []);
    clock.advance(1);
    assertEquals(turnedBack.map(({ reason }) => reason), ["handshake_timeout"]);
    assertStrictEquals(socket.closed, 1);
    assertEquals(engine.handshakes.map(({ aborted }) => aborted), first === "" ? [] : [true]);
    assertStrictEquals(clock.pending, 0);
    acceptor.close();
  });
}

Deno.test("tlsAcceptor() tells a peer without TLS what is needed, and names what it sent (F13)", async () => {
  const { clock, plain, turnedBack, acceptor } = rig();
  const socket = plain.connect();
  socket.send("GET / HTTP/1.1\r\n\r\n");
  await turn();
  assertStrictEquals(socket.text, "This port takes TLS\r\n");
  assertEquals(turnedBack, [{
    address: "192.0.2.1",
    reason: "not_tls",
    detail: "spoke HTTP on a port for TLS",
  }]);
  clock.advance(DEFAULT_LIMITS.lingerMs);
  assertStrictEquals(socket.closed, 1);
  assertStrictEquals(turnedBack.length, 1, "told once");
  assertStrictEquals(clock.pending, 0);
  acceptor.close();
});

Deno.test("tlsAcceptor() reports a handshake that fails", async () => {
  const { plain, engine, turnedBack, acceptor } = rig();
  const socket = plain.connect();
  socket.send(HELLO);
  await turn();
  engine.handshakes[0]?.reject(new Error("no common cipher"));
  await turn();
  assertEquals(turnedBack.map(({ reason, detail }) => [reason, detail]), [
    ["handshake_failed", "no common cipher"],
  ]);
  assertStrictEquals(socket.closed, 1);
  acceptor.close();
});

Deno.test("tlsAcceptor() closes the oldest for the next (F13)", async () => {
  const { plain, turnedBack, acceptor } = rig({ maxHandshakes: 3 });
  const sockets = Array.from({ length: 5 }, () => plain.connect());
  await turn();
  assertEquals(sockets.map(({ closed }) => closed), [1, 1, 0, 0, 0]);
  assertEquals(turnedBack.map(({ reason }) => reason), ["crowded", "crowded"]);
  assertStrictEquals(acceptor.pending, 3);
  acceptor.close();
  assertEquals(sockets.map(({ closed }) => closed), [1, 1, 1, 1, 1]);
});

Deno.test("tlsAcceptor() passes on what the system refuses, and continues when asked again", async () => {
  const { plain, engine, acceptor } = rig();
  plain.connect(new Error("too many open files"));
  assertMatch(String(await assertRejects(() => acceptor.accept())), /too many open files/);
  const accepted = acceptor.accept();
  plain.connect().send(HELLO);
  await turn();
  const secure = new FakeSocket();
  engine.handshakes[0]?.resolve(secure);
  assertStrictEquals((await accepted).socket, secure);
  acceptor.close();
  await assertRejects(() => acceptor.accept(), Deno.errors.BadResource);
});

Deno.test("tlsAcceptor() closes one of the address with most handshakes if there are too many (A15)", async () => {
  const { plain, turnedBack, acceptor } = rig({ maxHandshakes: 4 });
  const honest = plain.connect(undefined, "198.51.100.2");
  const flood = Array.from({ length: 6 }, () => plain.connect());
  const networks = ["2001:db8:1:2::1", "2001:db8:1:2::2"].map((address) =>
    plain.connect(undefined, address)
  );
  await turn();
  assertStrictEquals(honest.closed, 0, "it was there first, but alone");
  assertEquals(flood.map(({ closed }) => closed), [1, 1, 1, 1, 1, 0]);
  assertEquals(networks.map(({ closed }) => closed), [0, 0]);
  assertStrictEquals(turnedBack.length, 5);
  acceptor.close();
});

Deno.test("tlsAcceptor() begins no handshake for an address that is not admitted (A15)", async () => {
  const asked: string[] = [];
  const { plain, engine, acceptor } = rig({}, (address) => asked.push(address) < 2);
  const sockets = [plain.connect(), plain.connect(undefined, "192.0.2.2")];
  await turn();
  assertEquals(sockets.map(({ closed }) => closed), [0, 1]);
  assertEquals(asked, ["192.0.2.1", "192.0.2.2"]);
  assertStrictEquals(engine.handshakes.length, 0);
  acceptor.close();
});
