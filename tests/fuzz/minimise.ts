// Makes a failing input smaller while it fails in the same way: fewer steps, clients and bytes
// (delta debugging).

import { copy, type Scenario } from "./scenario.ts";

/** Most tries: each takes a few plays. */
const MAX_TRIES = 2_000;

/** The smallest input found for which `fails` is still true. */
export async function minimise(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let best = scenario;
  let tries = 0;
  const attempt = async (change: (smaller: Scenario) => void): Promise<boolean> => {
    if (tries++ >= MAX_TRIES) return false;
    const smaller = copy(best);
    change(smaller);
    if (!await fails(smaller)) return false;
    best = smaller;
    return true;
  };
  for (let before = Infinity; size(best) < before;) {
    before = size(best);
    await fewer(
      () => best.steps.length,
      (at, count) => attempt(({ steps }) => void steps.splice(at, count)),
    );
    await fewer(
      () => best.listeners.length,
      (at, count) => attempt(({ listeners }) => void listeners.splice(at, count)),
    );
    for (let index = 0; index < best.steps.length; index++) {
      const length = (): number => {
        const step = best.steps[index];
        return step?.does === "send" ? step.bytes.length : 0;
      };
      await fewer(length, (at, count) =>
        attempt(({ steps }) => {
          const step = steps[index];
          if (step?.does !== "send") return;
          step.bytes = step.bytes.filter((_, place) => place < at || place >= at + count);
        }));
    }
  }
  return best;
}

/** Removes halves, then quarters, and so on down to single ones. */
async function fewer(
  length: () => number,
  without: (at: number, count: number) => Promise<boolean>,
): Promise<void> {
  for (let count = Math.ceil(length() / 2); count >= 1; count = Math.floor(count / 2)) {
    for (let at = 0; at < length();) {
      if (!await without(at, count)) at += count;
    }
  }
}

function size({ steps, listeners }: Scenario): number {
  return steps.reduce(
    (sum, step) => sum + 1 + (step.does === "send" ? step.bytes.length : 0),
    listeners.length,
  );
}
