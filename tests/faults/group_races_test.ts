import { raceForGroup } from "./group_races.ts";

/** group_races_slow_test.ts has more. */
const ROUNDS = 100;

Deno.test("F36: a group is left, joined and written to at the same time, and each member gets its own", () =>
  raceForGroup(ROUNDS));
