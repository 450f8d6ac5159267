// Every answer fits the queue of its client: a long answer must not disconnect a client that reads
// well as slow.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { BlockWriter } from "../../../protocol/block.ts";
import { DIALECTS } from "../../../protocol/dialects.ts";
import type { ServerEvent } from "../../../protocol/events.ts";
import { MAX_LISTED, MAX_MESSAGE_BYTES, MAX_NAME_CHARS } from "../../../protocol/limits.ts";
import type { Request } from "../../../protocol/requests.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { ChatFixture, type TestMember } from "./chat_fixture.ts";

/** Bytes of an event in the dialect that needs most for it. */
function bytes(event: ServerEvent): number {
  const sizes = DIALECTS.map((dialect) => {
    const { encoder } = dialect.server({ notices: true, asksName: true });
    const out = new BlockWriter();
    out.begin();
    encoder.encode(event, out);
    const slice = out.end();
    return slice ? slice.end - slice.start : 0;
  });
  return Math.max(...sizes);
}

/** The answer, which must leave space for whatever else is queued. */
function answer(client: TestMember, request: Request): ServerEvent {
  const [event] = client.ask(request);
  assert(event);
  const fixture = DEFAULT_LIMITS.hardQueueBytes - DEFAULT_LIMITS.softQueueBytes;
  assert(bytes(event) < fixture, `${event.type} takes ${bytes(event)} bytes`);
  return event;
}

/** The longest possible name, in bytes: every character takes four. */
function longName(number: number): string {
  const digits = [...String(number).padStart(6, "0")].map((d) =>
    String.fromCodePoint(0x10450 + +d)
  );
  return digits.join("") + "𐑐".repeat(MAX_NAME_CHARS - 6);
}

for (
  const [what, unit] of [["quotes", '"'], ["letters", "x"], ["3-byte characters", "€"]] as const
) {
  Deno.test(`A page of full messages made of ${what} is cut to what fits, the newest kept`, () => {
    const fixture = new ChatFixture({ capacity: MAX_LISTED });
    const alice = fixture.join("alice");
    const size = new TextEncoder().encode(unit).length;
    const text = unit.repeat(Math.floor(MAX_MESSAGE_BYTES / size));
    for (let count = 0; count < 200; count++) alice.say(text);
    const page = answer(alice, { verb: "history", limit: 200 });
    assert(page.type === "history" && page.messages.length >= 16);
    assertStrictEquals(page.messages.at(-1)?.seq, 200);
    const numbers = page.messages.map(({ seq }) => seq);
    assertEquals(numbers, numbers.map((_, at) => 201 - numbers.length + at), "no gap");
    assertStrictEquals(page.next, numbers[0], "the next page has the rest");
    const forward = answer(alice, { verb: "history", since: 0, limit: 200 });
    assert(forward.type === "history");
    assertEquals(forward.messages.map(({ seq }) => seq), numbers.map((_, at) => at + 1));
    assertStrictEquals(forward.next, numbers.length);
  });
}

Deno.test("A page of short messages is as long as was asked for", () => {
  const fixture = new ChatFixture({ capacity: MAX_LISTED });
  const names = [fixture.join(longName(1)), fixture.join(longName(2))];
  const [alice, bob] = names;
  assert(alice && bob);
  for (let count = 0; count < MAX_LISTED; count++) alice.say("x".repeat(100), `@${bob.name}`);
  const page = answer(bob, { verb: "history", limit: MAX_LISTED });
  assert(page.type === "history");
  assertStrictEquals(page.messages.length, MAX_LISTED);
});

Deno.test("Lists of members and groups fit, however many memberships there are", () => {
  const fixture = new ChatFixture({ maxGroups: 1_000, maxGroupsPerClient: 50 });

  for (let at = 0; at < 400; at++) fixture.chat.register(fixture.connect().member, longName(at));
  let joined = 0;
  for (const member of fixture.chat.members) {
    for (let group = 0; group < 50; group++) {
      assertStrictEquals(fixture.chat.groups.join(member, longName(900_000 + group)), undefined);
      joined++;
    }
  }
  assertStrictEquals(joined, 20_000);
  const asker = fixture.join("asker");
  const who = answer(asker, { verb: "who" });
  assert(who.type === "who" && who.users.length > 0);
  assertStrictEquals(who.total, 401, "the total tells of the rest");
  const groups = answer(asker, { verb: "groups" });
  assert(groups.type === "groups" && groups.groups.length > 0);
  assertStrictEquals(groups.total, 50);
});

Deno.test("The longest welcome fits", () => {
  const fixture = new ChatFixture({ maxGroups: 1_000, maxGroupsPerClient: 1_000 });
  for (let at = 0; at < MAX_LISTED; at++) {
    const { member } = fixture.connect();
    fixture.chat.register(member, longName(at));
    assertStrictEquals(fixture.chat.groups.join(member, longName(500_000 + at)), undefined);
  }
  const welcome = answer(fixture.connect(), { verb: "hello", name: "last" });
  assert(welcome.type === "welcome");
  assertStrictEquals(welcome.users.length, MAX_LISTED);
  assertStrictEquals(welcome.groups.length, MAX_LISTED);
});
