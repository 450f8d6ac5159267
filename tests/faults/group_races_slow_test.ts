import { raceForGroup } from "./group_races.ts";

const ROUNDS = 1_000;

Deno.test(`F36: a group is left, joined and spoken to at once, ${ROUNDS} times`, () =>
  raceForGroup(ROUNDS));
