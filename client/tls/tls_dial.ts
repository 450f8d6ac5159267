// Opens a connection through TLS to a server whose certificate an authority has signed for the
// host, or whose fingerprint is trusted, and sends no data before that.

import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { visible } from "../../protocol/sanitize.ts";
import {
  type Address,
  addressText,
  dialProblem,
  type DialProblemOptions,
  type DialResult,
} from "../dial.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import type { Wire } from "../client_connection.ts";
import type { KnownHosts } from "./known_hosts.ts";
import { connectUnverified } from "./fetch_certificate.ts";
import { judgeFingerprint, type PresentedCertificate, untrustedProblem } from "./trust.ts";

/** Which certificates to trust. */
export interface TrustOptions {
  readonly texts: ClientTexts;
  readonly known: KnownHosts;
  /** Requires this fingerprint and remembers it. */
  readonly expected: string | undefined;
  /** The only authority to trust, as PEM; `file` is its path. */
  readonly authority: { readonly pem: string; readonly file: string } | undefined;
  /** Asks a person whether to trust an unknown certificate; without it such a server is refused. */
  readonly ask?: (certificate: PresentedCertificate) => boolean;
  /** Prints a problem that does not prevent the connection. */
  readonly printError: (message: string) => void;
}

/** A server's TCP address. */
export type TcpAddress = Address & { readonly kind: "tcp" };

/** How long a server may take to accept and to complete the handshake, in milliseconds. */
const CONNECT_MS = 10_000;

/** What the runtime's error message for a bad certificate begins with; the reason follows. */
const BAD_CERTIFICATE = "invalid peer certificate: ";

/** The error messages for a server that lacks the key of its certificate. */
const UNPROVEN = /^self-signed certificate|invalid peer certificate/;

/**
 * Reasons about a certificate of a known authority, for another name or time. It is refused without
 * asking: such a server is not unknown.
 */
const VOUCHED_FOR_OTHERWISE = /NotValid|not valid|expired|revoked/i;

/**
 * Opens a connection; returns an error message for every failure of the network, the server or the
 * address.
 */
export async function dialTls(
  address: TcpAddress,
  trust: TrustOptions,
  remedy: string,
): Promise<DialResult> {
  try {
    const found = trust.known.find(hostPort(address));
    if ("error" in found) return refused(found);
    if (trust.expected !== undefined) return await dialPinned(address, trust, found.pinned);
    if (trust.authority !== undefined) return await dialVouched(address, trust);
    if (found.pinned === undefined) return await dialVouched(address, trust);
    return await dialPinned(address, trust, found.pinned);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (UNPROVEN.test(error.message)) {
      return refused({ error: trust.texts.keyNotProven(hostPort(address), error.message) });
    }
    return { ok: false, ...tlsProblem(address, error, { texts: trust.texts, remedy }) };
  }
}

/** `HOST:PORT`, as in the file of known servers. */
function hostPort({ host, port }: TcpAddress): string {
  return addressText({ kind: "tcp", host: host.toLowerCase(), port });
}

/** Connects to a server that shows the fingerprint that is pinned or required. */
async function dialPinned(
  address: TcpAddress,
  trust: TrustOptions,
  pinned: string | undefined,
): Promise<DialResult> {
  const { expected, known, texts } = trust;
  const { fingerprint, wire } = await connectUnverified(address, { withinMs: CONNECT_MS, texts });
  const decision = judgeFingerprint(fingerprint, { expected, pinned });
  if (decision.kind === "trusted") {
    const problem = decision.pin ? known.pin(hostPort(address), fingerprint) : undefined;
    if (problem !== undefined) trust.printError(problem.error);
    return { ok: true, wire };
  }
  wire.close();
  if (decision.kind === "changed") {
    // A self-signed certificate was replaced by one that an authority has signed: accept it.
    const vouched = await openVouched(address, []);
    if (!(vouched instanceof Error)) return { ok: true, wire: vouched };
  }
  const certificate = { address: hostPort(address), shown: fingerprint, file: known.path };
  return refused(untrustedProblem(decision, certificate, texts));
}

/**
 * Connects to a server whose certificate an authority has signed for the host; asks about others.
 */
async function dialVouched(address: TcpAddress, trust: TrustOptions): Promise<DialResult> {
  const { authority, known, texts } = trust;
  const opened = await openVouched(address, authority === undefined ? [] : [authority.pem]);
  if (!(opened instanceof Error)) return { ok: true, wire: opened };
  const why = opened.message.slice(BAD_CERTIFICATE.length);
  if (authority !== undefined || VOUCHED_FOR_OTHERWISE.test(why)) {
    return refused({ error: notVouched(address, trust, why) });
  }
  const { fingerprint, wire } = await connectUnverified(address, { withinMs: CONNECT_MS, texts });
  wire.close(); // the server's handshake would time out while a person compares fingerprints
  const certificate = { address: hostPort(address), shown: fingerprint, file: known.path };
  if (!trust.ask) return refused(untrustedProblem({ kind: "unknown" }, certificate, texts));
  if (!trust.ask(certificate)) return refused({ error: texts.notTrusted(certificate.address) });
  const problem = known.pin(certificate.address, fingerprint);
  if (problem !== undefined) return refused(problem);
  return await dialPinned(address, trust, fingerprint);
}

/**
 * A connection to a server whose certificate one of `authorities`, or a known one, has signed for
 * the host; otherwise the error about the certificate.
 */
async function openVouched(
  { host, port }: TcpAddress,
  authorities: string[],
): Promise<Wire | Error> {
  const signal = AbortSignal.timeout(CONNECT_MS);
  const tcp = await Deno.connect({ hostname: host, port, signal });
  tcp.setNoDelay(true); // one message is one small packet
  const tls = await Deno.startTls(tcp, { hostname: host, caCerts: authorities });
  const late = setTimeout(() => tls.close(), CONNECT_MS);
  try {
    await tls.handshake();
    return tls;
  } catch (problem) {
    const timedOut = signal.aborted;
    if (!timedOut) tls.close();
    if (timedOut) throw new Deno.errors.TimedOut();
    if (problem instanceof Error && problem.message.startsWith(BAD_CERTIFICATE)) return problem;
    throw problem;
  } finally {
    clearTimeout(late);
  }
}

/** A failure that another attempt would repeat: a person has to decide first. */
function refused(problem: Problem): DialResult {
  return { ok: false, error: problem.error, final: true };
}

function notVouched(address: TcpAddress, { authority, texts }: TrustOptions, why: string): string {
  const where = hostPort(address);
  if (/NotValidForName|for name/.test(why)) {
    return texts.certificateOfOtherName(where, quoted(address.host));
  }
  return texts.certificateNotVouched(where, authority && visible(authority.file), why);
}

function tlsProblem(address: TcpAddress, error: Error, options: DialProblemOptions): Problem {
  const { message } = error;
  if (error instanceof Deno.errors.InvalidData || /corrupt message|wrong version/.test(message)) {
    return { error: options.texts.noTls(hostPort(address), message) };
  }
  return dialProblem(address, error, options);
}
