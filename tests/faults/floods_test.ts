// F37, F39: a flood of messages is delayed on a server with its default limits; none of them is
// lost, and no other client notices.

import assert from "node:assert/strict";
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
function quietRoom(clock: FakeClock): Promise<ServerFixture> {
  return ServerFixture.open({ clock, limits: USUAL });
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `flood ${at}.`);
}

/**
 * Waits until the server has stored no more messages for some turns; returns how many there are.
 */
async function settled(room: ServerFixture): Promise<number> {
  const { history } = room.server.chat;
  for (let before = -1; before !== history.lastSeq;) {
    before = history.lastSeq;
    for (let turn = 0; turn < 3; turn++) await room.canary();
  }
  return history.lastSeq;
}

for (const { dialect, say } of DIALECT_PHRASES) {
  Deno.test(`F39: 10,000 lines of one write wait their turn, in order: ${dialect}`, async () => {
    const count = 10_000;
    const clock = new FakeClock();
    await using room = await quietRoom(clock);
    const witness = await room.join("native", "witness");
    const flooder = await room.join(dialect, "flooder");
    const words = numbered(count);
    const sent = flooder.send(concatBytes(...words.map((text) => say(text)))).then(() =>
      flooder.client.end()
    );
    const atOnce = await settled(room);
    assert.ok(atOnce <= messageBurst && atOnce >= messageBurst - JOINING, `${atOnce} at once`);
    for (let seconds = 1; room.isHere("flooder"); seconds++) {
      clock.advance(1_000);
      const most = messageBurst + seconds * messageRate;
      if (seconds % 20 === 0) {
        const stored = await settled(room);
        assert.ok(stored <= most, `${stored} after ${seconds} s`);
      }
      assert.ok(seconds < 2 * count / messageRate, "a message was held back for ever");
    }
    await sent;
    assert.deepEqual((await witness.heard()).map(({ text }) => text), words);
    await room.canary();
  });
}

Deno.test("F39: a thousand lines from a pipe take seconds, and a class's programs do not notice", async () => {
  const clock = new FakeClock();
  await using room = await quietRoom(clock);
  const witness = await room.join("native", "witness");
  const piped = await room.connectRaw();
  const words = numbered(1_000);
  await piped.write(concatBytes("nc\n", words.map((text) => text + "\n").join("")));
  await piped.closeWrite();
  await settled(room);
  clock.advance(11_000);
  await until(() => !room.isHere("nc"), "everything was heard");
  assert.deepEqual((await witness.heard()).map(({ text }) => text), words);
});

for (
  const { more, fate } of [{ more: 100, fate: "heard to the end" }, {
    more: 5_000,
    fate: "gone soon",
  }]
) {
  Deno.test(`F24, F39: a client that sends ${more} lines too many and hangs up is ${fate}`, async () => {
    const clock = new FakeClock();
    await using room = await quietRoom(clock);
    const witness = await room.join("native", "witness");
    const rude = await room.connectRaw();
    const words = numbered(messageBurst + more);
    await rude.write(concatBytes("USER rude\n", words.map((text) => `MSG ${text}\n`).join("")));
    await until(() => room.isHere("rude"), "it was in the room");
    rude.close();
    await witness.say("what makes the system notice that it is gone");
    await settled(room);
    const seconds = flushMs / 1_000;
    for (let at = 0; at <= seconds && room.isHere("rude"); at++) {
      clock.advance(1_000);
      await settled(room);
    }
    assert.equal(room.isHere("rude"), false);
    const heard = (await witness.heard()).filter(({ from }) => from === "rude");
    const most = messageBurst + (seconds + 1) * messageRate;
    assert.ok(heard.length <= most, `${heard.length} were heard`);
    assert.ok(heard.length >= messageBurst + 100, `${heard.length} were heard`);
    assert.deepEqual(heard.map(({ text }) => text), words.slice(0, heard.length));
  });
}

Deno.test("F37: a storm of joins and leaves is slowed down; the members are those who joined last", async () => {
  const clients = 20;
  const rounds = 401;
  const clock = new FakeClock();
  await using room = await quietRoom(clock);
  const guests = [];
  for (let at = 0; at < clients; at++) guests.push(await room.join("native", `storm${at}`));
  const sent = guests.map((guest, at) => {
    // The even ones end as members of the group, the odd ones do not.
    const types = Array.from({ length: rounds + at % 2 }, (_, n) => n % 2 === 0 ? "join" : "leave");
    return guest.send(types.map((type) => JSON.stringify({ type, group: "eye" }) + "\n").join(""));
  });
  await Promise.all([...sent, room.canary()]);
  const told = () => room.watched.filter((event) => "group" in event && event.group === "eye");
  await until(
    () => told().length >= clients * (messageBurst - JOINING) / 2,
    "the bursts were heard",
  );
  for (let turn = 0; turn < 5; turn++) await room.canary();
  assert.ok(told().length <= clients * (messageBurst / 2 + 1), "each counts as two messages");
  for (let seconds = 0; told().length < clients * rounds && seconds < 60; seconds++) {
    clock.advance(1_000);
    await room.canary();
  }
  for (const guest of guests) await guest.barrier();
  const [group] = room.server.chat.groups.list(10);
  assert.deepEqual(
    group?.members,
    guests.flatMap((_, at) => at % 2 === 0 ? [`storm${at}`] : []).sort((a, b) =>
      (group?.members.indexOf(a) ?? 0) - (group?.members.indexOf(b) ?? 0)
    ),
  );
});
