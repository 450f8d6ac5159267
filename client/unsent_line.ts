// Error messages for a typed line that was not sent. Pure.

import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import { maskSecret } from "../protocol/secrets.ts";
import type { Texts } from "../texts/texts.ts";
import { unsupportedProblem } from "./capabilities.ts";
import type { SendResult } from "./client_connection.ts";

/** The line and the limits it met. */
export interface UnsentLine {
  readonly request: Request;
  readonly typed: string;
  readonly dialectName: string;
  /** Requests that may wait for an answer. */
  readonly maxPending: number;
}

/** A typed line with its secret masked and control characters made visible. */
export function shownLine(typed: string): string {
  return visible(maskSecret(typed));
}

/** Why a line was not sent; undefined if it was. */
export function unsentProblem(
  sent: SendResult | "kept" | "full" | undefined,
  { request, typed, dialectName, maxPending }: UnsentLine,
  { client, refusals }: Texts,
): Problem | undefined {
  switch (sent) {
    case "unsupported":
      return unsupportedProblem(request, dialectName, client);
    case "too_long":
      return { error: refusals.messageTooLong(MAX_MESSAGE_BYTES) };
    case "full":
      return { error: client.tooManyPending(maxPending, shownLine(typed)) };
    default:
      return undefined;
  }
}
