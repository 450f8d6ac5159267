// What the error codes of a server mean to a client. Pure.

import type { ErrorEvent } from "../protocol/events.ts";
import { type FailureCode, quoted } from "../protocol/failures.ts";
import type { ClientTexts } from "../texts/texts.ts";

/** Refusals of a name or a secret: another one, or a later attempt, may be accepted. */
export const ENTRY_CODES: ReadonlySet<FailureCode> = new Set([
  ...["bad_name", "name_reserved", "name_taken", "name_claimed"] as const,
  ...["password_required", "wrong_password", "wrong_passphrase", "too_many_guesses"] as const,
]);

/** Refusals of a request that an earlier connection had carried out already. */
export const ALREADY_DONE_CODES: ReadonlySet<FailureCode> = new Set(["in_group", "not_in_group"]);

/** The text of a refusal of `name` in a script, which cannot be asked: with the flag that helps. */
export function scriptRefusalText(
  { code, message }: Pick<ErrorEvent, "code" | "message">,
  name: string | undefined,
  texts: ClientTexts,
): string {
  switch (code) {
    case "password_required":
      return texts.passwordFileNeeded;
    case "name_claimed":
      return name === undefined ? message : texts.passphraseFileNeeded(quoted(name));
    default:
      return message;
  }
}
