// Detects the dialect of a connection from its first bytes. Pure; the session decides how long to
// wait for more bytes.

import type { Circumstances, Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialects.ts";
import { type Failure, failure } from "./failures.ts";
import { lineTooLong } from "./framing.ts";
import { MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { type FirstLine, firstLine, isLineEnd } from "./first_bytes.ts";
import {
  foreignProtocol,
  JAVA_OBJECTS,
  mayBecomeForeign,
  PROXY,
  TLS,
} from "./foreign_protocols.ts";

/** The result of {@linkcode detect}: a dialect, a need for more bytes, or a refusal. */
export type Detected =
  | { readonly kind: "dialect"; readonly dialect: Dialect }
  | { readonly kind: "more" }
  /** `protocol`: the name of a recognised protocol that is not served. */
  | { readonly kind: "refused"; readonly failure: Failure; readonly protocol?: string };

/** The first line of IRC, and of clients that only begin so. */
const NICK = /^NICK \S+$/;

/** The first byte of TLS, and what may be a request of HTTP with the method `MSG`. */
const AMBIGUOUS = new RegExp(`^(\x16|MSG( (/\\S*( \\S*)?)?)?)$`);

const MORE: Detected = Object.freeze({ kind: "more" });

/** A first line of text this long is over the cap, whatever follows. */
const MAX_HEAD_BYTES = MAX_TEXT_LINE_BYTES + 2;

/** What is known about a connection beside its first bytes. */
export interface DetectOptions extends Circumstances {
  /** A port that serves TLS, named to those who try TLS here. */
  readonly tlsPort?: number | undefined;
  /** The dialect of every connection: its first bytes may still be refused. */
  readonly pinned?: Dialect | undefined;
}

/**
 * Judges `head`, all bytes received so far; `ended` if the peer sent EOF or fell silent. Never
 * returns "more" for text that contains a whole line.
 */
export function detect(head: Uint8Array, ended: boolean, options: DetectOptions = {}): Detected {
  if (head.length === 0) return MORE;
  // Whether a line is too long must not depend on how its bytes are split into reads.
  if (head.length > MAX_HEAD_BYTES && !head.subarray(0, MAX_HEAD_BYTES).some(isLineEnd)) {
    return detect(head.subarray(0, MAX_HEAD_BYTES), false, options);
  }
  const first = firstLine(head, ended);
  const second = NICK.test(first.line) ? secondLine(head, first, ended) : undefined;
  const foreign = foreignProtocol(head, second ?? first);
  if (foreign !== undefined) {
    const problem = failure("unsupported_protocol", refusalText(foreign, options.tlsPort));
    return { kind: "refused", protocol: foreign, failure: problem };
  }
  // An incomplete line may still become another protocol's.
  const isOpen = !first.whole && mayBecomeForeign(first.line);
  const { pinned } = options;
  if (pinned !== undefined && !(isOpen && head.length < MAX_HEAD_BYTES)) {
    return { kind: "dialect", dialect: pinned };
  }
  if (pinned !== undefined || (isOpen && AMBIGUOUS.test(first.line))) return MORE;
  // Clients of IRC send a second line with it; others wait, or say something.
  if (second?.whole === false && !options.greeted) return MORE;
  for (const dialect of DIALECTS) {
    const verdict = dialect.detect(head, ended, options);
    if (verdict === "yes") return { kind: "dialect", dialect };
    if (verdict === "more") {
      if (head.length < MAX_HEAD_BYTES) return MORE;
      return { kind: "refused", failure: lineTooLong(MAX_TEXT_LINE_BYTES) };
    }
  }
  return {
    kind: "refused",
    failure: failure("not_text", (t) => t.notText),
  };
}

/** The line after the first one. */
function secondLine(head: Uint8Array, { line }: FirstLine, ended: boolean): FirstLine {
  const rest = head.subarray(line.length);
  const from = rest.findIndex((byte) => !isLineEnd(byte));
  return firstLine(from === -1 ? rest.subarray(rest.length) : rest.subarray(from), ended);
}

function refusalText(protocol: string, tlsPort: number | undefined): Failure["text"] {
  if (protocol === TLS && tlsPort !== undefined) return (t) => t.tlsElsewhere(tlsPort);
  if (protocol === JAVA_OBJECTS) return (t) => t.javaObjects;
  if (protocol === PROXY) return (t) => t.proxyHeader;
  return (t) => t.notServed(protocol);
}
