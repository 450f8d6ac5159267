// `minichat connect` through TLS: its flags, the question whether a server is to be trusted, and how to
// reach it then. How that is checked is in client/tls/.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { string, type ValueParser } from "@optique/core/valueparser";
import { type Address, dial, type DialResult } from "../../client/dial.ts";
import type { TrustOptions } from "../../client/tls/tls_dial.ts";
import type { PresentedCertificate } from "../../client/tls/trust.ts";
import { quoted } from "../../protocol/failures.ts";
import { parseFingerprint } from "../../protocol/fingerprint.ts";
import { errorText } from "../../shared/errors.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import { print } from "../print.ts";

const fingerprint: ValueParser<"sync", string> = {
  mode: "sync",
  metavar: "SHA256:HEX",
  placeholder: "SHA256:",
  parse(input) {
    const value = parseFingerprint(input);
    if (value !== undefined) return { success: true, value };
    return {
      success: false,
      error: message`Not a fingerprint: ${input}, expected SHA256: and 64 hexadecimal digits.`,
    };
  },
  format: (value) => value,
};

/** See the top of this file. */
export const connectTlsOptions = object({
  tls: optional(flag("--tls", {
    description: message`Connect through TLS; tls://HOST:PORT does the same. A certificate that no \
known authority has signed is shown by its fingerprint, asked about once on a terminal, and \
remembered; from then on the server must show the same one.`,
  })),
  ca: optional(option("--ca", string({ metavar: "FILE" }), {
    description:
      message`Through TLS, with a certificate signed by the authority in FILE, as PEM, and \
no other.`,
  })),
  fingerprint: optional(option("--fingerprint", fingerprint, {
    description: message`Through TLS, with the certificate of this fingerprint and no other; it is \
remembered without a question.`,
  })),
});

/** Parsed flags. */
export type ConnectTlsOptions = InferValue<typeof connectTlsOptions>;

/** Whether any of the flags asks for TLS. */
export function asksForTls({ tls, ca, fingerprint }: ConnectTlsOptions): boolean {
  return tls === true || ca !== undefined || fingerprint !== undefined;
}

/** A sentence when the flags make no sense together. */
export function tlsProblem({ ca, fingerprint }: ConnectTlsOptions): string | undefined {
  if (ca === undefined || fingerprint === undefined) return undefined;
  return "Two ways to know the server: --ca and --fingerprint, leave one out";
}

/** The flags without which the same server would not be joined in the same way. */
export function tlsRejoinFlags(address: Address, { ca }: ConnectTlsOptions): readonly string[] {
  if (address.kind !== "tcp" || !address.tls) return [];
  return ["--tls", ...(ca === undefined ? [] : ["--ca", ca])];
}

/** Opens connections to one server, or why none can be opened. */
export type Dialler =
  | { readonly ok: true; readonly dial: () => Promise<DialResult> }
  | { readonly ok: false; readonly error: string };

/** What a dialler needs besides the address and the flags. */
export interface DiallerSetup {
  readonly remedy: string;
  readonly onTerminal: boolean;
  readonly texts: ClientTexts;
}

/**
 * How to reach `address`. On a terminal a server that is not known is asked about here, before the
 * screen belongs to the chat.
 */
export async function diallerFor(
  address: Address,
  options: ConnectTlsOptions,
  { remedy, onTerminal, texts }: DiallerSetup,
): Promise<Dialler> {
  if (address.kind !== "tcp" || !address.tls) {
    return { ok: true, dial: () => dial(address, texts, remedy) };
  }
  const unavailable = (await import("../tls_runtime.ts")).tlsUnavailable();
  if (unavailable !== undefined) return { ok: false, error: unavailable.error };
  const trust = await trustOf(options, texts);
  if ("error" in trust) return { ok: false, error: trust.error };
  const { dialTls } = await import("../../client/tls/tls_dial.ts");
  if (onTerminal && options.ca === undefined) {
    const first = await dialTls(address, {
      ...trust,
      ask: (certificate) => askPerson(certificate, texts),
    }, remedy);
    if (!first.ok) return first;
    first.wire.close(); // a person who is asked for a name first takes longer than a server waits
  }
  return { ok: true, dial: () => dialTls(address, trust, remedy) };
}

async function trustOf(
  { ca, fingerprint }: ConnectTlsOptions,
  texts: ClientTexts,
): Promise<TrustOptions | { error: string }> {
  const { KnownHosts, knownHostsPath } = await import("../../client/tls/known_hosts.ts");
  const trust: TrustOptions = {
    texts,
    known: new KnownHosts(knownHostsPath(Deno.env), texts),
    expected: fingerprint,
    authority: undefined,
    printError: (sentence) => print(Deno.stderr, sentence),
  };
  if (ca === undefined) return trust;
  try {
    const pem = await Deno.readTextFile(ca);
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
      return { error: `No certificate in ${quoted(ca)}: give a PEM file` };
    }
    return { ...trust, authority: { pem, file: ca } };
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) {
      return { error: `No such file ${quoted(ca)}: name the authority's certificate with --ca` };
    }
    const why = errorText(problem);
    return { error: `Cannot read the authority's certificate ${quoted(ca)}: ${why}` };
  }
}

/** Waits for a line from the terminal, which nothing else reads yet. */
function askPerson({ address, shown }: PresentedCertificate, texts: ClientTexts): boolean {
  Deno.stdout.writeSync(new TextEncoder().encode(texts.trustQuestion(address, shown)));
  const answer = new Uint8Array(1024);
  const count = Deno.stdin.readSync(answer) ?? 0;
  return new TextDecoder().decode(answer.subarray(0, count)).trim().toLowerCase() ===
    texts.trustAnswer;
}
