import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { BlockWriter } from "../../protocol/block.ts";
import type { Answer, Encoder } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Member } from "../../server/chat/member.ts";
import { Fanout } from "../../server/fanout.ts";
import type { Follower } from "../../server/net/shared_log.ts";
import { CountingEncoder, RecordingOutbox, RecordingPeer } from "../fake_peer.ts";

const NOTICE: ServerEvent = { type: "notice", text: "héllo" };
const PONG: ServerEvent = { type: "pong" };
const NOTICE_LINE = JSON.stringify(NOTICE) + "\n";

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
    identity: "",
    nameToProve: undefined,
    usesVerbs: false,
    lastPrivateFrom: undefined,
    holds: false,
    isDisconnected: false,
    hasLeft: false,
  }));
}

/** A fan-out, and how many peers were woken each time. */
function fanoutAndWoken(): { fanout: Fanout; woken: number[] } {
  const woken: number[] = [];
  const wake = (followers: ReadonlySet<Follower>) => void woken.push(followers.size);
  return { fanout: new Fanout({ maxLagBytes: 1024 * 1024, wake }), woken };
}

/** A fan-out to which every member of `people` is admitted. */
function fanoutWith(people: Iterable<Member>): Fanout {
  const { fanout } = fanoutAndWoken();
  for (const member of people) fanout.admit(member);
  return fanout;
}

function texts(people: readonly { peer: RecordingPeer }[]): string[] {
  return people.map(({ peer }) => peer.outbox.text);
}

Deno.test("Fanout.toEveryone() encodes once per encoder and wakes every peer once", () => {
  const [one, other] = [new CountingEncoder(), new CountingEncoder()];
  const people = [...members(500, one), ...members(500, other)];
  const { fanout, woken } = fanoutAndWoken();
  for (const member of people) fanout.admit(member);
  fanout.toEveryone(NOTICE);
  assertEquals([one.encoded, other.encoded], [1, 1]);
  assertEquals(woken, [500, 500]);
  assertStrictEquals(fanout.deliveries, 1000);
  assertEquals(new Set(texts(people)), new Set([NOTICE_LINE]));
});

Deno.test("Fanout.toEveryone() leaves out the one excepted, whatever came before and after", () => {
  const [alice, bob] = members(2, new CountingEncoder());
  assert(alice && bob);
  const fanout = fanoutWith([alice, bob]);
  fanout.toEveryone(PONG);
  fanout.toEveryone(NOTICE, bob);
  fanout.toEveryone(PONG);
  const pong = '{"type":"pong"}\n';
  assertEquals(texts([alice, bob]), [pong + NOTICE_LINE + pong, pong + pong]);
  assertStrictEquals(fanout.deliveries, 5);
});

Deno.test("Fanout.toEveryone() to the excepted one alone, or to none, encodes nothing", () => {
  const encoder = new CountingEncoder();
  const [alice] = members(1, encoder);
  assert(alice);
  const fanout = fanoutWith([alice]);
  fanout.toEveryone(NOTICE, alice);
  fanout.dismiss(alice);
  fanout.toEveryone(NOTICE);
  assertEquals([encoder.encoded, fanout.deliveries], [0, 0]);
});

Deno.test("Fanout.toEveryone() skips a dialect that cannot express it", () => {
  const [mute, other] = [new CountingEncoder(["notice"]), new CountingEncoder()];
  const people = [...members(5, mute), ...members(5, other)];
  const fanout = fanoutWith(people);
  fanout.toEveryone(NOTICE);
  assertStrictEquals(mute.encoded, 1);
  assertStrictEquals(fanout.deliveries, 5);
  assertEquals(texts(people.slice(0, 5)), ["", "", "", "", ""]);
});

Deno.test("Fanout: an admitted member gets what is sent until its dismissal", () => {
  const [alice, bob] = members(2, new CountingEncoder());
  assert(alice && bob);
  const fanout = fanoutWith([alice]);
  fanout.toEveryone(NOTICE);
  fanout.admit(bob);
  fanout.toEveryone(PONG);
  fanout.dismiss(alice);
  fanout.toEveryone(PONG);
  const pong = '{"type":"pong"}\n';
  assertEquals(texts([alice, bob]), [NOTICE_LINE + pong, pong + pong]);
});

Deno.test("Fanout.toMany() encodes once per encoder, except the one left out", () => {
  const [one, other] = [new CountingEncoder(), new CountingEncoder()];
  const people = [...members(5, one), ...members(5, other)];
  const { fanout } = fanoutAndWoken();
  fanout.toMany(people, NOTICE, people[0]);
  assertEquals([one.encoded, other.encoded], [1, 1]);
  assertStrictEquals(fanout.deliveries, 9);
  assertEquals(texts(people), ["", ...Array(9).fill(NOTICE_LINE)]);
  assertStrictEquals(new Set(people.slice(1).map(({ peer }) => peer.outbox.slices[0])).size, 2);
});

Deno.test("Fanout.toMany() asks a dialect that cannot express it only once", () => {
  const mute = new CountingEncoder(["notice"]);
  const { fanout } = fanoutAndWoken();
  fanout.toMany(members(5, mute), NOTICE);
  fanout.toOne({ encoder: mute, outbox: new RecordingOutbox() }, NOTICE);
  assertEquals([mute.encoded, fanout.deliveries], [2, 0]);
});

