// F37, F39: a flood of messages is delayed on a server with its default limits; none of them is
// lost, and no other client notices.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const { flushMs, messageBurst, messageRate } = DEFAULT_LIMITS;
const USUAL = { messageRate };
/** Cost of the flooder's registration, at most. */
const JOINING = 2;

/** A server with the default message rate, on a clock that stands still. */
function quietServer(clock: FakeClock): Promise<ServerFixture> {
  return ServerFixture.open({ clock, limits: USUAL });
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `flood ${at}.`);
}

/**
 * Waits until the server has stored no more messages for some turns; returns how many there are.
 */
async function settled(fixture: ServerFixture): Promise<number> {
  const { history } = fixture.server.chat;
  for (let before = -1; before !== history.lastSeq;) {
    before = history.lastSeq;
    for (let turn = 0; turn < 3; turn++) await fixture.canary();
  }
  return history.lastSeq;
}

for (const { dialect, say } of DIALECT_PHRASES) {
  Deno.test(`F39: 10,000 lines of one write wait their turn, in order: ${dialect}`, async () => {
    const count = 10_000;
    const clock = new FakeClock();
    await using fixture = await quietServer(clock);
    const witness = await fixture.join("native", "witness");
    const flooder = await fixture.join(dialect, "flooder");
    const words = numbered(count);
    const sent = flooder.send(concatBytes(...words.map((text) => say(text)))).then(() =>
      flooder.client.end()
    );
    const atOnce = await settled(fixture);
    assert(atOnce <= messageBurst && atOnce >= messageBurst - JOINING, `${atOnce} at once`);
    for (let seconds = 1; fixture.isHere("flooder"); seconds++) {
      clock.advance(1_000);
      const most = messageBurst + seconds * messageRate;
      if (seconds % 20 === 0) {
        const stored = await settled(fixture);
        assert(stored <= most, `${stored} after ${seconds} s`);
      }
      assert(seconds < 2 * count / messageRate, "a message was held back for ever");
    }
    await sent;
    assertEquals((await witness.received()).map(({ text }) => text), words);
    await fixture.canary();
  });
}

Deno.test("F39: a thousand lines from a pipe take seconds, and a class's programs do not notice", async () => {
  const clock = new FakeClock();
  await using fixture = await quietServer(clock);
  const witness = await fixture.join("native", "witness");
  const piped = await fixture.connectRaw();
  const words = numbered(1_000);
  await piped.write(concatBytes("nc\n", words.map((text) => text + "\n").join("")));
  await piped.closeWrite();
  await settled(fixture);
  clock.advance(11_000);
  await until(() => !fixture.isHere("nc"), "everything was heard");
  assertEquals((await witness.received()).map(({ text }) => text), words);
});

for (
  const { more, fate } of [{ more: 100, fate: "heard to the end" }, {
    more: 5_000,
    fate: "gone soon",
  }]
) {
  Deno.test(`F24, F39: a client that sends ${more} lines too many and hangs up is ${fate}`, async () => {
    const clock = new FakeClock();
    await using fixture = await quietServer(clock);
    const witness = await fixture.join("native", "witness");
    const rude = await fixture.connectRaw();
    const words = numbered(messageBurst + more);
    await rude.write(concatBytes("USER rude\n", words.map((text) => `MSG ${text}\n`).join("")));
    await until(() => fixture.isHere("rude"), "it was in the room");
    rude.close();
    await witness.say("what makes the system notice that it is gone");
    await settled(fixture);
    const seconds = flushMs / 1_000;
    for (let at = 0; at <= seconds && fixture.isHere("rude"); at++) {
      clock.advance(1_000);
      await settled(fixture);
    }
    assertStrictEquals(fixture.isHere("rude"), false);
    const received = (await witness.received()).filter(({ from }) => from === "rude");
    const most = messageBurst + (seconds + 1) * messageRate;
    assert(received.length <= most, `${received.length} were heard`);
    assert(received.length >= messageBurst + 100, `${received.length} were heard`);
    assertEquals(received.map(({ text }) => text), words.slice(0, received.length));
  });
}

Deno.test("F37: a storm of joins and leaves is slowed down; the members are those who joined last", async () => {
  const clients = 20;
  const rounds = 401;
  const clock = new FakeClock();
  await using fixture = await quietServer(clock);
  const guests = [];
  for (let at = 0; at < clients; at++) guests.push(await fixture.join("native", `storm${at}`));
  const sent = guests.map((guest, at) => {
    // The even ones end as members of the group, the odd ones do not.
    const types = Array.from({ length: rounds + at % 2 }, (_, n) => n % 2 === 0 ? "join" : "leave");
    return guest.send(types.map((type) => JSON.stringify({ type, group: "eye" }) + "\n").join(""));
  });
  await Promise.all([...sent, fixture.canary()]);
  const reported = () =>
    fixture.watched.filter((event) => "group" in event && event.group === "eye");
  const dearest = 2 + clients / 50; // each wakes the group's members
  await until(
    () => reported().length >= clients * (messageBurst - JOINING - 2) / dearest,
    "the bursts were heard",
  );
  for (let turn = 0; turn < 5; turn++) await fixture.canary();
  assert(reported().length <= clients * (messageBurst / 2 + 1), "each counts as two messages");
  for (let seconds = 0; reported().length < clients * rounds && seconds < 60; seconds++) {
    clock.advance(1_000);
    await fixture.canary();
  }
  for (const guest of guests) await guest.barrier();
  const [group] = fixture.server.chat.groups.list(10);
  assertEquals(
    group?.members,
    guests.flatMap((_, at) => at % 2 === 0 ? [`storm${at}`] : []).sort((a, b) =>
      (group?.members.indexOf(a) ?? 0) - (group?.members.indexOf(b) ?? 0)
    ),
  );
});
