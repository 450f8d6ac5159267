// Loads the certificates of a server's listeners from PEM files, checks them before use, and
// reloads them without closing a listener or a connection (F70, F71).

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { quotedPath } from "../../../protocol/sanitize.ts";
import { errorText } from "../../../shared/errors.ts";
import { readOwnedText } from "../../../shared/owned_files.ts";
import { type KeyPair, NodeEngine } from "./node_engine.ts";
import { formatFingerprint } from "../../../protocol/fingerprint.ts";
import type { Problem } from "../../../protocol/problem.ts";

/** Paths of a certificate chain and its private key, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that is presented to clients. */
export interface Certificate extends KeyPair {
  /** `SHA256:AB:CD:...` of the first certificate of the chain. */
  readonly fingerprint: string;
  /** When it expires, in milliseconds since the epoch. */
  readonly until: number;
}

/** A pair of files in use. */
interface Entry {
  readonly files: TlsFiles;
  readonly engine: NodeEngine;
  certificate: Certificate;
}

/** The certificates of one server. */
export class Certificates {
  readonly #onRead: (files: TlsFiles, certificate: Certificate) => void;
  readonly #refuse: (files: TlsFiles, certificate: Certificate) => Problem | undefined;
  readonly #entries = new Map<string, Entry>();

  /** Calls `onRead` with each certificate that takes effect; one that `refuse` refuses does not. */
  constructor(
    onRead: (files: TlsFiles, certificate: Certificate) => void,
    refuse: (files: TlsFiles, certificate: Certificate) => Problem | undefined = () => undefined,
  ) {
    this.#onRead = onRead;
    this.#refuse = refuse;
  }

  /** The certificates presented now, each with its file. */
  get all(): { readonly cert: string; readonly fingerprint: string; readonly until: number }[] {
    return [...this.#entries.values()].map(({ files: { cert }, certificate }) => {
      const { fingerprint, until } = certificate;
      return { cert, fingerprint, until };
    });
  }

  /** Reads a pair of files unless it is loaded; returns why it cannot be used. */
  async load(files: TlsFiles): Promise<Problem | undefined> {
    if (this.#entries.has(keyOf(files))) return undefined;
    const certificate = await this.#read(files);
    if ("error" in certificate) return certificate;
    try {
      const engine = new NodeEngine(certificate);
      this.#entries.set(keyOf(files), { files, engine, certificate });
    } catch (problem) {
      return { error: unusable(files, problem) };
    }
    this.#onRead(files, certificate);
    return undefined;
  }

  /** The engine that presents the certificate of `files`, which must have been loaded. */
  engine(files: TlsFiles): NodeEngine {
    return this.#entry(files).engine;
  }

  /** The fingerprint of the certificate presented now. */
  fingerprint(files: TlsFiles): string {
    return this.#entry(files).certificate.fingerprint;
  }

  /**
   * Reads all files again. Valid ones take effect for handshakes that begin from now on; where a
   * file is broken, the old certificate stays and the result has the reason.
   */
  async reload(): Promise<Problem | undefined> {
    const problems: string[] = [];
    for (const entry of this.#entries.values()) {
      const certificate = await this.#read(entry.files);
      if ("error" in certificate) {
        problems.push(certificate.error);
        continue;
      }
      try {
        entry.engine.use(certificate);
        entry.certificate = certificate;
        this.#onRead(entry.files, certificate);
      } catch (problem) {
        problems.push(unusable(entry.files, problem));
      }
    }
    return problems.length === 0 ? undefined : { error: problems.join("; ") };
  }

  async #read(files: TlsFiles): Promise<Certificate | Problem> {
    const certificate = await readCertificate(files);
    return "error" in certificate ? certificate : this.#refuse(files, certificate) ?? certificate;
  }

  #entry(files: TlsFiles): Entry {
    const entry = this.#entries.get(keyOf(files));
    if (entry === undefined) throw new TypeError(`Not loaded: ${keyOf(files)}`);
    return entry;
  }
}

/** Reads and checks a pair of files. */
export function readCertificate(files: TlsFiles): Promise<Certificate | Problem> {
  return Promise.resolve(certificateIn(files));
}

function certificateIn(files: TlsFiles): Certificate | Problem {
  let pair: KeyPair;
  try {
    pair = {
      cert: readOwnedText(files.cert),
      key: readOwnedText(files.key),
    };
  } catch (problem) {
    return { error: unreadable(files, problem) };
  }
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pair.cert);
  } catch {
    return { error: `No certificate in ${quotedPath(files.cert)}: give a PEM file` };
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pair.key);
  } catch {
    return {
      error: `No private key in ${quotedPath(files.key)}: give a PEM file without a passphrase`,
    };
  }
  if (!certificate.checkPrivateKey(key)) {
    return { error: `The key ${quotedPath(files.key)} is not that of ${quotedPath(files.cert)}` };
  }
  const until = Date.parse(certificate.validTo);
  return { ...pair, fingerprint: formatFingerprint(certificate.fingerprint256), until };
}

function unreadable({ cert, key }: TlsFiles, problem: unknown): string {
  const why = problem instanceof Deno.errors.NotFound
    ? "make them with minichat cert"
    : problem instanceof Deno.errors.PermissionDenied
    ? "no permission"
    : errorText(problem);
  return `Cannot read ${quotedPath(cert)} and ${quotedPath(key)}: ${why}`;
}

function unusable({ cert }: TlsFiles, problem: unknown): string {
  const why = errorText(problem);
  return `Cannot use the certificate ${quotedPath(cert)}: ${why}`;
}

function keyOf({ cert, key }: TlsFiles): string {
  return `${cert}\0${key}`;
}
