// What can be refused and why a connection ends: machine-readable codes with the words a person
// reads. Pure; knows nothing of who was refused or how it is sent.

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
export const LOST: ReadonlySet<FailureCode> = new Set(["storage_failed", "storage_full"]);

/** A refusal: `message` is one sentence for a person, safe to print on any terminal. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/** Builds a refusal; quoted input in `message` must have gone through {@linkcode quoted}. */
export function failure(code: FailureCode, message: string): Failure {
  return { code, message };
}

/** A peer's own words, made safe and at most `most` characters, to be quoted in an answer or a log. */
export function quoted(text: string, most = 40): string {
  const safe = visible(text);
  const chars = [...safe];
  return `"${chars.length > most ? chars.slice(0, most).join("") + "..." : safe}"`;
}

/** Why a connection ended; the person reads the words, tests and logs the code. */
export const CLOSE_REASONS = {
  bye: "left",
  eof: "disconnected",
  reset: "connection lost",
  timeout: "connection lost: the other machine no longer answered",
  error: "a fault of the server ended the connection",
  slow: "too slow: did not read what was sent",
  kicked: "kicked",
  banned: "banned",
  shutdown: "the server stopped",
  registration_timeout: "gave no name in time",
  line_too_long: "sent a line that was too long",
  binary_input: "sent bytes that are not text",
  bad_frame: "sent a frame that can be none",
  unsupported_protocol: "spoke a protocol that is not served here",
  server_full: "the server is full",
  too_many_connections: "too many connections from one address",
  resumed: "goes on with another connection",
  replaced: "came back on another connection",
  wrong_password: "gave a wrong password too often",
  wrong_passphrase: "gave a wrong passphrase too often",
} as const satisfies Record<string, string>;

/** A code of {@linkcode CLOSE_REASONS}. */
export type CloseReason = keyof typeof CLOSE_REASONS;
