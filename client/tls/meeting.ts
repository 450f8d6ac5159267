// A TLS connection to whoever answers, to look at the certificate before anything is said. Nothing here
// decides whether it is to be trusted.

import { createHash } from "node:crypto";
import { connect, TLSSocket } from "node:tls";
import { formatFingerprint } from "../../protocol/fingerprint.ts";
import type { Wire } from "../link.ts";

/**
 * Whether this runtime makes such a server prove that it has the key of the certificate it shows. Deno
 * before 2.9, which lacks the method as well, takes anybody's word: whoever has seen a certificate could
 * show it.
 */
export const PROVES_KEY: boolean = "getPeerX509Certificate" in TLSSocket.prototype;

/** A server whose certificate nobody has checked. */
export interface Met {
  /** `SHA256:AB:CD:...` */
  readonly fingerprint: string;
  /** The certificate, as PEM. */
  readonly pem: string;
  /** To be used only once the certificate is trusted, and where {@linkcode PROVES_KEY} holds. */
  readonly wire: Wire;
}

/** Connects and finishes the handshake; sends nothing. Throws what connecting throws, in Deno's classes. */
export async function meet(
  { host, port }: { readonly host: string; readonly port: number },
  withinMs: number,
): Promise<Met> {
  const socket = connect({ host, port, rejectUnauthorized: false });
  socket.allowHalfOpen = true;
  const late = setTimeout(() => socket.destroy(new Deno.errors.TimedOut("No answer")), withinMs);
  try {
    await secured(socket);
    const raw: Uint8Array | undefined = socket.getPeerCertificate()?.raw;
    if (raw === undefined) throw new Deno.errors.InvalidData("It showed no certificate");
    const fingerprint = formatFingerprint(createHash("sha256").update(raw).digest("hex"));
    socket.setNoDelay(true); // one message is one small packet
    return { fingerprint, pem: pemOf(raw), wire: new TlsWire(socket) };
  } catch (problem) {
    socket.destroy();
    throw inDenosClasses(problem);
  } finally {
    clearTimeout(late);
  }
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.on("error", reject);
    socket.once("close", () => reject(new Deno.errors.ConnectionReset("It hung up")));
  });
}

function pemOf(raw: Uint8Array): string {
  const lines = raw.toBase64().match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function inDenosClasses(problem: unknown): unknown {
  if (!(problem instanceof Error) || !("code" in problem)) return problem;
  switch (problem.code) {
    case "ECONNREFUSED":
      return new Deno.errors.ConnectionRefused(problem.message);
    case "ETIMEDOUT":
      return new Deno.errors.TimedOut(problem.message);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new Error(`failed to lookup address: ${problem.message}`);
    default:
      return problem;
  }
}

/** Node's socket as the client reads and writes one. */
class TlsWire implements Wire {
  readonly #socket: TLSSocket;
  #problem: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    const wake = (): void => this.#wake?.();
    socket.on("readable", wake);
    socket.on("end", () => {
      this.#ended = true;
      wake();
    });
    socket.on("error", (problem) => {
      this.#problem = problem;
      wake();
    });
    socket.on("close", () => {
      this.#problem ??= new Deno.errors.ConnectionReset("The connection was closed");
      wake();
    });
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (true) {
      const length = Math.min(buffer.length, this.#socket.readableLength);
      const chunk: Uint8Array | null = this.#socket.read(length > 0 ? length : undefined);
      if (chunk !== null) {
        buffer.set(chunk);
        return chunk.length;
      }
      if (this.#ended) return null;
      if (this.#problem !== undefined) throw this.#problem;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (problem) => problem ? reject(problem) : resolve(bytes.length));
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(resolve));
  }

  close(): void {
    this.#socket.destroy();
  }
}
