// `minichat connect` through TLS: its flags, the question whether to trust a server, and the
// function that connects.

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
import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { readOwnedText } from "../../shared/owned_files.ts";
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

/** The flags. */
export const connectTlsOptions = object({
  tls: optional(flag("--tls", {
    description: message`Connect through TLS; tls://HOST:PORT does the same. If no known authority \
has signed the certificate, a terminal shows its fingerprint, asks once whether to trust it, and \
remembers it; from then on the server must present the same one.`,
  })),
  ca: optional(option("--ca", string({ metavar: "FILE" }), {
    description:
      message`Through TLS, only with a certificate signed by the authority in FILE, as PEM.`,
  })),
  fingerprint: optional(option("--fingerprint", fingerprint, {
    description:
      message`Through TLS, only with the certificate of this fingerprint; it is remembered \
without a question.`,
  })),
});

/** Parsed flags. */
export type ConnectTlsOptions = InferValue<typeof connectTlsOptions>;

/** Whether any of the flags asks for TLS. */
export function asksForTls({ tls, ca, fingerprint }: ConnectTlsOptions): boolean {
  return tls === true || ca !== undefined || fingerprint !== undefined;
}

/** Returns a problem if the flags contradict each other. */
export function tlsProblem({ ca, fingerprint }: ConnectTlsOptions): Problem | undefined {
  if (ca === undefined || fingerprint === undefined) return undefined;
  return { error: "Two ways to know the server: --ca and --fingerprint, leave one out" };
}

/** The flags that are needed to join the same server in the same way again. */
export function tlsRejoinFlags(address: Address, { ca }: ConnectTlsOptions): readonly string[] {
  if (address.kind !== "tcp" || !address.tls) return [];
  return ["--tls", ...(ca === undefined ? [] : ["--ca", ca])];
}

/** Opens connections to one server; or why that is not possible. */
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
 * Makes the function that connects to `address`. On a terminal the question whether to trust an unknown
 * server is asked here, before the chat uses the screen.
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
    first.wire.close(); // a person asked for a name takes longer than a server waits
  }
  return { ok: true, dial: () => dialTls(address, trust, remedy) };
}

async function trustOf(
  { ca, fingerprint }: ConnectTlsOptions,
  texts: ClientTexts,
): Promise<TrustOptions | Problem> {
  const { KnownHosts, knownHostsPath } = await import("../../client/tls/known_hosts.ts");
  const trust: TrustOptions = {
    texts,
    known: new KnownHosts(knownHostsPath(Deno.env), texts),
    expected: fingerprint,
    authority: undefined,
    printError: (error) => print(Deno.stderr, error),
  };
  if (ca === undefined) return trust;
  try {
    const pem = readOwnedText(ca);
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

/** Asks on the terminal, which nothing else reads yet. */
function askPerson({ address, shown }: PresentedCertificate, texts: ClientTexts): boolean {
  Deno.stdout.writeSync(new TextEncoder().encode(texts.trustQuestion(address, shown)));
  const answer = new Uint8Array(1024);
  const count = Deno.stdin.readSync(answer) ?? 0;
  return new TextDecoder().decode(answer.subarray(0, count)).trim().toLowerCase() ===
    texts.trustAnswer;
}
