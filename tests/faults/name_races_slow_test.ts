import { PAIRS, raceForNames } from "./name_races.ts";

const RENAMES = 333;

for (const [one, other] of PAIRS) {
  Deno.test(`F19: ${one} and ${other} take one name at the same time, ${RENAMES} times`, () =>
    raceForNames([one, other], RENAMES));
}
