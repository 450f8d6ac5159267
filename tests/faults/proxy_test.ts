// J7: PROXY headers. With `,proxy` the header's address counts in limits, bans and logs; elsewhere
// no client can claim an address. Health checks are not announced.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { ByteClient } from "../byte_client.ts";
import { until } from "../until.ts";
import { ServerFixture } from "./server_fixture.ts";

/** Opens one more listener that expects headers; returns its address. */
async function proxied(fixture: ServerFixture): Promise<{ port: number }> {
  const at = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  assertStrictEquals(await fixture.server.start([{ at, proxy: true, notices: true }]), undefined);
  const port = fixture.server.addresses.flatMap((one) =>
    one.at.kind === "tcp" ? [one.at.port] : []
  );
  return { port: port.at(-1) ?? 0 };
}

const header = (source: string): string => `PROXY TCP4 ${source} 192.0.2.1 4000 8080\r\n`;
const SIGNATURE = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10];

Deno.test("J7: with ,proxy the header's address is the client's, with its own limits and bans", async () => {
  await using fixture = await ServerFixture.open({ limits: { clientsPerAddress: 1 } });
  const witness = await fixture.join("native", "witness");
  const place = await proxied(fixture);
  await using bob = await ByteClient.connect(place);
  await bob.send(header("198.51.100.7") + '{"type":"hello","name":"bob"}\n');
  await bob.match('"welcome"');
  await witness.match(/"joined","name":"bob"/);
  const joined = fixture.log.find(({ what, details }) =>
    what === "joined" && details.name === "bob"
  );
  assert(joined?.what === "joined");
  assertStrictEquals(joined.details.address, "198.51.100.7");

  await using second = await ByteClient.connect(place);
  await second.send(header("198.51.100.7") + "bob2\n");
  assertMatch(await second.ended(), /too many connections from your address/);

  fixture.operator.ban("203.0.113.9", { reason: "spam" });
  await using banned = await ByteClient.connect(place);
  await banned.send(
    new Uint8Array([...SIGNATURE, 0x21, 0x11, 0, 12, 203, 0, 113, 9, 1, 2, 3, 4, 0, 1, 0, 2]),
  );
  await banned.send("eve\n");
  assertMatch(await banned.ended(), /banned: spam/);

  await using other = await ByteClient.connect(place);
  await other.send(header("198.51.100.8") + "USER ana\n");
  await witness.match(/"joined","name":"ana"/);
});

Deno.test("J7: health checks of a proxy are not announced, with and without ,proxy", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const checks = ["", "PROXY UNKNOWN\r\n", header("198.51.100.7"), [...SIGNATURE, 0x20, 0, 0, 0]];
  for (const place of [await proxied(fixture), fixture.tcp]) {
    for (const check of checks) {
      await using probe = await ByteClient.connect(place);
      if (check.length > 0) {
        await probe.send(typeof check === "string" ? check : new Uint8Array(check));
      }
      await probe.conn.closeWrite().catch(() => {}); // refused already
      await probe.ended();
    }
  }
  await until(() => fixture.server.sessions.size === 1, "the probes were gone");
  assertEquals(await witness.barrier(), []);
  assertEquals(fixture.log.filter(({ what }) => what === "joined").length, 1);
});

Deno.test("J7: a PROXY header changes no address where it is not expected", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  await using liar = await ByteClient.connect(fixture.tcp);
  await liar.send(header("198.51.100.7") + "eve\n");
  assertMatch(
    await liar.ended(),
    /^-! A PROXY header is taken only at a --listen address with ,proxy/,
  );
  await fixture.closes("unsupported_protocol");
  assertEquals(await witness.barrier(), []);

  await using bare = await ByteClient.connect(await proxied(fixture));
  await bare.send("eve\n");
  assertStrictEquals(await bare.ended(), "");
  await until(() => fixture.log.some(({ what }) => what === "turned_back"), "it was logged");
  assertEquals(await witness.barrier(), []);
});
