// Detects the dialect of a connection from its first bytes. Pure; the session decides how long to
// wait for more bytes.

import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialects.ts";
import { type Failure, failure } from "./failures.ts";
import { lineTooLong } from "./framing.ts";
import { MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { firstLine, isLineEnd } from "./first_bytes.ts";

/** The result of {@linkcode detect}: a dialect, a need for more bytes, or a refusal. */
export type Detected =
  | { readonly kind: "dialect"; readonly dialect: Dialect }
  | { readonly kind: "more" }
  /** `protocol`: the name of a recognised protocol that is not served. */
  | { readonly kind: "refused"; readonly failure: Failure; readonly protocol?: string };

const MORE: Detected = Object.freeze({ kind: "more" });

const TLS = "\x16\x03";

/** A first line of text this long is over the cap, whatever follows. */
const MAX_HEAD_BYTES = MAX_TEXT_LINE_BYTES + 2;

/**
 * Protocols that are often tried on an open port; they are recognised only to refuse them by name.
 */
const NOT_SERVED: readonly { readonly name: string; matches(line: string): boolean }[] = [
  { name: "TLS", matches: (line) => line.startsWith(TLS) },
  { name: "SSH", matches: (line) => line.startsWith("SSH-") },
  {
    name: "HTTP",
    // `MSG ` starts a message of `usermsg`, whose text may look like a request of HTTP.
    matches: (line) => /^(?!MSG )[A-Z]{3,10} \S+ HTTP\/\d/.test(line) || /^GET \/\S*$/.test(line),
  },
  {
    name: "IRC",
    matches: (line) => /^(CAP (LS|REQ|END)|NICK \S+$|PASS \S+$|USER \S+ \S+ \S+ :?\S)/.test(line),
  },
];

/**
 * Judges `head`, all bytes received so far; `ended` if the peer sent EOF or fell silent. Never
 * returns "more" for text that contains a whole line. `tlsPort` is a port that serves TLS, if there
 * is one.
 */
export function detect(head: Uint8Array, ended: boolean, tlsPort?: number): Detected {
  if (head.length === 0) return MORE;
  // Whether a line is too long must not depend on how its bytes are split into reads.
  if (head.length > MAX_HEAD_BYTES && !head.subarray(0, MAX_HEAD_BYTES).some(isLineEnd)) {
    return detect(head.subarray(0, MAX_HEAD_BYTES), false, tlsPort);
  }
  const { line, whole } = firstLine(head, ended);
  if (!whole && line !== "" && TLS.startsWith(line)) return MORE;
  const known = NOT_SERVED.find((protocol) => protocol.matches(line));
  // An incomplete line may still become another protocol's, except those of TLS and SSH, whose
  // first bytes are unambiguous.
  if (known && (whole || known.name === "TLS" || known.name === "SSH")) {
    return {
      kind: "refused",
      protocol: known.name,
      failure: failure(
        "unsupported_protocol",
        (t) =>
          known.name === "TLS" && tlsPort !== undefined
            ? t.tlsElsewhere(tlsPort)
            : t.notServed(known.name),
      ),
    };
  }
  for (const dialect of DIALECTS) {
    const verdict = dialect.detect(head, ended);
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
