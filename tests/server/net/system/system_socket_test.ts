import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { once } from "node:events";
import { connect } from "node:net";
import type { SystemSocket } from "../../../../server/net/system/system_socket.ts";
import { Receiver, SystemSocketFixture, systemTest } from "./system_socket_fixture.ts";
import { until } from "../../../until.ts";

const MEBIBYTE = 1024 * 1024;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

systemTest(
  "SystemSocket receives in order what comes in many pieces, larger than its buffer",
  async () => {
    await using rig = new SystemSocketFixture(16);
    const { socket, peer } = await rig.pair();
    await peer.write(bytes("here before anybody listened, "));
    const receiver = new Receiver(socket);
    let want = "here before anybody listened, ";
    for (let at = 0; at < 50; at++) {
      await peer.write(bytes(`piece ${at}, `));
      want += `piece ${at}, `;
    }
    await until(() => receiver.text.length === want.length, "all of it");
    assertStrictEquals(receiver.text, want);
    assertStrictEquals(socket.receive(), undefined);
  },
);

systemTest("SystemSocket.receive() may stop and continue later: what is left stays", async () => {
  await using rig = new SystemSocketFixture(4);
  const { socket, peer } = await rig.pair();
  await peer.write(bytes("abcdefghij"));
  let reported = 0;
  socket.open({ onReadable: () => void reported++ });
  await until(() => reported > 0, "the reader to be told");
  const texts: string[] = [];
  for (let chunk = socket.receive(); chunk; chunk = socket.receive()) {
    texts.push(new TextDecoder().decode(chunk));
  }
  assertEquals(texts, ["abcd", "efgh", "ij"]);
});

systemTest(
  "SystemSocket.write() resolves immediately while there is space, then waits for the peer",
  async () => {
    await using rig = new SystemSocketFixture();
    const { socket, peer } = await rig.pair();
    const receiver = new Receiver(socket);
    const block = new Uint8Array(MEBIBYTE).map((_, at) => at % 251);
    let sent = 0;
    let result: number | Promise<number>;
    do {
      result = socket.write(block.subarray(sent % 251));
      if (typeof result === "number") sent += result;
      assert(sent < 1024 * MEBIBYTE, "the system takes no end of bytes");
    } while (typeof result === "number");
    let wasSent = false;
    const waiting = result.then((count) => {
      wasSent = true;
      return count;
    });
    await peer.write(bytes("I am not reading"));
    await until(() => receiver.text.length === 16, "the other way, which is open");
    assert(!wasSent, "nothing was taken while the peer did not read");
    const got = new Uint8Array(MEBIBYTE);
    let total = 0;
    while (!wasSent) {
      const count = await peer.read(got);
      for (let at = 0; at < (count ?? 0); at++) assertStrictEquals(got[at], (total + at) % 251);
      total += count ?? 0;
    }
    assert(await waiting > 0);
    assertStrictEquals(typeof socket.write(bytes("more")), "number", "and then at once again");
  },
);

systemTest("SystemSocket receives the peer's half-close, and can still write", async () => {
  await using rig = new SystemSocketFixture();
  const { socket, peer } = await rig.pair();
  const receiver = new Receiver(socket);
  await peer.write(bytes("last words"));
  await peer.closeWrite();
  await until(() => receiver.end !== undefined, "the end");
  assertStrictEquals(receiver.end, "eof");
  assertStrictEquals(receiver.text, "last words");
  assertStrictEquals(socket.write(bytes("answer")), 6);
  const got = new Uint8Array(10);
  assertStrictEquals(await peer.read(got), 6);
});

systemTest("SystemSocket.closeWrite() ends one way only", async () => {
  await using rig = new SystemSocketFixture();
  const { socket, peer } = await rig.pair();
  const receiver = new Receiver(socket);
  socket.write(bytes("bye"));
  socket.closeWrite();
  const got = new Uint8Array(10);
  assertStrictEquals(await peer.read(got), 3);
  assertStrictEquals(await peer.read(got), null);
  await peer.write(bytes("still here"));
  await until(() => receiver.text === "still here", "the other way");
  assertThrows(() => socket.write(bytes("too late")), Deno.errors.BrokenPipe);
});

systemTest(
  "SystemSocket receives a reset after what came before; writes fail from then on",
  async () => {
    await using rig = new SystemSocketFixture();
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const acceptor = rig.listen(listener);
    const peer = connect(listener.addr.port, "127.0.0.1");
    const { socket } = await acceptor.accept();
    await new Promise<void>((resolve) => peer.write("last words", () => resolve()));
    const closed = once(peer, "close");
    peer.resetAndDestroy();
    await closed;
    const receiver = new Receiver(socket as SystemSocket);
    await until(() => receiver.end !== undefined, "the reset");
    assertStrictEquals(receiver.text, "last words");
    assert(receiver.end instanceof Deno.errors.ConnectionReset, `${receiver.end}`);
    assertThrows(() => socket.write(bytes("x")), Deno.errors.BrokenPipe);
    assertThrows(() => socket.closeWrite(), Deno.errors.NotConnected);
    socket.close();
  },
);

systemTest(
  "SystemSocket rejects a write that waits when the peer resets, or it is closed",
  async () => {
    for (const how of ["reset", "close"] as const) {
      await using rig = new SystemSocketFixture();
      const { socket, peer } = await rig.pair();
      new Receiver(socket);
      const block = new Uint8Array(MEBIBYTE);
      let result = socket.write(block);
      while (typeof result === "number") result = socket.write(block);
      if (how === "reset") peer.close();
      else socket.close();
      const problem = await assertRejects(() => result);
      assert(
        how === "close"
          ? problem instanceof Deno.errors.BadResource
          : problem instanceof Deno.errors.ConnectionReset ||
            problem instanceof Deno.errors.BrokenPipe,
      );
    }
  },
);

systemTest(
  "SystemSocket.close() ends the connection, and may be called twice or before open()",
  async () => {
    await using rig = new SystemSocketFixture();
    const { socket, peer } = await rig.pair();
    socket.close();
    socket.close();
    assertStrictEquals(await peer.read(new Uint8Array(1)), null);
  },
);

systemTest(
  "SystemSocket: events of one that was closed in the same batch are dropped",
  async () => {
    await using rig = new SystemSocketFixture();
    const first = await rig.pair();
    const second = await rig.pair();
    let next: Receiver | undefined;
    const reported: string[] = [];
    let opened: Promise<void> | undefined;
    const owner = (name: string, other: typeof first) => ({
      onReadable() {
        reported.push(name);
        if (opened !== undefined) return;
        // The first one called closes the other, whose descriptor a third socket then gets.
        other.socket.close();
        opened = rig.pair().then((third) => {
          next = new Receiver(third.socket);
        });
      },
    });
    await Promise.all([first.peer.write(bytes("x")), second.peer.write(bytes("x"))]);
    first.socket.open(owner("first", second));
    second.socket.open(owner("second", first));
    await until(() => next !== undefined, "the third");
    await opened;
    assertStrictEquals(reported.length, 1, "the closed one is not told");
    assertStrictEquals(next?.end, undefined);
    assertStrictEquals(next?.reported, 0, "nor is the next owner of its number");
  },
);
