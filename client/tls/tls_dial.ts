// Opening a connection through TLS: with a server that a known authority vouches for, by the host's
// name, or else with one whose fingerprint is trusted. Not a byte is said before that is settled.

import { quoted } from "../../protocol/failures.ts";
import { visible } from "../../protocol/sanitize.ts";
import { type Address, addressText, dialError, type DialResult } from "../dial.ts";
import type { Wire } from "../client_connection.ts";
import type { KnownHosts } from "./known_hosts.ts";
import { connectUnverified } from "./fetch_certificate.ts";
import {
  type Distrust,
  judgeFingerprint,
  type PresentedCertificate,
  untrustedText,
} from "./trust.ts";

/** Whom to trust. */
export interface TrustOptions {
  readonly known: KnownHosts;
  /** Demands this fingerprint and remembers it. */
  readonly expected: string | undefined;
  /** The one authority to trust, as PEM; `file` is where it came from. */
  readonly authority: { readonly pem: string; readonly file: string } | undefined;
  /** Asks a person about a server that is not known; without it, such a one is refused. */
  readonly ask?: (meeting: PresentedCertificate) => boolean;
  /** Told in a sentence of what is no reason not to connect. */
  readonly printError: (sentence: string) => void;
}

/** A server's TCP address. */
export type TcpAddress = Address & { readonly kind: "tcp" };

/** How long a server may take to answer and to finish the handshake. */
const CONNECT_MS = 10_000;

/** What is wrong with a certificate, in the runtime's words behind this. */
const BAD_CERTIFICATE = "invalid peer certificate: ";

/** The errors for a certificate shown by a server that lacks its key. */
const UNPROVEN = /^self-signed certificate|invalid peer certificate/;

/** Whoever an authority vouches for, though not here or not now, is no stranger to get to know. */
const VOUCHED_FOR_OTHERWISE = /NotValid|not valid|expired|revoked/i;

/** Opens a connection; never throws for anything that a server, a network or a typo can cause. */
export async function dialTls(
  address: TcpAddress,
  trust: TrustOptions,
  remedy: string,
): Promise<DialResult> {
  try {
    const found = trust.known.find(placeOf(address));
    if ("error" in found) return { ok: false, error: found.error, final: true };
    if (trust.expected !== undefined) return await dialPinned(address, trust, found.pinned);
    if (trust.authority !== undefined) return await dialVouched(address, trust);
    if (found.pinned === undefined) return await dialVouched(address, trust);
    return await dialPinned(address, trust, found.pinned);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (UNPROVEN.test(error.message)) {
      return { ok: false, error: notProven(address, error), final: true };
    }
    return { ok: false, error: tlsError(address, error, remedy) };
  }
}

/** `HOST:PORT`, as it stands in the file of known servers. */
function placeOf({ host, port }: TcpAddress): string {
  return addressText({ kind: "tcp", host: host.toLowerCase(), port });
}

/** With whoever shows a fingerprint that is known or demanded. */
async function dialPinned(
  address: TcpAddress,
  trust: TrustOptions,
  pinned: string | undefined,
): Promise<DialResult> {
  const met = await connectUnverified(address, CONNECT_MS);
  const { expected, known } = trust;
  const verdict = judgeFingerprint(met.fingerprint, { expected, pinned });
  if (verdict.kind === "trusted") {
    const problem = verdict.pin ? known.pin(placeOf(address), met.fingerprint) : undefined;
    if (problem !== undefined) trust.printError(problem.error);
    return { ok: true, wire: met.wire };
  }
  met.wire.close();
  if (verdict.kind === "changed") {
    // From a self-made certificate to one that an authority has signed is a change for the better.
    const vouched = await openVouched(address, []);
    if (!(vouched instanceof Error)) return { ok: true, wire: vouched };
  }
  return refused(address, trust, { shown: met.fingerprint, verdict });
}

/** With whoever an authority vouches for, by name. */
async function dialVouched(address: TcpAddress, trust: TrustOptions): Promise<DialResult> {
  const { authority, known } = trust;
  const opened = await openVouched(address, authority === undefined ? [] : [authority.pem]);
  if (!(opened instanceof Error)) return { ok: true, wire: opened };
  const why = opened.message.slice(BAD_CERTIFICATE.length);
  if (authority !== undefined || VOUCHED_FOR_OTHERWISE.test(why)) {
    return { ok: false, error: notVouched(address, trust, why), final: true };
  }
  const met = await connectUnverified(address, CONNECT_MS);
  met.wire.close(); // the server does not wait for a person to compare fingerprints
  const meeting = { place: placeOf(address), shown: met.fingerprint, file: known.path };
  if (!trust.ask) {
    return refused(address, trust, { shown: met.fingerprint, verdict: { kind: "unknown" } });
  }
  if (!trust.ask(meeting)) {
    return { ok: false, error: `Not trusted: ${meeting.place}`, final: true };
  }
  const problem = known.pin(meeting.place, met.fingerprint);
  if (problem !== undefined) return { ok: false, error: problem.error, final: true };
  return await dialPinned(address, trust, met.fingerprint);
}

/** A connection with a server whose certificate one of `authorities`, or a known one, has signed. */
async function openVouched(
  { host, port }: TcpAddress,
  authorities: string[],
): Promise<Wire | Error> {
  const signal = AbortSignal.timeout(CONNECT_MS);
  const plain = await Deno.connect({ hostname: host, port, signal });
  plain.setNoDelay(true); // one message is one small packet
  const tls = await Deno.startTls(plain, { hostname: host, caCerts: authorities });
  const late = setTimeout(() => tls.close(), CONNECT_MS);
  try {
    await tls.handshake();
    return tls;
  } catch (problem) {
    const timedOut = signal.aborted;
    if (!timedOut) tls.close();
    if (timedOut) throw new Deno.errors.TimedOut("No answer");
    if (problem instanceof Error && problem.message.startsWith(BAD_CERTIFICATE)) return problem;
    throw problem;
  } finally {
    clearTimeout(late);
  }
}

function refused(
  address: TcpAddress,
  { known }: TrustOptions,
  { shown, verdict }: { readonly shown: string; readonly verdict: Distrust },
): DialResult {
  const problem = untrustedText(verdict, { place: placeOf(address), shown, file: known.path });
  return { ok: false, error: problem.error, final: true };
}

function notVouched(address: TcpAddress, { authority }: TrustOptions, why: string): string {
  const place = placeOf(address);
  if (/NotValidForName|for name/.test(why)) {
    return `The certificate of ${place} is not for ${
      quoted(address.host)
    }: use a name that stands ` +
      "in it, or trust it by --fingerprint alone";
  }
  const whose = authority === undefined ? "" : ` by the authority in "${visible(authority.file)}"`;
  return `The certificate of ${place} is not vouched for${whose} (${why}): ask whoever runs the ` +
    "server, or trust it by --fingerprint alone";
}

function notProven(address: TcpAddress, { message }: Error): string {
  return `REFUSED: ${placeOf(address)} did not prove that the certificate it shows is its own ` +
    `(${message}). Somebody may be listening in: ask whoever runs the server`;
}

function tlsError(address: TcpAddress, error: Error, remedy: string): string {
  if (
    error instanceof Deno.errors.InvalidData || /corrupt message|wrong version/.test(error.message)
  ) {
    return `No TLS at ${placeOf(address)}: leave --tls out if the server speaks plainly there ` +
      `(${error.message})`;
  }
  return dialError(address, error, remedy);
}
