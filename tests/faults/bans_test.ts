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

Deno.test("A11: a ban takes an address in any form, unban too, and neither takes a host's name", async () => {
  await using fixture = await ServerFixture.open();
  await fixture.join("plain", "bob.example");
  const ban = (subject: string) => fixture.operator.ban(subject, { reason: "" });
  for (const host of ["localhost", "pc7.example.org", "chat.example"]) {
    const outcome = ban(host);
    assert(!outcome.ok && outcome.error.includes("give its address"), host);
  }
  assert(ban("@chat.example").ok, "a person of that name");
  for (const subject of ["[::1]:80", "1.2.3.4/33", "a b"]) assert(!ban(subject).ok, subject);
  const range = ban("127.0.0.7/24");
  assertEquals(range.ok && [range.value.ban.subject, range.value.kicked], [
    "127.0.0.0/24",
    ["bob.example"],
  ]);
  const single = fixture.operator.unban("127.0.0.1");
  assert(!single.ok && single.error.includes("127.0.0.0/24"));
  assert(fixture.operator.unban("::ffff:127.0.0.9/120").ok);
  assert(ban("::ffff:127.0.0.1").ok && fixture.operator.unban("127.0.0.1").ok);
  assert(ban("2001:db8::7").ok && fixture.operator.unban("2001:db8::8").ok);
  assert(ban("2001:db8::7/128").ok && fixture.operator.unban("2001:db8::7").ok);
  await fixture.canary();
});

Deno.test("A11: a mute takes addresses in any form, and holds for every name from there", async () => {
  await using fixture = await ServerFixture.open();
  const bob = await fixture.join("native", "bob");
  assert(fixture.operator.mute("::ffff:127.0.0.9/120").ok);
  assertEquals(fixture.operator.mutes().map(({ name }) => name), ["127.0.0.0/24"]);
  const code = async () => {
    await bob.client.request({ type: "say", text: "hi" });
    return (await bob.client.events()).map((event) => event["code"] ?? event.type);
  };
  assertEquals(await code(), ["muted"]);
  await bob.client.request({ type: "rename", name: "rob" });
  await bob.client.events();
  assertEquals(await code(), ["muted"]);
  assert(fixture.operator.unmute("127.0.0.1/24").ok);
  assert(!(await code()).includes("muted"));
});
