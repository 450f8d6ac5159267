// Whether a server's certificate is to be trusted by its fingerprint, and what a person is told. Pure:
// knows neither sockets nor files. Certificates that an authority has signed are not judged here.

import type { Problem } from "../../protocol/problem.ts";

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
  readonly place: string;
  readonly shown: string;
  /** The file that remembers fingerprints. */
  readonly file: string;
}

/** Why such a server is not spoken with, and what to do. */
export function untrustedText(verdict: Distrust, meeting: PresentedCertificate): Problem {
  return { error: refusalText(verdict, meeting) };
}

function refusalText(verdict: Distrust, { place, shown, file }: PresentedCertificate): string {
  switch (verdict.kind) {
    case "unknown":
      return `Not known yet: ${place} shows a certificate that no known authority has signed. ` +
        "Compare its fingerprint with the one the server printed when it started, and if they are " +
        `the same add --fingerprint ${shown}`;
    case "changed":
      return `REFUSED: THE CERTIFICATE OF ${place} HAS CHANGED. Somebody may be listening in.\n` +
        `  trusted so far: ${verdict.pinned}\n` +
        `  shown now:      ${shown}\n` +
        "Ask whoever runs the server. If the new one is theirs, add " +
        `--fingerprint ${shown}, or remove the line "${place}" from ${file}`;
    case "unexpected":
      return `REFUSED: ${place} shows another certificate than you demand\n` +
        `  demanded:  ${verdict.expected}\n` +
        `  shown now: ${shown}\n` +
        "Ask whoever runs the server, and correct --fingerprint";
  }
}

/** What a person on a terminal is asked about a server that is not known. */
export function trustQuestion({ place, shown }: PresentedCertificate): string {
  return `${place} is not known yet: no known authority has signed its certificate.\n` +
    `Its fingerprint is  ${shown}\n` +
    "Compare it with the one the server printed when it started.\n" +
    "Type yes to trust it from now on: ";
}
