// Operators in the chat: a member that proves a claimed name of the operators' list gives commands,
// in every dialect with lines, and other members learn nothing of it.

import { assert, assertMatch, assertNotMatch } from "@std/assert";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { absentOwner, owner, SECRET } from "./claimed_names.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

Deno.test("What a claim proved proves nothing of a later one on the same name", async () => {
  // Time stands still: both names may be claimed in one millisecond.
  await using fixture = await ServerFixture.open({ clock: new FakeClock() });
  const first = await owner(fixture, "alice");
  assert(fixture.operator.setOperator("alice", true).ok);
  assert(fixture.operator.unclaim("alice").ok);
  await first.client.request({ type: "rename", name: "other" });
  await first.match(/"renamed"/);
  await owner(fixture, "alice");
  assert(fixture.operator.setOperator("alice", true).ok);
  await first.client.request({ type: "admin", line: "wall pwned" });
  await first.match(/unknown_command/);
});

for (
  const [dialect, typed] of [["plain", "/"], ["etx", "/"], ["usermsg", ""], ["native", ""]] as const
) {
  Deno.test(`An operator gives commands in ${dialect}, and only the log records it`, async () => {
    await using fixture = await ServerFixture.open();
    await absentOwner(fixture, "alice");
    const victim = await fixture.join("plain", "victim");
    assert(fixture.operator.setOperator("alice", true).ok);
    const alice = dialect === "etx"
      ? await fixture.join("etx", "carol")
      : await fixture.connect(dialect);
    if (dialect === "native") {
      await alice.client.request({ type: "hello", name: "alice", passphrase: SECRET });
    } else if (dialect === "etx") await alice.send(`n alice ${SECRET}\n`);
    else await alice.send(alice.book.hello(`alice ${SECRET}`));
    await until(() => fixture.isHere("alice"), "alice was in");
    const order = (line: string) =>
      dialect === "native"
        ? alice.client.request({ type: "admin", line })
        : alice.send(`${typed}${line}\n`);
    await order("kick victim too loud");
    await alice.match(/Kicked victim/);
    await victim.match(/Goodbye: kicked: too loud/);
    assert(
      fixture.log.some(({ what, details }) =>
        what === "order" && "by" in details && details.by === "alice" && details.order === "kick"
      ),
    );
    await order("op victim");
    assertNotMatch(await alice.match(/op|Unknown/), /is an operator/);
    await order("kick nobody");
    await alice.match(/No member called/);
    assert(fixture.operator.setOperator("alice", false).ok);
    await order("kick victim");
    await alice.match(/Unknown|unknown_command/);
  });
}

Deno.test("An operator's help in plain names the commands, that of others does not", async () => {
  await using fixture = await ServerFixture.open();
  const alice = await fixture.join("plain", "alice");
  await alice.send(`/claim ${SECRET}\n`);
  await alice.match(/is yours/);
  await alice.send("/help\n");
  assertNotMatch((await alice.barrier()).join("\n"), /\/kick/);
  fixture.operator.setOperator("alice", true);
  await alice.send("/help\n");
  assertMatch((await alice.barrier()).join("\n"), /\/kick NAME/);
  await alice.send("/admin who\n");
  await alice.match(/DIALECT/);
});

Deno.test("A connected member gets a notice when it becomes an operator, and when that ends; no other does", async () => {
  await using fixture = await ServerFixture.open();
  const alice = await owner(fixture, "alice");
  const bob = await owner(fixture, "bob");
  const carol = await fixture.join("plain", "carol");
  assert(fixture.operator.setOperator("alice", true).ok);
  await alice.match(/"notice","text":"You are an operator now: \/help lists/);
  assert(fixture.operator.setOperator("alice", false).ok);
  await alice.match(/"notice","text":"You are no operator any more"/);
  for (const other of [bob, carol]) {
    assertNotMatch((await other.barrier()).join("\n"), /operator/);
  }
});
