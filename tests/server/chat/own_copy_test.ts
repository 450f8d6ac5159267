// What the sender of a message receives of it if its connection has its own encoder.

import { assert, assertEquals } from "@std/assert";
import type { ServerEvent } from "../../../protocol/events.ts";
import { CountingEncoder } from "../../fake_peer.ts";
import { ChatFixture } from "./chat_fixture.ts";

/** The type of each event, and the request it answers. */
function refs(events: readonly ServerEvent[]): [string, unknown][] {
  return events.map((event) => [event.type, "ref" in event ? event.ref : undefined]);
}

Deno.test("Messaging.send() names the request on the sender's own copy, and on no other", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice", { echo: true, own: new CountingEncoder() });
  const bob = fixture.join("bob", { echo: true, own: new CountingEncoder() });
  for (const to of [undefined, { sigil: "@", name: "bob" }] as const) {
    const sent = alice.ask({ verb: "say", text: "hi", ref: "r1", ...(to && { to }) });
    assertEquals(refs(sent), [["message", "r1"], ["ack", "r1"]]);
    assertEquals(refs(bob.peer.take()), [["message", undefined]]);
  }
  const unnamed = alice.ask({ verb: "say", text: "hi" });
  assertEquals(refs(unnamed), [["message", undefined], ["ack", undefined]]);
  assert(fixture.observed.every((event) => !("ref" in event)));
  const page = bob.ask({ verb: "history" })[0];
  assert(page?.type === "history" && page.messages.every((message) => !("ref" in message)));
});

Deno.test("Messaging.send() leaves the copy as it is where one encoder writes for many", () => {
  const alice = new ChatFixture().join("alice", { echo: true });
  const sent = alice.ask({ verb: "say", text: "hi", ref: "r1" });
  assertEquals(refs(sent), [["message", undefined], ["ack", "r1"]]);
});
