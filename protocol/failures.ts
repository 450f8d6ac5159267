// Refusals and close reasons: stable codes for programs, and texts for people.

import type { CloseReasonTexts, RefusalTexts } from "../texts/texts.ts";
import { visible } from "./sanitize.ts";

/** Every code an `error` event may carry. Codes are stable; the texts may change. */
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
  | "too_many_guesses"
  | "unknown_command"
  | "unsupported_protocol"
  | "unsupported_version"
  | "wrong_passphrase"
  | "wrong_password";

/**
 * Refusals about secrets. They are sent even where a dialect sends no other refusal: without them a
 * client could neither get in nor learn why.
 */
export const SECRET_CODES: ReadonlySet<FailureCode> = new Set([
  "password_required",
  "wrong_password",
  "wrong_passphrase",
  "too_many_guesses",
]);

/**
 * The message could not be stored and is delivered to no one: sent in every dialect, with or
 * without notices.
 */
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

/**
 * A peer's own text, made safe and cut to `most` characters, to be quoted in an answer or a log.
 */
export function quoted(text: string, most = 40): string {
  // The rest cannot be shown, and making 60 KB safe for that would take long.
  const start = text.slice(0, UNITS_PER_CHAR * most);
  const chars = [...visible(start)];
  const isWhole = chars.length <= most && start.length === text.length;
  return `"${chars.slice(0, most).join("")}${isWhole ? "" : "..."}"`;
}

/** Marks and halves of a character that are looked at for each character that is shown. */
const UNITS_PER_CHAR = 8;

/** Why a connection ended: a code, whose text is in the group `closeReasons` of the texts. */
export type CloseReason = keyof CloseReasonTexts;
