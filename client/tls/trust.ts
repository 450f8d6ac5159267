// Whether a server's certificate is to be trusted by its fingerprint, and what a person is told. Pure:
// knows neither sockets nor files. Certificates that an authority has signed are not judged here.

import type { Problem } from "../../protocol/problem.ts";
import type { ClientTexts } from "../../texts/texts.ts";

/** What is known about the server. */
export interface KnownFingerprints {
  /** The fingerprint the person demands, with `--fingerprint`. */
  readonly expected: string | undefined;
  /** The one that was trusted before. */
  readonly pinned: string | undefined;
}

/** What to do with a server that showed a fingerprint. */
export type TrustDecision =
  /** Speak with it; `pin` when it is to be remembered from now on. */
  | { readonly kind: "trusted"; readonly pin: boolean }
  /** Never seen before: a person has to decide. */
  | { readonly kind: "unknown" }
  /** Another one than before. */
  | { readonly kind: "changed"; readonly pinned: string }
  /** Another one than the person demands. */
  | { readonly kind: "unexpected"; readonly expected: string };

/** A verdict on a server that is not spoken with. */
export type Distrust = Exclude<TrustDecision, { readonly kind: "trusted" }>;

/** Judges the fingerprint a server has shown. What the person demands counts more than what was before. */
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

/** Where the question is about. */
export interface PresentedCertificate {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly shown: string;
  /** The file that remembers fingerprints. */
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
