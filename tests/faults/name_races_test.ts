// F19, F21: a name has one holder at any moment, and is free as soon as the holder disconnects.

import { assert, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { PAIRS, raceForNames } from "./name_races.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { fillQueue } from "./fill_buffers.ts";
import { until } from "../until.ts";

/** name_races_slow_test.ts has more. */
const RENAMES = 33;
const HELLOS = 20;

for (const [one, other] of PAIRS) {
  Deno.test(`F19: ${one} and ${other} take one name at the same time and one of them gets it`, () =>
    raceForNames([one, other], RENAMES));

  Deno.test(`F19: ${one} and ${other} register under one name at the same time`, async () => {
    await using fixture = await ServerFixture.open();
    for (let round = 0; round < HELLOS; round++) {
      const name = `prize-${round}.`;
      const rivals = await Promise.all([fixture.connect(one), fixture.connect(other)]);
      await Promise.all(rivals.map((rival) => rival.send(rival.book.hello(name))));
      for (const rival of rivals) {
        const line = await rival.match(new RegExp(`taken|${rival.book.welcome.source}`));
        // The other is refused, or gets another name if its dialect has no refusal; and works on.
        if (line.includes("taken")) await rival.send(rival.book.hello(`loser-${round}`));
        await rival.barrier();
      }
      const names = [...fixture.server.chat.members].map((member) => member.name);
      assertStrictEquals(names.length, 2 * round + 2, names.join(" "));
      assertStrictEquals(names.filter((held) => held === name).length, 1);
    }
    assertStrictEquals(
      new Set([...fixture.server.chat.members].map(({ name }) => name)).size,
      2 * HELLOS,
    );
    await fixture.canary();
  });
}

/** The ways to disconnect, each with the close reason that the server counts. */
const WAYS = {
  quit: "bye",
  eof: "eof",
  reset: "reset",
  kick: "kicked",
  timeout: "slow",
} as const;

type Way = keyof typeof WAYS;

/** Connects under the name "freed" and disconnects that way. */
async function comeAndGo(fixture: ServerFixture, dialect: DialectName, way: Way): Promise<void> {
  if (way === "reset" || way === "timeout") {
    const conn = await fixture.joinRaw(dialect, "freed", fixture.unix);
    if (way === "timeout") {
      await fillQueue(fixture, "freed");
      fixture.clock?.advance(fixture.server.limits.stalledMs + 2_000);
      return;
    }
    conn.close(); // with the welcome unread: the system answers with a reset
    return;
  }
  const guest = await fixture.join(dialect, "freed");
  if (way === "eof") await guest.client.end();
  else if (way === "kick") assert(fixture.operator.kick("freed", "").ok);
  else await guest.send(guest.book.quit ?? "");
}

for (const { dialect, quit } of DIALECT_PHRASES) {
  for (const way of Object.keys(WAYS) as Way[]) {
    if (quit === undefined && way === "quit") continue;

    Deno.test(`F21: a name is free immediately after ${way} of ${dialect}`, async () => {
      await using fixture = await ServerFixture.open({ clock: new FakeClock() });
      const witness = await fixture.join("plain", "witness");
      await comeAndGo(fixture, dialect, way);
      await witness.match(/^-- freed left/);
      // Free in every dialect immediately, also while the old socket is still being closed.
      for (const next of DIALECT_PHRASES) {
        const heir = await fixture.join(next.dialect, "freed");
        assertStrictEquals(await witness.match(/freed/), "-- freed joined");
        await heir.client.end();
        await witness.match(/^-- freed left/);
      }
      assert(
        (fixture.server.closed.get(WAYS[way]) ?? 0) >= 1,
        [...fixture.server.closed].join(" "),
      );
      await fixture.canary();
    });
  }
}

Deno.test("F21: a kicked name is free before the kick has answered", async () => {
  await using fixture = await ServerFixture.open();
  const guest = await fixture.join("native", "guest");
  assert(fixture.operator.kick("guest", "").ok);
  assertStrictEquals(fixture.isHere("guest"), false);
  await guest.ended();
  await until(() => fixture.server.sessions.size === 0, "the connection was gone");
});
