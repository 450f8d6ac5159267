// The exception that ends a check's script at the first unexpected result. Only the runner catches
// it, and makes it the check's verdict.

import type { CheckVerdict } from "../finding.ts";

/** What was expected, what was received, and the remedy. */
export type Difference = Omit<CheckVerdict & { readonly kind: "fail" }, "kind">;

/** The server did something else than a check expects. */
export class Mismatch extends Error {
  constructor(readonly difference: Difference) {
    super(`expected ${difference.expected}, received ${difference.received}`);
    this.name = "Mismatch";
  }
}
