// The wire of a peer that has connected: its first bytes pass only if they do not begin a request
// of HTTP or another protocol (A2), which is answered here.

import type { Wire } from "../client/client_connection.ts";
import { firstLine } from "../protocol/first_bytes.ts";
import { foreignProtocol, HTTP, isRequestStart } from "../protocol/foreign_protocols.ts";
import { httpRefusal } from "../server/session/http_refusal.ts";
import type { Clock } from "../shared/clock.ts";
import type { Texts } from "../texts/texts.ts";

/** What a {@linkcode GuardedWire} needs. */
export interface GuardOptions {
  readonly texts: Texts;
  readonly clock: Clock;
  /** How long a refused peer may take to read its answer and close, in milliseconds. */
  readonly lingerMs: number;
}

/** Reads as the wire inside; rejects with a text for people if the peer speaks another protocol. */
export class GuardedWire implements Wire {
  readonly #wire: Wire;
  readonly #options: GuardOptions;
  /** Whether its first bytes have passed. */
  #isKnown = false;
  /** Whether it was refused, after which it closes itself. */
  #isRefused = false;

  constructor(wire: Wire, options: GuardOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#isKnown) return await this.#wire.read(buffer);
    for (let length = 0;;) {
      const count = await this.#wire.read(buffer.subarray(length));
      length += count ?? 0;
      const head = buffer.subarray(0, length);
      const first = firstLine(head, count === null);
      const foreign = foreignProtocol(head, first);
      if (foreign !== undefined) return await this.#refuse(foreign, first.line);
      // The end of a request's line is awaited, as far as the buffer goes.
      if (!first.whole && isRequestStart(first.line) && length < buffer.length) continue;
      this.#isKnown = true;
      return length === 0 ? count : length;
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#wire.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#wire.closeWrite();
  }

  close(): void {
    if (!this.#isRefused) this.#wire.close();
  }

  /** Sends the refusal and gives the peer time to read it; always rejects. */
  async #refuse(protocol: string, line: string): Promise<never> {
    this.#isRefused = true;
    const { texts, clock, lingerMs } = this.#options;
    const answer = protocol === HTTP
      ? httpRefusal(line, texts)
      : new TextEncoder().encode(`${texts.refusals.notServed(protocol)}\n`);
    await rejectPeer(this.#wire, answer, clock, lingerMs);
    throw new Error(texts.turns.foreignPeer(protocol));
  }
}

/** Sends `bytes` and closes; never rejects, whatever the peer does. */
export async function rejectPeer(
  wire: Wire,
  bytes: Uint8Array,
  clock: Clock,
  lingerMs: number,
): Promise<void> {
  // Without time to read it, the peer would get a reset instead of the answer.
  const late = clock.after(lingerMs, () => close(wire));
  try {
    await wire.write(bytes);
    await wire.closeWrite();
    const buffer = new Uint8Array(1024);
    while (await wire.read(buffer) !== null);
  } catch {
    // The peer closed first, or the time is up.
  }
  late.cancel();
  close(wire);
}

function close(wire: Wire): void {
  try {
    wire.close();
  } catch {
    // already closed
  }
}
