// How a check's script ends before its last line. A script is read like a test: it stops at the first
// thing that is not as it should be, and the runner, the only one to catch this, makes it a verdict.

import { unlatin1 } from "./bytes.ts";
import type { Verdict } from "./finding.ts";
import { visible } from "./visible.ts";

/** What was expected, what came, and what to do about it. */
export type Difference = Omit<Verdict & { readonly kind: "fail" }, "kind">;

/** Something came out otherwise than a check expects. */
export class Mismatch extends Error {
  constructor(readonly difference: Difference) {
    super(`expected ${difference.expected}, received ${difference.received}`);
    this.name = "Mismatch";
  }
}

/** That `before`, a character for each byte, came although it should not have. */
export function cameInstead(
  before: string,
  { expected, hint }: Omit<Difference, "received">,
): Mismatch {
  return new Mismatch({ expected, received: visible(unlatin1(before)), hint });
}
