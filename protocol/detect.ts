// Which dialect a newcomer speaks, from the first bytes. Pure; when to stop waiting for more bytes
// is the session's business.

import { type Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialects.ts";
import { type Failure, failure } from "./failures.ts";
import { lineTooLong } from "./framing.ts";
import { MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { firstLine } from "./first_bytes.ts";

/** What the first bytes say. */
export type Detected =
  | { readonly kind: "dialect"; readonly dialect: Dialect }
  | { readonly kind: "more" }
  | { readonly kind: "refused"; readonly failure: Failure };

const MORE: Detected = Object.freeze({ kind: "more" });

const LF = 0x0a;
const TLS = "\x16\x03";

/** By then a first line of text is too long, whatever stands behind it. */
const MAX_HEAD_BYTES = MAX_TEXT_LINE_BYTES + 2;

/** Protocols people point at any open port; each is recognised only to be told what this is. */
const NOT_SERVED: readonly { readonly name: string; matches(line: string): boolean }[] = [
  { name: "TLS", matches: (line) => line.startsWith(TLS) },
  { name: "SSH", matches: (line) => line.startsWith("SSH-") },
  {
    name: "HTTP",
    // Not a first message that speaks of it: its verb has settled the dialect already.
    matches: (line) => /^(?!MSG )[A-Z]{3,10} \S+ HTTP\/\d/.test(line) || /^GET \/\S*$/.test(line),
  },
  {
    name: "IRC",
    matches: (line) => /^(CAP (LS|REQ|END)|NICK \S+$|PASS \S+$|USER \S+ \S+ \S+ :?\S)/.test(line),
  },
];

/**
 * Judges `head`, all bytes received so far; `ended` when the peer sent EOF or has fallen silent. Of
 * text it never answers "more" once a whole line is there. `tlsPort` is where TLS is served, if it is.
 */
export function detect(head: Uint8Array, ended: boolean, tlsPort?: number): Detected {
  if (head.length === 0) return MORE;
  // What is too long is so before the rest of it has come, and must not depend on the reads.
  if (head.length > MAX_HEAD_BYTES && !head.subarray(0, MAX_HEAD_BYTES).includes(LF)) {
    return detect(head.subarray(0, MAX_HEAD_BYTES), false, tlsPort);
  }
  const { line, whole } = firstLine(head, ended);
  if (!whole && line !== "" && TLS.startsWith(line)) return MORE;
  const known = NOT_SERVED.find((protocol) => protocol.matches(line));
  // An unfinished line may still become something else, except where its first bytes say it all.
  if (known && (whole || known.name === "TLS" || known.name === "SSH")) {
    return {
      kind: "refused",
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
