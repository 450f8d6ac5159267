import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { RoundLimit } from "../../server/round_limit.ts";
import { Server } from "../../server/server.ts";
import { TestClient } from "../test_client.ts";
import { settledInTime, turn } from "../until.ts";

Deno.test("RoundLimit.count() calls back once, after the last round", async () => {
  let reported = 0;
  const rounds = new RoundLimit(2, () => reported++);
  rounds.count();
  assertStrictEquals(rounds.isReached, false);
  rounds.count();
  rounds.count();
  assertEquals([rounds.isReached, reported], [true, 0]);
  await turn();
  assertStrictEquals(reported, 1);
  assertStrictEquals(rounds.text(EN.notices), "The 2 rounds are over");
});

Deno.test("RoundLimit without a number are never over", () => {
  const rounds = new RoundLimit(undefined, () => fail());
  for (let at = 0; at < 1000; at++) rounds.count();
  assertStrictEquals(rounds.isReached, false);
});

async function serverFor(rounds: number) {
  const server = new Server({ rounds });
  const at = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  assertStrictEquals(await server.start([{ at, notices: false }]), undefined);
  const bound = server.addresses[0]?.at;
  assert(bound?.kind === "tcp");
  return {
    server,
    port: bound.port,
    stopped: settledInTime(server.stopped, "the end of the rounds"),
  };
}

Deno.test("Server counts a connection, a name, each message and an end as rounds (R15, D7)", async () => {
  const { server, port, stopped } = await serverFor(8);
  {
    await using ana = await TestClient.native({ port }, "ana"); // 1, 2
    await ana.request({ type: "say", text: "one", ref: 1 }); // 3
    await ana.lines.match(/"ack"/);
  } // 4
  await using eve = await TestClient.native({ port }, "eve"); // 5, 6
  await eve.request({ type: "say", text: "two", ref: 2 }); // 7
  await eve.lines.match(/"ack"/);
  assertStrictEquals(server.isStopping, false);
  await eve.request({ type: "say", text: "three", ref: 3 }); // 8
  await eve.lines.match(/"ack".*"ref":3/); // the last one is finished
  await eve.lines.match(/"closed","reason":"shutdown"/);
  await stopped;
  assertStrictEquals(server.rounds.isReached, true);
});

Deno.test("Server takes nothing after its last round, also of the same packet", async () => {
  const { server, port, stopped } = await serverFor(4);
  await using tom = await TestClient.connect({ port }); // 1
  await tom.send("USER tom\nMSG one\nMSG two\nMSG three\n"); // 2, 3, 4, and one too many
  await stopped;
  assertStrictEquals(server.chat.history.lastSeq, 2);
});

Deno.test("Server stops when the last round is a connection or an end", async () => {
  const one = await serverFor(1);
  await using _ = await TestClient.connect(one);
  await one.stopped;
  const two = await serverFor(2);
  await (await TestClient.connect(two))[Symbol.asyncDispose]();
  await two.stopped;
});
