// Decides by its fingerprint whether a server's certificate is trusted. Pure. Certificates that an
// authority has signed are verified elsewhere (tls_dial.ts).

import type { Problem } from "../../protocol/problem.ts";
import type { ClientTexts } from "../../texts/texts.ts";

/** The fingerprints known for a server. */
export interface KnownFingerprints {
  /** The fingerprint given with `--fingerprint`. */
  readonly expected: string | undefined;
  /** The fingerprint trusted before. */
  readonly pinned: string | undefined;
}

/** The decision about a server that showed a fingerprint. */
export type TrustDecision =
  /** Use the connection; `pin` if the fingerprint is to be remembered. */
  | { readonly kind: "trusted"; readonly pin: boolean }
  /** No fingerprint is known yet: a person has to decide. */
  | { readonly kind: "unknown" }
  /** Not the pinned fingerprint. */
  | { readonly kind: "changed"; readonly pinned: string }
  /** Not the fingerprint that `--fingerprint` requires. */
  | { readonly kind: "unexpected"; readonly expected: string };

/** A decision against the connection. */
export type Distrust = Exclude<TrustDecision, { readonly kind: "trusted" }>;

/** Decides about the fingerprint `shown`. `--fingerprint` takes precedence over the pinned one. */
export function judgeFingerprint(
  shown: string,
  { expected, pinned }: KnownFingerprints,
): TrustDecision {
  if (expected !== undefined) {
    return shown === expected
      ? { kind: "trusted", pin: shown !== pinned }
      : { kind: "unexpected", expected };
  }
  if (pinned === undefined) return { kind: "unknown" };
  return shown === pinned ? { kind: "trusted", pin: false } : { kind: "changed", pinned };
}

/** A certificate that is not trusted. */
export interface PresentedCertificate {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly shown: string;
  /** The path of the file of known servers. */
  readonly file: string;
}

/** The error message for such a server, with the remedy. */
export function untrustedProblem(
  decision: Distrust,
  { address, shown, file }: PresentedCertificate,
  texts: ClientTexts,
): Problem {
  switch (decision.kind) {
    case "unknown":
      return { error: texts.certificateUnknown(address, shown) };
    case "changed":
      return { error: texts.certificateChanged(address, decision.pinned, shown, file) };
    case "unexpected":
      return { error: texts.certificateUnexpected(address, decision.expected, shown) };
  }
}
