// Which of a server's refusals mean what to a client. Pure data.

import type { FailureCode } from "../protocol/failures.ts";

/** Refusals of a name or a secret: another one, or a later time, may do. */
export const ENTRY_CODES: ReadonlySet<FailureCode> = new Set([
  ...["bad_name", "name_reserved", "name_taken", "name_claimed"] as const,
  ...["password_required", "wrong_password", "wrong_passphrase"] as const,
]);

/** Refusals of what an earlier connection had already brought about. */
export const DONE_BEFORE: ReadonlySet<FailureCode> = new Set(["in_group", "not_in_group"]);
