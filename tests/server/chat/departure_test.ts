// How a member leaves by request: for good with `bye`, whose reason the others read, or as after a
// lost connection with `hangup`.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { MAX_REASON_CHARS } from "../../../protocol/limits.ts";
import { eventTypes, GRACE_MS, memberWithToken, resumeMember } from "./resuming_members.ts";
import { ChatFixture } from "./chat_fixture.ts";

for (
  const { given, read } of [
    { given: undefined, read: undefined },
    { given: "  ", read: undefined },
    { given: "Quit: lunch", read: "Quit: lunch" },
    { given: "a\nb\x1b[2J", read: "a\\x0ab\\x1b[2J" },
    { given: "é".repeat(MAX_REASON_CHARS + 1), read: "é".repeat(MAX_REASON_CHARS) },
  ]
) {
  Deno.test(`perform() of bye for ${JSON.stringify(given?.slice(0, 12))} sends the others the reason`, () => {
    const fixture = new ChatFixture();
    const [ana, bob] = [fixture.join("ana"), fixture.join("bob")];
    ana.ask({ verb: "bye", ...(given !== undefined && { reason: given }) });
    assertEquals(ana.peer.closes, [{ reason: "bye", detail: read }]);
    const left = { type: "left", name: "ana", ...(read !== undefined && { reason: read }) };
    assertEquals<unknown>(bob.peer.take(), [left]);
    assertEquals<unknown>(fixture.observed.at(-1), left);
  });
}

Deno.test("perform() of bye gives no reason for the muted: it would be a message", () => {
  const fixture = new ChatFixture();
  const [ana, bob] = [fixture.join("ana"), fixture.join("bob")];
  fixture.chat.messaging.mutes.add({ name: "ana", until: Infinity });
  ana.ask({ verb: "bye", reason: "and another thing" });
  assertEquals(bob.peer.take(), [{ type: "left", name: "ana" }]);
});

Deno.test("perform() of hangup holds the name as after a lost connection; bye does not", () => {
  const fixture = new ChatFixture();
  const bob = fixture.join("bob");
  const ana = memberWithToken(fixture, "ana");
  const eve = memberWithToken(fixture, "eve");
  bob.peer.take();
  ana.ask({ verb: "hangup" });
  assertEquals(ana.peer.closes, [{ reason: "eof", detail: undefined }]);
  assertEquals(bob.peer.take(), [], "nobody has left");
  assertStrictEquals(fixture.connect().refused({ verb: "hello", name: "ana" }), "name_taken");
  bob.say("meanwhile");
  const { reported } = resumeMember(fixture, ana.token);
  assertEquals(eventTypes(reported), ["welcome", "message"]);
  eve.ask({ verb: "bye" });
  assertEquals(eventTypes(bob.peer.take()), ["left"]);
  const gone = fixture.connect().refused({
    verb: "hello",
    resume: { session: eve.token, since: 0 },
  });
  assertStrictEquals(gone, "no_such_session");
});

Deno.test("perform() of hangup ends the session for good of a member that cannot resume, or holds nothing", () => {
  const fixture = new ChatFixture();
  const bob = fixture.join("bob");
  const ana = memberWithToken(fixture, "ana");
  const eve = fixture.join("eve");
  bob.peer.take();
  ana.ask({ verb: "hangup" });
  eve.ask({ verb: "hangup" });
  const reason = "disconnected";
  assertEquals(bob.peer.take(), [{ type: "left", name: "eve", reason }]);
  fixture.clock.advance(GRACE_MS);
  assertEquals(bob.peer.take(), [{ type: "left", name: "ana", reason }]);
});
