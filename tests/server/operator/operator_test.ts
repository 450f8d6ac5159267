// The effects of an operator's commands on a running server, in process.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Operator } from "../../../server/operator/operator.ts";
import { Server } from "../../../server/server.ts";
import { RecordingPeer } from "../../fake_peer.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

function rig() {
  const clock = new FakeClock();
  const server = new Server({ clock });
  const join = (name: string) => {
    const peer = new RecordingPeer();
    const member = server.chat.connect(peer, "2026-01-01T00:00:00.000Z");
    server.chat.register(member, name);
    return { peer, member };
  };
  return { clock, server, operator: new Operator(server, "1.2.3"), join };
}

Deno.test("Operator.ban() takes addresses in any spelling, and none that could match no client", () => {
  const { operator, server, clock } = rig();
  const outcome = operator.ban("2001:DB8:0:0::A", { reason: "noise" });
  assertStrictEquals(outcome.ok && outcome.value.ban.subject, "2001:db8::/64");
  assert(server.bans.find("2001:db8::a", clock.now()));
  assert(operator.unban("2001:db8:0::a").ok);
  for (const subject of ["", "10.0.0.0/33", "300.1.2.3", "1:2", "bob smith", "-x"]) {
    const refused = operator.ban(subject, { reason: "" });
    assertMatch(refused.ok ? "" : refused.error, /^Neither a name nor an IP address/, subject);
  }
});

Deno.test("Operator.ban() of a name keeps out what looks like it, too", () => {
  const { operator, server, clock } = rig();
  operator.ban("evan", { reason: "" });
  assert(server.bans.find("e\u1d20an", clock.now()), "with a small capital v");
  assertStrictEquals(server.bans.find("ivan", clock.now()), undefined);
});

Deno.test("Operator.tell() reaches one member as server, privately", () => {
  const { operator, join, server } = rig();
  const { peer } = join("bob");
  join("eve");
  assertEquals(operator.tell("BOB", "psst"), { ok: true, value: { name: "bob" } });
  assertStrictEquals(peer.outbox.queuedBytes > 0, true);
  assertStrictEquals(server.chat.history.lastSeq, 1);
  assert(!operator.tell("zoe", "psst").ok);
  assert(!operator.tell("bob", " ").ok);
});

Deno.test("Operator.ban() of a name ends with its time, in every spelling of the name", () => {
  const { clock, operator, server, join } = rig();
  join("Bob");
  assert(operator.ban("BOB", { seconds: 60, reason: "" }).ok);
  assertStrictEquals(operator.bans().length, 1);
  assert(server.bans.find("bob", clock.now()));
  clock.advance(60_001);
  assertStrictEquals(operator.bans().length, 0);
});

Deno.test("A banned name is not handed out as a free one either", () => {
  const { operator, server, join } = rig();
  operator.ban("bob_2", { reason: "" });
  join("bob");
  const peer = new RecordingPeer({ canRefuseName: false });
  const member = server.chat.connect(peer, "2026-01-01T00:00:00.000Z");
  server.chat.register(member, "bob");
  assertStrictEquals(member.name, "bob_3");
});

Deno.test("Operator.shutdown() takes whole seconds up to a day, and none once stopping", async () => {
  const { operator, server } = rig();
  for (const seconds of [-1, 1.5, 86_401, NaN]) assert(!operator.shutdown(seconds).ok);
  const first = operator.shutdown(86_400);
  assertEquals(first.ok && first.value, { seconds: 86_400, replaced: false });
  const second = operator.shutdown(10);
  assertEquals(second.ok && second.value, { seconds: 10, replaced: true });
  await server.stop();
  const late = operator.shutdown(5);
  assertMatch(late.ok ? "" : late.error, /stopping already/);
});

Deno.test("Operator.wall() refuses nothing and too much", () => {
  const { operator, join } = rig();
  join("bob");
  assert(!operator.wall("  ").ok);
  assert(!operator.wall("x".repeat(8_193)).ok);
  const sent = operator.wall("x".repeat(8_192));
  assertEquals(sent.ok && sent.value, { recipients: 1 });
});

Deno.test("Server.stop() after a start that failed half-way closes everything once", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = new Server();
  const at = (port: number) => ({ kind: "tcp", host: "127.0.0.1", port }) as const;
  const problem = await server.start([
    { at: at(0), notices: false },
    { at: at(taken.addr.port), notices: false },
  ]);
  assertMatch(problem?.error ?? "", /is in use/);
  await server.stop();
  taken.close();
});
