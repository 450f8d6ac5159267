// How a check's script ends before its last line. A script is read like a test: it stops at the first
// thing that is not as it should be, and the runner, the only one to catch this, makes it a verdict.

import type { CheckVerdict } from "../finding.ts";

/** What was expected, what came, and what to do about it. */
export type Difference = Omit<CheckVerdict & { readonly kind: "fail" }, "kind">;

/** Something came out otherwise than a check expects. */
export class Mismatch extends Error {
  constructor(readonly difference: Difference) {
    super(`expected ${difference.expected}, received ${difference.received}`);
    this.name = "Mismatch";
  }
}
