// What a person is told about a typed line that was not sent. Pure.

import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import { maskSecret } from "../protocol/secrets.ts";
import { unsupportedText } from "./capabilities.ts";
import type { SendResult } from "./client_connection.ts";

/** What there was to send. */
export interface UnsentLine {
  readonly request: Request;
  readonly typed: string;
  readonly dialectName: string;
  /** Lines that may wait for an answer. */
  readonly maxPending: number;
}

/** A typed line as it may be shown. */
export function shownLine(typed: string): string {
  return visible(maskSecret(typed));
}

/** Why something was not sent; nothing when it was. */
export function unsentText(
  sent: SendResult | "kept" | "full" | undefined,
  { request, typed, dialectName, maxPending }: UnsentLine,
): string | undefined {
  switch (sent) {
    case "unsupported":
      return unsupportedText(request, dialectName);
    case "too_long":
      return `Not sent: at most ${MAX_MESSAGE_BYTES} bytes a message`;
    case "full":
      return `Not sent, for ${maxPending} lines wait for the server's answer: ${shownLine(typed)}`;
    default:
      return undefined;
  }
}