Deno.test("Fanout keeps one order for each, whether it is for everyone, some or one", () => {
  const [alice, bob] = members(2, new CountingEncoder());
  assert(alice && bob);
  const fanout = fanoutWith([alice, bob]);
  const wanted = { alice: "", bob: "" };
  for (let count = 0; count < 400; count++) {
    // Items of every size up to more than a block, so that some cross the end of a block.
    const event: ServerEvent = { type: "notice", text: `${count}é`.repeat(count * 7) };
    const line = JSON.stringify(event) + "\n";
    if (count % 4 === 0) fanout.toOne(alice.peer, event);
    else if (count % 4 === 1) fanout.toMany([alice, bob], event, alice);
    else fanout.toEveryone(event, count % 4 === 2 ? alice : undefined);
    if (count % 4 === 0 || count % 4 === 3) wanted.alice += line;
    if (count % 4 > 0) wanted.bob += line;
  }
  assertStrictEquals(alice.peer.outbox.text, wanted.alice);
  assertStrictEquals(bob.peer.outbox.text, wanted.bob);
});

Deno.test("Fanout.toMany() survives a member that is dropped meanwhile", () => {
  const people = new Set(members(5, new CountingEncoder()));
  const [first] = people;
  assert(first);
  first.peer.outbox.push = () => void people.delete(first);
  fanoutAndWoken().fanout.toMany(people, NOTICE);
  assertEquals(texts([...people]), Array(4).fill(NOTICE_LINE));
});

Deno.test("Fanout.toOne() writes with the peer's own encoder, which may count; the rest is shared", () => {
  const shared = new CountingEncoder();
  let written = 0;
  const own = {
    encode: (event: ServerEvent | Answer, out: BlockWriter) =>
      out.text(`${++written} ${event.type};`),
  };
  const [alice, bob] = members(2, shared);
  assert(alice && bob);
  alice.peer = new RecordingPeer({ encoder: shared, own });
  const fanout = fanoutWith([alice, bob]);
  fanout.toOne(alice.peer, PONG);
  fanout.toEveryone(NOTICE);
  fanout.toMany([alice, bob], NOTICE);
  fanout.toOne(alice.peer, PONG);
  fanout.toOne(alice.peer, { type: "answer", bytes: new Uint8Array(3) });
  assertStrictEquals(alice.peer.outbox.text, `1 pong;${NOTICE_LINE}${NOTICE_LINE}2 pong;3 answer;`);
  assertStrictEquals(bob.peer.outbox.text, NOTICE_LINE + NOTICE_LINE);
  assertStrictEquals(shared.encoded, 2, "once for each of the two that both read");
});

Deno.test("Fanout.toOne() sends a decoder's answer as it is where the peer has no encoder of its own", () => {
  const [alice] = members(1, new CountingEncoder());
  assert(alice);
  const fanout = fanoutWith([alice]);
  fanout.toEveryone(NOTICE);
  fanout.toOne(alice.peer, { type: "answer", bytes: new TextEncoder().encode("HTTP/1.1 200 OK") });
  fanout.toEveryone(NOTICE);
  assertStrictEquals(alice.peer.outbox.text, `${NOTICE_LINE}HTTP/1.1 200 OK${NOTICE_LINE}`);
});

Deno.test("Fanout.readmit() moves a member whose encoder has changed, and loses nothing", () => {
  const upper: Encoder<ServerEvent> = { encode: ({ type }, out) => out.text(type.toUpperCase()) };
  const lower: Encoder<ServerEvent> = { encode: ({ type }, out) => out.text(type) };
  let encoder = lower;
  const [alice, bob] = members(2, new CountingEncoder());
  assert(alice && bob);
  Object.defineProperty(alice.peer, "encoder", { get: () => encoder });
  const fanout = fanoutWith([alice, bob]);
  fanout.toEveryone(PONG);
  const { log } = alice.peer.outbox;
  fanout.readmit(alice);
  assertStrictEquals(alice.peer.outbox.log, log, "it had not changed");
  encoder = upper;
  fanout.toOne(alice.peer, NOTICE);
  fanout.readmit(alice);
  fanout.toEveryone(PONG);
  encoder = lower;
  fanout.readmit(alice);
  fanout.toEveryone(NOTICE, alice);
  fanout.toEveryone(PONG);
  assertStrictEquals(alice.peer.outbox.text, "pongNOTICEPONGpong");
  const pong = '{"type":"pong"}\n';
  assertStrictEquals(bob.peer.outbox.text, pong + pong + NOTICE_LINE + pong);
  fanout.dismiss(alice);
  encoder = upper;
  fanout.readmit(alice);
  assertStrictEquals(alice.peer.outbox.log, undefined, "readmit() admits no one new");
});

Deno.test("Fanout.toEveryone() reaches those whose encoder lists names, the others, or all", () => {
  const listing = Object.assign(new CountingEncoder(), { listsNames: true });
  const [alice] = members(1, listing);
  const [bob] = members(1, new CountingEncoder());
  assert(alice && bob);
  const fanout = fanoutWith([alice, bob]);
  fanout.toEveryone(NOTICE, undefined, "listing");
  fanout.toEveryone(PONG, undefined, "summarised");
  fanout.toEveryone(NOTICE);
  const pong = '{"type":"pong"}\n';
  assertEquals(texts([alice, bob]), [NOTICE_LINE + NOTICE_LINE, pong + NOTICE_LINE]);
  assertStrictEquals(fanout.deliveries, 4);
});

Deno.test("Fanout knows what is queued for a peer, and when its queue has space again", () => {
  const [alice] = members(1, new CountingEncoder());
  assert(alice);
  const fanout = fanoutWith([alice]);
  fanout.toEveryone(PONG);
  fanout.toOne(alice.peer, PONG);
  assertStrictEquals(fanout.queuedBytes(alice.peer), 2 * '{"type":"pong"}\n'.length);
  let low = 0;
  fanout.whenLow(alice.peer, () => low++);
  assertStrictEquals(low, 0);
  alice.peer.outbox.onLow?.();
  assertStrictEquals(low, 1);
});
