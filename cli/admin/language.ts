// The texts of `minichat admin`. It loads these two groups only: loading the whole catalogue would
// make a command, which a script may run often, start more slowly (tests/cli/startup_test.ts).

import type { ControlTexts } from "../../admin/control_protocol.ts";
import { operator } from "../../texts/en/operator.ts";
import { refusals } from "../../texts/en/refusals.ts";

/** The texts in the language of the person who runs the program. */
export function chosenAdminTexts(): ControlTexts {
  return { operator, refusals };
}
