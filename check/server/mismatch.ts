// The exceptions that end a check's script: at the first unexpected result, or if it does not fit
// the server. Only the runner catches them, and makes them the check's verdict.

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

/** The check cannot show anything about this server. */
export class Untried extends Error {
  /** `because`: why, and so what would make it tried. */
  constructor(readonly because: string) {
    super(because);
    this.name = "Untried";
  }
}
