// What can be refused and why a connection ends: machine-readable codes with the words a person
// reads. Pure; knows nothing of who was refused or how it is sent.

import type { CloseReasonTexts, RefusalTexts } from "../texts/texts.ts";
import { visible } from "./sanitize.ts";

/** Every code an `error` event may carry. Codes are stable; the words may improve. */
export type FailureCode =
  | "already_registered"
  | "ambiguous_command"
  | "bad_frame"
  | "bad_name"
  | "bad_passphrase"
  | "bad_request"
  | "banned"
  | "binary_input"
  | "busy"
  | "claim_limit"
  | "empty_message"
  | "group_limit"
  | "in_group"
  | "invalid_utf8"
  | "line_too_long"
  | "message_too_long"
  | "missing_argument"
  | "muted"
  | "name_claimed"
  | "name_reserved"
  | "name_taken"
  | "no_one_to_reply"
  | "no_such_group"
  | "no_such_name"
  | "no_such_session"
  | "not_claimed"
  | "not_in_group"
  | "not_text"
  | "order_refused"
  | "password_required"
  | "ref_reused"
  | "storage_failed"
  | "storage_full"
  | "unknown_command"
  | "unsupported_protocol"
  | "unsupported_version"
  | "wrong_passphrase"
  | "wrong_password";

/**
 * Refusals about secrets: told also where a dialect tells no other, for without them nobody could get
 * in, or know why not.
 */
export const SECRET_CODES: ReadonlySet<FailureCode> = new Set([
  "password_required",
  "wrong_password",
  "wrong_passphrase",
]);

/** What was said could not be kept, and so reaches nobody: told in every dialect, asked or not. */
export const NOT_STORED_CODES: ReadonlySet<FailureCode> = new Set([
  "storage_failed",
  "storage_full",
]);

/** A refusal: a code for programs, and a text for a person, safe to print on any terminal. */
export interface Failure {
  readonly code: FailureCode;
  /** The text in the reader's language: one line that names the remedy. */
  readonly text: (texts: RefusalTexts) => string;
}

/** Builds a refusal; input quoted in its text must have gone through {@linkcode quoted}. */
export function failure(code: FailureCode, text: Failure["text"]): Failure {
  return { code, text };
}

/** A peer's own words, made safe and at most `most` characters, to be quoted in an answer or a log. */
export function quoted(text: string, most = 40): string {
  const safe = visible(text);
  const chars = [...safe];
  return `"${chars.length > most ? chars.slice(0, most).join("") + "..." : safe}"`;
}

/** Why a connection ended: a code, whose text is in the group `closeReasons` of the texts. */
export type CloseReason = keyof CloseReasonTexts;
