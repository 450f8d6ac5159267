// F59: an exception while serving one connection ends that connection and disturbs no other.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

/** Makes the server's own code throw at every message that contains "boom". */
function sabotage({ server }: ServerFixture): void {
  const { messaging } = server.chat;
  const say = messaging.send.bind(messaging);
  messaging.send = (member, sent) => {
    if (sent.text.includes("boom")) throw new Error("sabotaged by the test");
    say(member, sent);
  };
}

for (const { dialect } of DIALECT_PHRASES) {
  Deno.test(`F59: a handler that throws ends one connection of ${dialect}, and is logged`, async () => {
    await using fixture = await ServerFixture.open();
    sabotage(fixture);
    const witnesses = await Promise.all(
      DIALECT_PHRASES.map((book) => fixture.join(book.dialect, `${book.dialect}-ear`)),
    );
    const victim = await fixture.join(dialect, "victim");
    await victim.say("before");
    await victim.send(concatBytes(victim.book.say("boom"), victim.book.say("behind")));
    await victim.ended();
    await fixture.closes("error");
    for (const witness of witnesses) {
      const lines = await witness.barrier();
      const received = lines.flatMap((line) => witness.book.message(line) ?? []);
      assertEquals(received, [{ from: "victim", text: "before" }]);
      assertStrictEquals(
        lines.filter((line) => /victim.*left|"left".*victim/.test(line)).length,
        1,
      );
    }
    const faults = fixture.log.filter(({ what }) => what === "fault");
    assertStrictEquals(faults.length, 1);
    const details: Readonly<Record<string, unknown>> = faults[0]?.details ?? {};
    assertMatch(`${details["fault"]}`, /sabotaged by the test[^]*broken_handlers_test/);
    await fixture.join(dialect, "victim");
    await fixture.canary();
  });
}

Deno.test("F59: a watcher that throws costs no member's leaving and no rejection", async () => {
  await using fixture = await ServerFixture.open({ clock: new FakeClock() });
  const unhandled: unknown[] = [];
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", onRejection);
  const unwatch = fixture.operator.watch(({ event }) => {
    if (event.type === "left") throw new Error("sabotaged by the test");
  });
  const witness = await fixture.join("native", "witness");
  const victim = await fixture.join("plain", "victim");
  await victim.client.end();
  await victim.ended();
  await witness.match(/"left"/);
  await until(() => fixture.server.sessions.size === 1, "the connection was gone");
  unwatch();
  removeEventListener("unhandledrejection", onRejection);
  assertEquals(unhandled, []);
  await fixture.canary();
});
