import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ConversationFixture } from "./conversation_fixture.ts";
import { type Cut, ResumingServer } from "./resuming_server.ts";

const OWN = ["one", "two", "thr\u00e9e", "four"];
const OTHERS = ["hi", "ho", "hum"];

/** Sends and receives while the connections break at `cuts`; returns the server. */
async function talk(...cuts: Cut[]): Promise<ResumingServer> {
  const server = new ResumingServer(...cuts);
  if (cuts.length > 1) server.overlap = 3;
  const talk = new ConversationFixture(server);
  const where = JSON.stringify(cuts);
  await talk.settle();
  talk.say("one", "two");
  server.say("bob", "hi");
  await talk.settleBack();
  talk.say("thr\u00e9e");
  server.say("bob", "ho");
  await talk.settleBack();
  talk.say("four");
  server.say("bob", "hum");
  await talk.settleBack();
  await talk.settleBack();
  assertEquals(server.sent("alice"), OWN, where);
  assertEquals(talk.shown.filter((text) => OTHERS.includes(text)), OTHERS, where);
  assertEquals(talk.shown.filter((text) => OWN.includes(text)), OWN, where);
  assertEquals(talk.answered.map(({ ref }) => ref), [1, 2, 3, 4], where);
  assertStrictEquals(talk.conversation.pending.count, 0, where);
  assert(talk.backs.every(({ resumed }) => resumed), where);
  await talk.end();
  assertStrictEquals(talk.clock.pending, 0);
  return server;
}

/** Bytes of the first hello and welcome: before their end there is no session to resume. */
async function beginning(): Promise<{ up: number; down: number }> {
  const server = new ResumingServer();
  const talk = new ConversationFixture(server);
  await talk.settle();
  const { up, down } = server.wire.passed;
  await talk.end();
  return { up, down };
}

Deno.test("Conversation says and shows each message once, wherever the connection breaks (F27, F74)", async () => {
  const least = await beginning();
  const all = (await talk()).wires[0]?.passed;
  assert(all !== undefined && all.down > least.down + 400);
  for (let down = least.down; down <= all.down; down++) {
    const server = await talk({ down });
    assert(server.wires.length > 1);
  }
  for (let up = least.up + 1; up <= all.up; up++) await talk({ up });
});

Deno.test("Conversation says and shows each message once, wherever the resume breaks too", async () => {
  const least = await beginning();
  const first = { down: least.down + 250 };
  const second = (await talk(first)).wires[1]?.passed;
  assert(second);
  for (let down = 1; down <= second.down; down += 3) {
    await talk(first, { down });
    await talk(first, { down }, { down: down + 1 });
  }
  for (let up = 1; up <= second.up; up += 2) await talk(first, { up });
});
