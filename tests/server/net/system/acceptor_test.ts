import { assert, assertRejects, assertStrictEquals } from "@std/assert";
import { clearImmediate, setImmediate } from "node:timers";
import { RuntimeSockets } from "../../../../server/net/runtime_sockets.ts";
import { openSockets } from "../../../../server/net/sockets.ts";
import { listenerDescriptor } from "../../../../server/net/system/acceptor.ts";
import { SystemSocketFixture, systemTest } from "./system_socket_fixture.ts";

const SIZES = { vanishedMs: 120_000, readBufferBytes: { first: 8, max: 64 } };

for (
  const { host, from, address } of [
    { host: "127.0.0.1", from: "127.0.0.1", address: "127.0.0.1" },
    { host: "0.0.0.0", from: "127.0.0.1", address: "127.0.0.1" },
    { host: "::1", from: "::1", address: "::1" },
    { host: "::", from: "::1", address: "::1" },
    { host: "::", from: "127.0.0.1", address: "127.0.0.1" },
  ]
) {
  systemTest(
    `SystemAcceptor at ${host} reports that ${from} connects, as the runtime would`,
    async () => {
      await using rig = new SystemSocketFixture();
      const listener = Deno.listen({ hostname: host, port: 0 });
      const { port } = listener.addr;
      const acceptor = rig.listen(listener);
      const [peer, accepted] = await Promise.all([
        Deno.connect({ hostname: from, port }),
        acceptor.accept(),
      ]);
      assertStrictEquals(accepted.address, address);
      accepted.socket.close();
      assertStrictEquals(await peer.read(new Uint8Array(1)), null);
      peer.close();
    },
  );
}

systemTest("SystemAcceptor accepts at a Unix socket, whose peers have no address", async () => {
  await using rig = new SystemSocketFixture();
  const directory = Deno.makeTempDirSync({ prefix: "minichat-" });
  const path = `${directory}/ö socket`;
  const acceptor = rig.listen(Deno.listen({ transport: "unix", path }));
  const [peer, accepted] = await Promise.all([
    Deno.connect({ transport: "unix", path }),
    acceptor.accept(),
  ]);
  assertStrictEquals(accepted.address, "unix");
  assertStrictEquals(accepted.socket.write(new TextEncoder().encode("hi")), 2);
  const got = new Uint8Array(8);
  assertStrictEquals(await peer.read(got), 2);
  peer.close();
  accepted.socket.close();
  acceptor.close();
  Deno.removeSync(directory, { recursive: true });
});

systemTest("listenerDescriptor() finds the right one of two at one port", async () => {
  await using rig = new SystemSocketFixture();
  const first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = first.addr;
  const second = Deno.listen({ hostname: "127.0.0.2", port });
  const acceptor = rig.listen(second);
  const [peer, accepted] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.2", port }),
    acceptor.accept(),
  ]);
  accepted.socket.close();
  peer.close();
  first.close();
});

systemTest(
  "SystemAcceptor.close() ends a wait, frees the port, and may be called twice",
  async () => {
    await using rig = new SystemSocketFixture();
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const acceptor = rig.listen(listener);
    const accepting = acceptor.accept();
    acceptor.close();
    acceptor.close();
    await assertRejects(() => accepting, Deno.errors.BadResource);
    await assertRejects(() => acceptor.accept(), Deno.errors.BadResource);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    assertStrictEquals(
      listenerDescriptor(
        { addr: { transport: "tcp", hostname: "127.0.0.1", port } } as Deno.Listener,
        rig.libc,
      ),
      undefined,
    );
  },
);

systemTest("SystemAcceptor gives the others a turn while many wait to be accepted", async () => {
  await using rig = new SystemSocketFixture();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 256 });
  const { port } = listener.addr;
  const peers: Deno.Conn[] = [];
  for (let at = 0; at < 200; at++) peers.push(await Deno.connect({ hostname: "127.0.0.1", port }));
  const acceptor = rig.listen(listener);
  let turns = 0;
  let waiting: ReturnType<typeof setImmediate> | undefined;
  const count = () => {
    turns++;
    waiting = setImmediate(count);
  };
  count();
  const turnsSeen = new Set<number>();
  for (let at = 0; at < peers.length; at++) {
    const { socket } = await acceptor.accept();
    turnsSeen.add(turns);
    socket.close();
  }
  clearImmediate(waiting);
  for (const peer of peers) peer.close();
  assert(turnsSeen.size >= peers.length / 64, `${turnsSeen.size} turns`);
});

systemTest("openSockets() falls back to the runtime for a listener it cannot find", async () => {
  const sockets = openSockets("system", SIZES);
  assertStrictEquals(sockets.kind, "system");
  const conn = Promise.withResolvers<Deno.Conn>();
  const addr = { transport: "tcp", hostname: "192.0.2.1", port: 9 };
  let closed = 0;
  const listener = { addr, accept: () => conn.promise, close: () => closed++ };
  const acceptor = sockets.acceptor(listener as unknown as Deno.Listener);
  const accepting = acceptor.accept();
  conn.reject(new Deno.errors.Interrupted("by the test"));
  await assertRejects(() => accepting, Deno.errors.Interrupted);
  acceptor.close();
  assertStrictEquals(closed, 1);
  await sockets.close();
});

Deno.test("openSockets() goes through the runtime when asked to", async () => {
  const sockets = openSockets("runtime", SIZES);
  assert(sockets instanceof RuntimeSockets);
  await sockets.close();
});
