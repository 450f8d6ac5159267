// Bans: of a connected client, before it registers, and when it reconnects.

import assert from "node:assert/strict";
import { ServerFixture } from "./server_fixture.ts";

Deno.test("A ban on an address ends every connection from it, with a name or without", async () => {
  await using room = await ServerFixture.open();
  const bob = await room.join("plain", "bob");
  const nameless = await room.connect("plain");
  await nameless.match(/Type your name/);
  const local = await room.join("native", "ida", room.unix);
  const outcome = room.operator.ban("127.0.0.1", { reason: "noise" });
  assert.deepEqual(outcome.ok && outcome.value.kicked, ["bob"]);
  for (const guest of [bob, nameless]) await guest.match(/Goodbye: banned: noise/);
  assert.ok(room.operator.unban("127.0.0.1").ok);
  await local.barrier();
  await room.canary();
});
