// Two ends of a connection in memory, and users at fake terminals, for the tests of turns/.

import type { Wire } from "../../client/client_connection.ts";
import { TerminalTurnIO } from "../../turns/terminal_turn_io.ts";
import { BARE, FakePrompt } from "../client/client_fakes.ts";
import { EN } from "../../texts/en.ts";

/** One direction: bytes, then perhaps the end or a failure. */
class Stream {
  readonly #chunks: (Uint8Array | null | Error)[] = [];
  #wake = Promise.withResolvers<void>();

  put(chunk: Uint8Array | null | Error): void {
    this.#chunks.push(chunk);
    this.#wake.resolve();
  }

  async take(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    const chunk = this.#chunks[0];
    if (chunk instanceof Error) throw chunk;
    if (chunk === null || chunk === undefined) return null;
    const count = Math.min(chunk.length, buffer.length);
    buffer.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(count);
    return count;
  }
}

/** One end of a connection. */
export class MemoryWire implements Wire {
  closed = false;
  readonly #in: Stream;
  readonly #out: Stream;
  /** All that was written, as text. */
  sent = "";

  constructor(incoming: Stream, outgoing: Stream) {
    this.#in = incoming;
    this.#out = outgoing;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#in.take(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.closed) return Promise.reject(new Deno.errors.BadResource("closed"));
    this.sent += new TextDecoder().decode(bytes);
    this.#out.put(bytes.slice());
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.#out.put(null);
    return Promise.resolve();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#out.put(null);
    this.#in.put(new Deno.errors.BadResource("closed"));
  }

  /** Sends text. */
  say(text: string): void {
    void this.write(new TextEncoder().encode(text));
  }

  /** Resets the connection for the other end. */
  breakOff(): void {
    this.#out.put(new Deno.errors.ConnectionReset("reset by the test"));
  }
}

/** The two ends of one connection. */
export function wirePair(): [MemoryWire, MemoryWire] {
  const there = new Stream();
  const back = new Stream();
  return [new MemoryWire(back, there), new MemoryWire(there, back)];
}

/** A user at a fake terminal. */
export interface TerminalPerson {
  readonly prompt: FakePrompt;
  readonly io: TerminalTurnIO;
}

/** Makes a user at a fake terminal. */
export function terminalPerson(): TerminalPerson {
  const prompt = new FakePrompt();
  return { prompt, io: new TerminalTurnIO(prompt, BARE, EN.turns) };
}
