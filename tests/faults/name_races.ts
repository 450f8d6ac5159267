// Two clients that take one name at the same moment, again and again.

import { assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";

/** The dialects of the two clients. */
export const PAIRS: readonly (readonly [DialectName, DialectName])[] = [
  ["native", "native"],
  ["plain", "native"],
  ["usermsg", "plain"],
  ["etx", "framed"],
];

/** F19: of two clients that take one name in each round, exactly one gets it. */
export async function raceForNames(
  [one, other]: readonly [DialectName, DialectName],
  rounds: number,
): Promise<void> {
  await using fixture = await ServerFixture.open();
  const rivals = [await fixture.join(one, "one"), await fixture.join(other, "other")];
  const wins = new Map<Guest, number>();
  for (let round = 0; round < rounds; round++) {
    const name = `prize-${round}.`;
    await Promise.all(rivals.map((rival) => rival.send(rival.book.rename(name))));
    const answers = await Promise.all(rivals.map(async (rival) => {
      const answer = await rival.match(new RegExp(`are now ${name}|"you":true|taken`));
      return { rival, won: !answer.includes("taken") };
    }));
    const winners = answers.filter(({ won }) => won);
    assertStrictEquals(winners.length, 1, name);
    const winner = winners[0]?.rival;
    if (winner) wins.set(winner, (wins.get(winner) ?? 0) + 1);
  }
  assertStrictEquals(fixture.server.chat.members.size, 2);
  for (const rival of rivals) await rival.barrier(); // both connections still work
  await fixture.canary();
}
