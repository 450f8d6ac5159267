import assert from "node:assert/strict";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Member } from "../../server/chat/member.ts";
import { Fanout } from "../../server/fanout.ts";
import { CountingEncoder, RecordingPeer } from "../fakes.ts";

const NOTICE: ServerEvent = { type: "notice", text: "héllo" };
const PONG: ServerEvent = { type: "pong" };

/** Members whose peers share `encoder`. */
function members(count: number, encoder: CountingEncoder): (Member & { peer: RecordingPeer })[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: "member",
    id: at + 1,
    serial: at + 1,
    peer: new RecordingPeer({ encoder }),
    since: "",
    session: "",
    name: `user${at + 1}`,
    groups: new Map(),
    lastPrivateFrom: undefined,
    gone: false,
  }));
}

Deno.test("Fanout.toMany() encodes once per encoder and hands everybody the same bytes", () => {
  const [one, other] = [new CountingEncoder(), new CountingEncoder()];
  const people = [...members(500, one), ...members(500, other)];
  const fanout = new Fanout();
  fanout.toMany(people, NOTICE);
  assert.equal(one.encoded, 1);
  assert.equal(other.encoded, 1);
  assert.equal(fanout.deliveries, 1000);
  for (const { peer } of people) assert.equal(peer.text, JSON.stringify(NOTICE) + "\n");
  assert.equal(new Set(people.map(({ peer }) => peer.slices[0])).size, 2);
});

Deno.test("Fanout.toMany() leaves out the one excepted", () => {
  const encoder = new CountingEncoder();
  const [alice, bob, carol] = members(3, encoder);
  assert.ok(alice && bob && carol);
  const fanout = new Fanout();
  fanout.toMany([alice, bob, carol], NOTICE, bob);
  assert.deepEqual([alice, bob, carol].map(({ peer }) => peer.slices.length), [1, 0, 1]);
  assert.equal(fanout.deliveries, 2);
});

Deno.test("Fanout.toMany() to the excepted one alone, or to nobody, encodes nothing", () => {
  const encoder = new CountingEncoder();
  const [alice] = members(1, encoder);
  assert.ok(alice);
  const fanout = new Fanout();
  fanout.toMany([alice], NOTICE, alice);
  fanout.toMany([], NOTICE);
  assert.equal(encoder.encoded, 0);
  assert.equal(fanout.deliveries, 0);
});

Deno.test("Fanout.toMany() skips a dialect without words, which it asks only once", () => {
  const [mute, other] = [new CountingEncoder(["notice"]), new CountingEncoder()];
  const people = [...members(5, mute), ...members(5, other)];
  const fanout = new Fanout();
  fanout.toMany(people, NOTICE);
  assert.equal(mute.encoded, 1);
  assert.equal(fanout.deliveries, 5);
  for (const { peer } of people.slice(0, 5)) assert.equal(peer.slices.length, 0);
  fanout.toOne({ encoder: mute, push: () => assert.fail("Nothing to push") }, NOTICE);
  assert.equal(fanout.deliveries, 5);
});

Deno.test("Fanout lays consecutive events for many side by side, private answers elsewhere", () => {
  const encoder = new CountingEncoder();
  const [alice, bob] = members(2, encoder);
  assert.ok(alice && bob);
  const fanout = new Fanout();
  fanout.toMany([alice, bob], NOTICE);
  fanout.toOne(alice.peer, PONG);
  fanout.toMany([alice, bob], NOTICE);
  const [first, second] = bob.peer.slices;
  assert.ok(first && second);
  assert.equal(first.block, second.block);
  assert.equal(first.end, second.start, "so that they can leave as one");
  const line = JSON.stringify(NOTICE) + "\n";
  assert.equal(alice.peer.text, line + '{"type":"pong"}\n' + line, "in order");
});

Deno.test("Fanout: bytes once handed out never change, however much follows", () => {
  const encoder = new CountingEncoder();
  const [alice] = members(1, encoder);
  assert.ok(alice);
  const fanout = new Fanout();
  let want = "";
  for (let count = 0; count < 300; count++) {
    // Items of every size up to beyond a block, so that blocks end in the middle of some.
    const event: ServerEvent = { type: "notice", text: `${count}é`.repeat(count * 10) };
    if (count % 2) fanout.toMany([alice], event);
    else fanout.toOne(alice.peer, event);
    want += JSON.stringify(event) + "\n";
  }
  assert.equal(alice.peer.text, want);
});

Deno.test("Fanout.toMany() survives a member that is dropped while it is told", () => {
  const encoder = new CountingEncoder();
  const people = new Set(members(5, encoder));
  const [first] = people;
  assert.ok(first);
  first.peer.push = () => void people.delete(first);
  new Fanout().toMany(people, NOTICE);
  for (const { peer } of people) assert.equal(peer.text, JSON.stringify(NOTICE) + "\n");
  assert.equal(people.size, 4);
});
