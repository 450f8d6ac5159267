// Bans: of a connected client, before it registers, and when it reconnects.

import { assert, assertEquals } from "@std/assert";
import { ServerFixture } from "./server_fixture.ts";

Deno.test("A ban on an address ends every connection from it, with a name or without", async () => {
  await using fixture = await ServerFixture.open();
  const bob = await fixture.join("plain", "bob");
  const nameless = await fixture.connect("plain");
  await nameless.match(/Type your name/);
  const local = await fixture.join("native", "ida", fixture.unix);
  const outcome = fixture.operator.ban("127.0.0.1", { reason: "noise" });
  assertEquals(outcome.ok && outcome.value.kicked, ["bob"]);
  for (const guest of [bob, nameless]) await guest.match(/Goodbye: banned: noise/);
  assert(fixture.operator.unban("127.0.0.1").ok);
  await local.barrier();
  await fixture.canary();
});
