// TLS on the listeners of one server: which of them use it, with which certificates, and what is
// logged of failed handshakes.

import type { Texts } from "../texts/texts.ts";
import type { Problem } from "../protocol/problem.ts";
import { quotedPath } from "../protocol/sanitize.ts";
import type { Clock, Timer } from "../shared/clock.ts";
import type { CertificateInfo } from "./control.ts";
import { certificateStage } from "./certificate_stages.ts";
import type { Limits } from "./limits/limits.ts";
import type { LogEntry } from "./log_entry.ts";
import type { ListenAddress } from "./net/address.ts";
import type { Acceptor } from "./net/socket.ts";
import type { Certificate, Certificates, TlsFiles } from "./net/tls/certificates.ts";
import type { tlsAcceptor } from "./net/tls/tls_acceptor.ts";

/** How often the certificates' ends are looked at, in milliseconds. */
const CHECK_MS = 60 * 60 * 1000;

/** What it needs of the server. */
export interface TlsListenersOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: (entry: LogEntry) => void;
  /** The language of what clients are sent, and the operator. */
  readonly texts: Pick<Texts, "refusals" | "serve">;
  /** Shows the operator a text. */
  readonly publish: (text: string) => void;
  /** Whether a certificate that is over is presented all the same. */
  readonly allowExpired: boolean;
  /** Whether a handshake from that address may begin (default yes). */
  readonly admits?: (address: string) => boolean;
}

/** The TLS modules and certificates; loaded only if a listener uses TLS. */
interface Loaded {
  readonly certificates: Certificates;
  readonly acceptor: typeof tlsAcceptor;
}

/** The TLS side of a server's listeners. */
export class TlsListeners {
  readonly #options: TlsListenersOptions;
  #loaded: Loaded | undefined;
  /** The first port that serves TLS. */
  #port: number | undefined;
  /** The stage of each certificate that was reported, by its file. */
  readonly #stages = new Map<string, number>();
  #timer: Timer | undefined;

  constructor(options: TlsListenersOptions) {
    this.#options = options;
  }

  /** The first port that serves TLS, named to clients that try TLS on another one. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Reads the certificates for `addresses`; returns why one of them cannot be used. */
  async load(addresses: readonly ListenAddress[]): Promise<Problem | undefined> {
    for (const { tls } of addresses) {
      if (tls === undefined) continue;
      this.#loaded ??= await this.#load();
      const problem = await this.#loaded.certificates.load(filesOf(tls));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** `plain`, which accepts at `address`, wrapped in TLS if the address asks for it. */
  secure(plain: Acceptor, { at, tls }: ListenAddress): Acceptor {
    if (tls === undefined || at.kind !== "tcp" || this.#loaded === undefined) return plain;
    this.#port ??= at.port;
    const { certificates, acceptor } = this.#loaded;
    const { clock, limits, log, texts, admits } = this.#options;
    return acceptor(plain, {
      clock,
      limits,
      ...(admits && { admits }),
      engine: certificates.engine(filesOf(tls)),
      hint: texts.refusals.tlsHere(at.port),
      onHandshakeFailed: ({ address, reason, detail }) => {
        log({ level: "info", what: "turned_back", details: { address, reason, detail } });
      },
    });
  }

  /** The fingerprint of the certificate used at `address`, if it has one. */
  fingerprint({ tls }: ListenAddress): string | undefined {
    return tls && this.#loaded?.certificates.fingerprint(filesOf(tls));
  }

  /**
   * Reads the certificates again, for handshakes from now on; open connections keep theirs (F71).
   * Returns why an old certificate stays in force (F70).
   */
  async reload(): Promise<Problem | undefined> {
    const problem = await this.#loaded?.certificates.reload();
    this.#report();
    return problem;
  }

  /** The certificates presented now. */
  get certificates(): CertificateInfo[] {
    const { clock, texts: { serve } } = this.#options;
    const now = clock.now();
    return this.#certificates.map(({ cert, until }) => {
      const end = new Date(until);
      const isNear = certificateStage(until, now) < Infinity;
      const problem = isNear ? serve.certificateEnds(quotedPath(cert), end, now) : null;
      return { cert, until: end.toISOString(), problem };
    });
  }

  get #certificates(): Certificates["all"] {
    return this.#loaded?.certificates.all ?? [];
  }

  /** What the operator must know of certificates that end soon, or are over. */
  get warnings(): string[] {
    return this.certificates.flatMap(({ problem }) => problem ?? []);
  }

  /** From now on reports each certificate as its end comes near, until {@linkcode unwatch}. */
  watch(): void {
    if (this.#loaded === undefined) return;
    this.#report();
    this.#timer = this.#options.clock.after(CHECK_MS, () => this.watch());
  }

  /** Ends the watch. */
  unwatch(): void {
    this.#timer?.cancel();
  }

  #report(): void {
    const { clock, log, publish, texts: { serve } } = this.#options;
    const now = clock.now();
    for (const { cert, fingerprint, until } of this.#certificates) {
      const stage = certificateStage(until, now);
      const last = this.#stages.get(cert) ?? Infinity;
      this.#stages.set(cert, stage);
      if (stage >= last) continue;
      const details = { cert, fingerprint, until: new Date(until).toISOString() };
      if (stage > 0) log({ level: "warning", what: "certificate_expires", details });
      else log({ level: "warning", what: "certificate_expired", details });
      publish(serve.certificateEnds(quotedPath(cert), new Date(until), now));
    }
  }

  async #load(): Promise<Loaded> {
    const [{ Certificates }, { tlsAcceptor }] = await Promise.all([
      import("./net/tls/certificates.ts"),
      import("./net/tls/tls_acceptor.ts"),
    ]);
    const { allowExpired, clock, log, texts } = this.#options;
    const onRead = ({ cert }: TlsFiles, { fingerprint, until }: Certificate) => {
      const details = { cert, fingerprint, until: new Date(until).toISOString() };
      if (until > clock.now()) log({ level: "info", what: "certificate", details });
      this.#stages.delete(cert);
    };
    const certificates = new Certificates(onRead, ({ cert }, { until }) => {
      if (allowExpired || until > clock.now()) return undefined;
      return { error: texts.serve.certificateRefused(quotedPath(cert), new Date(until)) };
    });
    return { certificates, acceptor: tlsAcceptor };
  }
}

function filesOf({ cert, key }: NonNullable<ListenAddress["tls"]>): TlsFiles {
  if (cert === undefined || key === undefined) throw new TypeError("TLS without a certificate");
  return { cert, key };
}
