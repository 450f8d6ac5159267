import { raceForGroup } from "./group_races.ts";

const ROUNDS = 1_000;

Deno.test(`F36: a group is left, joined and written to at the same time, ${ROUNDS} times`, () =>
  raceForGroup(ROUNDS));
