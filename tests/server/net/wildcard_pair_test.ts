import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import type { ListenAddress } from "../../../server/net/address.ts";
import { bindAll, type BoundListener } from "../../../server/net/listener.ts";
import { RuntimeSockets } from "../../../server/net/runtime_sockets.ts";
import { acceptorsOf, isWildcardPair } from "../../../server/net/wildcard_pair.ts";
import { EN } from "../../../texts/en.ts";

const SIZES = { first: 1024, max: 65_536 };

function at(host: string, port: number): ListenAddress {
  return { at: { kind: "tcp", host, port }, notices: false };
}

async function bindingOf(addresses: readonly ListenAddress[]) {
  const bound = await bindAll(addresses, { tcpBacklog: 8 }, EN.serve.listen, () => false);
  assert(bound !== undefined);
  return bound;
}

/** A port that is free for both families. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "::", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

function hasIPv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("isWildcardPair() is true of the two wildcards with one port", () => {
  assert(isWildcardPair(at("0.0.0.0", 1), at("::", 1)));
  assert(isWildcardPair(at("::", 1), at("0.0.0.0", 1)));
  for (
    const [one, other] of [[at("::", 1), at("::", 1)], [at("::", 1), at("0.0.0.0", 2)]] as const
  ) {
    assert(!isWildcardPair(one, other));
  }
  assert(!isWildcardPair(at("0.0.0.0", 0), at("::", 0)));
  assert(!isWildcardPair(at("127.0.0.1", 1), at("::", 1)));
});

for (const order of [["0.0.0.0", "::"], ["::", "0.0.0.0"]]) {
  Deno.test({
    ignore: !hasIPv6(),
    name: `bindAll() binds ${order.join(" beside ")}, each with its own clients (O3)`,
    async fn() {
      const port = freePort();
      const bound = await bindingOf(order.map((host) => at(host, port)));
      assert(!("error" in bound), "error" in bound ? bound.error : "");
      const sockets = new RuntimeSockets(SIZES);
      const acceptors = acceptorsOf(bound.listeners, (listener) => sockets.acceptor(listener));
      const hosts = acceptors.map(({ address }) => address.at.kind === "tcp" && address.at.host);
      assertEquals(new Set(hosts), new Set(order));
      const plain = (host: string) => acceptors[hosts.indexOf(host)]?.plain;
      // The clients connect in either order while both accept.
      for (const first of ["127.0.0.1", "::1"]) {
        const second = first === "::1" ? "127.0.0.1" : "::1";
        const accepted = [plain("0.0.0.0")?.accept(), plain("::")?.accept()];
        using _one = await Deno.connect({ hostname: first, port });
        using _two = await Deno.connect({ hostname: second, port });
        const [ipv4, ipv6] = await Promise.all(accepted);
        assertEquals([ipv4?.address, ipv6?.address], ["127.0.0.1", "::1"]);
        ipv4?.socket.close();
        ipv6?.socket.close();
      }
      const [one, two] = acceptors.map(({ plain }) => plain.accept());
      for (const { plain } of acceptors) plain.close();
      for (const pending of [one, two]) await assertRejects(() => pending ?? Promise.resolve());
    },
  });
}

Deno.test("bindAll() says which of its own addresses has the port (O3)", async () => {
  const port = freePort();
  const bound = await bindingOf([at("127.0.0.1", port), at("127.0.0.1", port)]);
  assertMatch(
    "error" in bound ? bound.error : "",
    /beside tcp:127\.0\.0\.1:\d+, which has that port/,
  );
});

Deno.test("acceptorsOf() leaves other listeners as they are", async () => {
  const bound = await bindingOf([at("127.0.0.1", 0), at("127.0.0.1", 0)]);
  assert(!("error" in bound));
  const opened: BoundListener["listener"][] = [];
  const sockets = new RuntimeSockets(SIZES);
  const acceptors = acceptorsOf(bound.listeners, (listener) => {
    opened.push(listener);
    return sockets.acceptor(listener);
  });
  assertStrictEquals(opened.length, 2);
  for (const { plain } of acceptors) plain.close();
});
