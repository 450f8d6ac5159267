// F33, F38, F40: a request that costs the server more than a message also costs its sender more.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { setImmediate } from "node:timers";
import { RecordingPeer } from "../fake_peer.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { concatBytes } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { fillQueue } from "./fill_buffers.ts";
import { until } from "../until.ts";

const { messageBurst, messageRate } = DEFAULT_LIMITS;

/** Counts how often the server encodes a page of history. */
function countPages({ server }: ServerFixture): () => number {
  const { chat } = server;
  const page = chat.page.bind(chat);
  let count = 0;
  chat.page = (...asked) => {
    count++;
    return page(...asked);
  };
  return () => count;
}

function requests(count: number, request: (at: number) => Record<string, unknown>): Uint8Array {
  return concatBytes(
    Array.from({ length: count }, (_, at) => JSON.stringify(request(at)) + "\n").join(""),
  );
}

Deno.test("F33: pages of history are made only as they are read", async () => {
  await using fixture = await ServerFixture.open({ clock: new FakeClock() });
  const speaker = await fixture.join("plain", "speaker");
  for (let at = 0; at < 40; at++) await speaker.say(`#${at} ${"h".repeat(8_000)}`);
  await speaker.barrier();
  const stalled = await fixture.joinRaw("native", "stalled");
  await fillQueue(fixture, "stalled"); // from now on what it does not read stays in the server's queue
  const pages = countPages(fixture);
  const queued = fixture.queuedFor("stalled");
  await stalled.write(requests(1_000, (ref) => ({ type: "history", ref })));
  for (let turn = 0; turn < 10; turn++) await fixture.canary();
  const most = Math.ceil(fixture.server.limits.softQueueBytes / 100_000) + 1;
  assert(pages() <= most, `${pages()} pages for somebody who does not read`);
  assert(fixture.queuedFor("stalled") < queued + most * 400_000);
  assert(fixture.isHere("stalled"), "dropped instead of slowed down");
});

Deno.test("F38: 10,000 groups are refused, slowly, and cost no memory", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, limits: { messageRate } });
  const greedy = await fixture.join("native", "greedy");
  const sent = greedy.send(requests(10_000, (at) => ({ type: "join", group: `g${at}` })));
  const { groups } = fixture.server.chat;
  await until(
    () => groups.size === DEFAULT_LIMITS.maxGroupsPerClient,
    "as many as one may have",
  );
  await Promise.all([sent, fixture.canary()]);
  for (let turn = 0; turn < 5; turn++) await fixture.canary();
  const refused = () => greedy.seen.filter((line) => line.includes('"group_limit"')).length;
  assert(refused() <= messageBurst / 2 - groups.size, `${refused()} at once`);
  clock.advance(60_000);
  await fixture.canary();
  assertStrictEquals(groups.size, DEFAULT_LIMITS.maxGroupsPerClient);
  fixture.operator.kick("greedy", "its requests would take minutes");
});

Deno.test("F38: 10,000 joins of one group end inside it, whatever the answers", async () => {
  await using fixture = await ServerFixture.open({ clock: new FakeClock() });
  const keen = await fixture.join("native", "keen");
  await Promise.all([
    keen.send(requests(10_000, () => ({ type: "join", group: "one" }))),
    fixture.canary(),
  ]);
  await keen.barrier();
  assertEquals(fixture.server.chat.groups.list(10), [{ name: "one", members: ["keen"] }]);
});

Deno.test("F40: few expensive requests are carried out in a turn, and in a second", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, limits: { messageRate } });
  const { chat, limits } = fixture.server;
  for (let at = 0; at < 1_000; at++) {
    chat.register(chat.connect(new RecordingPeer(), "2030-01-01T00:00:00.000Z"), `listed${at}`);
  }
  const asker = await fixture.join("native", "asker");
  let inTurn = 0;
  let most = 0;
  let count = 0;
  const toOne = chat.delivery.toOne.bind(chat.delivery);
  chat.delivery.toOne = (peer, event) => {
    toOne(peer, event);
    if (event.type !== "who") return;
    count++;
    if (inTurn++ === 0) setImmediate(() => inTurn = 0);
    most = Math.max(most, inTurn);
  };
  await asker.send(requests(500, (ref) => ({ type: "who", ref })));
  await until(() => count > 0, "the first answers");
  for (let turn = 0; turn < 20; turn++) await fixture.canary();
  const cost = 1 + Math.floor(answerBytes(asker.seen) / 4_096);
  assert(cost >= 10, "a long list is expensive");
  assert(count <= messageBurst / cost + 1, `${count} at once, each for ${cost}`);
  assert(most <= limits.requestsPerTurn / cost + 1, `${most} in one turn`);
  clock.advance(10_000);
  for (let turn = 0; turn < 5; turn++) await fixture.canary();
  assert(count <= (messageBurst + 10 * messageRate) / cost + 2, `${count} after 10 s`);
  fixture.operator.kick("asker", "its requests would take minutes");
});

function answerBytes(seen: readonly string[]): number {
  return seen.find((line) => line.includes('"who"'))?.length ?? 0;
}

Deno.test("A7: input costs by its bytes, also of a request that is cheap and of a line that never ends", async () => {
  const clock = new FakeClock();
  const limits = { messageBurst: 50, messageRate: 50 };
  await using fixture = await ServerFixture.open({ clock, limits });
  const member = await fixture.join("native", "mallory");
  const junk = "x".repeat(60_000);
  const sent = member.send(requests(20, (ref) => ({ type: "ping", ref, junk })));
  const answered = () => member.seen.filter((line) => line.includes('"pong"')).length;
  await until(() => answered() >= 2, "the first ones");
  for (let turn = 0; turn < 20; turn++) await fixture.canary();
  assert(answered() < 8, `${answered()} of 60 KB in one burst`);
  for (let second = 0; second < 60 && answered() < 20; second++) {
    clock.advance(1_000);
    await fixture.canary();
  }
  await sent;
  await until(() => answered() === 20, "all of them, later");
});

Deno.test("A7: of 5,000 requests in one chunk only those are decoded whose turn it is", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, limits: { messageBurst, messageRate } });
  const member = await fixture.join("native", "mallory");
  const { parse } = JSON;
  let parsed = 0;
  JSON.parse = (text, ...more) => {
    if (text === "{}") parsed++;
    return parse(text, ...more);
  };
  try {
    const sent = member.send("{}\n".repeat(5_000));
    await until(() => parsed >= messageBurst - 20, "the burst");
    for (let turn = 0; turn < 20; turn++) await fixture.canary();
    assert(parsed < messageBurst + 1_500, `${parsed} were decoded`);
    const answered = () => member.seen.filter((line) => line.includes("bad_request")).length;
    for (let second = 0; second < 300 && answered() < 5_000; second++) {
      clock.advance(1_000);
      await fixture.canary();
    }
    await sent;
    await until(() => answered() === 5_000, "all of them, later");
  } finally {
    JSON.parse = parse;
  }
});

Deno.test("A7: blank lines without end cost too, and what follows waits", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, limits: { messageBurst, messageRate } });
  const member = await fixture.join("native", "mallory");
  const sent = member.send("\n".repeat(100_000) + '{"type":"ping","ref":"end"}\n');
  for (let turn = 0; turn < 20; turn++) await fixture.canary();
  const isAnswered = () => member.seen.some((line) => line.includes('"ref":"end"'));
  assert(!isAnswered(), "100,000 lines at once");
  for (let second = 0; second < 120 && !isAnswered(); second++) {
    clock.advance(1_000);
    await fixture.canary();
  }
  await sent;
  await member.match(/"ref":"end"/);
});
