// Opens a TLS connection without verifying the certificate, to read its fingerprint before anything
// is sent. The caller decides whether to trust it.

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import { connect, type TLSSocket } from "node:tls";
import { formatFingerprint } from "../../protocol/fingerprint.ts";
import type { Wire } from "../client_connection.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import { ConnStream } from "./conn_stream.ts";

/** A connection whose certificate was not verified. */
export interface UnverifiedConnection {
  /** `SHA256:AB:CD:...` */
  readonly fingerprint: string;
  /** Write to it only after the certificate is trusted. */
  readonly wire: Wire;
}

/**
 * Connects and completes the handshake, in which the server proves that it has the key of its
 * certificate; sends no data. Throws the errors of `Deno.connect` and of node:tls.
 */
export async function connectUnverified(
  { host, port }: { readonly host: string; readonly port: number },
  { withinMs, texts }: { readonly withinMs: number; readonly texts: ClientTexts },
): Promise<UnverifiedConnection> {
  const tcp = await Deno.connect({
    hostname: host,
    port,
    signal: AbortSignal.timeout(withinMs),
  });
  tcp.setNoDelay(true); // one message is one small packet
  const stream = new ConnStream(tcp);
  const socket = connect({ socket: stream, host, rejectUnauthorized: false });
  const late = setTimeout(() => socket.destroy(new Deno.errors.TimedOut()), withinMs);
  try {
    await secured(socket, texts);
    const raw: Uint8Array | undefined = socket.getPeerCertificate()?.raw;
    if (raw === undefined) throw new Deno.errors.InvalidData(texts.noCertificate);
    const fingerprint = formatFingerprint(createHash("sha256").update(raw).digest("hex"));
    return { fingerprint, wire: new TlsWire(socket, stream, texts) };
  } catch (problem) {
    socket.destroy();
    stream.destroy();
    throw problem;
  } finally {
    clearTimeout(late);
  }
}

function secured(socket: TLSSocket, texts: ClientTexts): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.on("error", reject);
    socket.once("close", () => reject(new Deno.errors.ConnectionReset(texts.hungUp)));
  });
}

/** A Node socket as the client's {@linkcode Wire}. */
class TlsWire implements Wire {
  readonly #socket: TLSSocket;
  readonly #stream: ConnStream;
  #problem: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: TLSSocket, stream: ConnStream, texts: ClientTexts) {
    this.#socket = socket;
    this.#stream = stream;
    const wake = (): void => this.#wake?.();
    socket.on("readable", wake);
    const end = (): void => {
      this.#ended = true;
      wake();
    };
    socket.on("end", end);
    // If much was unread when the stream ended, node:tls does not emit "end" itself.
    stream.on("end", () => setImmediate(end));
    socket.on("error", (problem) => {
      this.#problem = problem;
      wake();
    });
    socket.on("close", () => {
      this.#problem ??= new Deno.errors.ConnectionReset(texts.connectionClosed);
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
      if (this.#problem !== undefined) throw this.#problem;
      if (this.#ended) return null;
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
    this.#stream.destroy();
  }
}
