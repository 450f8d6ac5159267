// Which of a server's refusals mean what to a client. Pure.

import type { ErrorEvent } from "../protocol/events.ts";
import { type FailureCode, quoted } from "../protocol/failures.ts";
import type { ClientTexts } from "../texts/texts.ts";

/** Refusals of a name or a secret: another one, or a later time, may do. */
export const ENTRY_CODES: ReadonlySet<FailureCode> = new Set([
  ...["bad_name", "name_reserved", "name_taken", "name_claimed"] as const,
  ...["password_required", "wrong_password", "wrong_passphrase"] as const,
]);

/** Refusals of what an earlier connection had already brought about. */
export const ALREADY_DONE_CODES: ReadonlySet<FailureCode> = new Set(["in_group", "not_in_group"]);

/** The refusal of somebody who wants to be `name`, with a remedy for where nobody can be asked. */
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
