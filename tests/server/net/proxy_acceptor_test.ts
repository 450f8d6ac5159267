import { assertEquals, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import type { Accepted } from "../../../server/net/socket.ts";
import { proxyAcceptor, type ProxyFailureReason } from "../../../server/net/proxy_acceptor.ts";
import { FakeClock, type FakeSocket } from "../../fake_clock_and_socket.ts";
import { FakeAcceptor } from "./fake_acceptor.ts";
import { turn } from "../../until.ts";

const HEADER = "PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\n";
const LOCAL = "PROXY UNKNOWN\r\n";

function rig(limits = {}) {
  const clock = new FakeClock();
  const plain = new FakeAcceptor();
  const failed: ProxyFailureReason[] = [];
  const acceptor = proxyAcceptor(plain, {
    clock,
    limits: { ...DEFAULT_LIMITS, ...limits },
    onFailed: ({ reason }) => failed.push(reason),
  });
  const accepted: Accepted[] = [];
  const accept = async (): Promise<void> => {
    for (;;) accepted.push(await acceptor.accept());
  };
  void accept().catch(() => {});
  return { clock, plain, failed, acceptor, accepted };
}

/** Everything that the accepted socket receives. */
async function received({ socket }: Accepted): Promise<string> {
  let text = "";
  const read = (): void => {
    for (let chunk; (chunk = socket.receive());) text += new TextDecoder().decode(chunk);
  };
  socket.open({ onReadable: read });
  await turn();
  return text;
}

Deno.test("proxyAcceptor() hands on the client's address, and the bytes after the header", async () => {
  for (const chunks of [[HEADER + "hi"], [HEADER, "hi"], [...HEADER, "h", "i"]]) {
    const { plain, accepted, acceptor, failed } = rig();
    const socket = plain.connect();
    for (const chunk of chunks) {
      socket.send(chunk);
      await turn();
    }
    const [one] = accepted;
    assertStrictEquals(one?.address, "198.51.100.7");
    assertStrictEquals(acceptor.pending, 0);
    assertStrictEquals(one === undefined ? "" : await received(one), "hi");
    socket.send(" there");
    await turn();
    assertEquals(failed, []);
    one?.socket.close();
    assertStrictEquals(socket.closed, 1);
    acceptor.close();
  }
});

Deno.test("proxyAcceptor() says nothing of a health check, which connects and closes", async () => {
  const { plain, accepted, acceptor, failed } = rig();
  const checks: FakeSocket[] = [];
  for (const first of ["", "PROXY "]) {
    const socket = plain.connect();
    checks.push(socket);
    if (first !== "") socket.send(first);
    socket.end();
    await turn();
  }
  assertEquals(checks.map(({ closed }) => closed), [1, 1]);
  assertEquals([accepted, failed], [[], []]);
  plain.connect().send(LOCAL);
  await turn();
  assertStrictEquals(accepted[0]?.address, "192.0.2.1", "the proxy's own address");
  acceptor.close();
});

Deno.test("proxyAcceptor() closes what has no header, or not in time, and the oldest of too many", async () => {
  const { clock, plain, accepted, acceptor, failed } = rig({ maxHandshakes: 2 });
  const text = plain.connect();
  text.send("bob\n");
  await turn();
  assertEquals([text.closed, failed], [1, ["no_proxy_header"]]);
  const slow = plain.connect();
  slow.send("PROXY ");
  await turn();
  clock.advance(DEFAULT_LIMITS.registrationMs);
  assertEquals([slow.closed, failed.at(-1)], [1, "proxy_timeout"]);
  const crowd = [plain.connect(), plain.connect(), plain.connect()];
  await turn();
  assertEquals(crowd.map(({ closed }) => closed), [1, 0, 0]);
  assertStrictEquals(failed.at(-1), "crowded");
  acceptor.close();
  await turn();
  assertEquals(crowd.map(({ closed }) => closed), [1, 1, 1]);
  assertEquals(accepted, []);
  assertStrictEquals(clock.pending, 0);
});
