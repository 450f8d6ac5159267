// The base of the server's decoders in dialects of lines: each line of a client is a request, its
// text in the client's encoding.

import type { Failure } from "./failures.ts";
import { LineReader } from "./line_decoder.ts";
import { PeerText } from "./peer_text.ts";
import type { Request } from "./requests.ts";

const NO_BYTES = new Uint8Array(0);

/** Decodes the lines of one client. */
export abstract class RequestReader extends LineReader<Request> {
  readonly #text = new PeerText();
  #isLatin1 = false;
  /** Whether the line being read came without an end (D24). */
  #isUnended = false;

  /** Whether the client writes Latin-1: then it is answered so. */
  get isLatin1(): boolean {
    return this.#text.isLatin1;
  }

  /** The request of a line; undefined if the line has none. */
  protected abstract request(text: string): Request | undefined;

  /** Matches where another send begins in text without line ends; global. */
  protected get sends(): RegExp | undefined {
    return undefined;
  }

  protected override read(line: Uint8Array): Request | undefined {
    const text = this.#text.decode(line);
    // Spaces fill the buffers of fixed size that some programs send.
    return this.request(this.#isUnended ? text.replace(/ {2,}$/, "") : text);
  }

  override end(emit: (request: Request) => void, cuts: readonly number[] = []): void {
    if (this.endsLines || this.pendingBytes === 0) return super.end(emit, cuts);
    this.#isUnended = true;
    super.end(emit, this.#withSends(cuts));
    this.#isUnended = false;
  }

  /** The network may have joined sends: the positions at which they show. */
  #withSends(cuts: readonly number[]): readonly number[] {
    const { sends } = this;
    if (sends === undefined) return cuts;
    const text = String.fromCharCode(...this.unfinished); // as Latin-1: a character for each byte
    const found = Array.from(text.matchAll(sends), ({ index }) => index);
    return [...new Set([...cuts, ...found])].sort((a, b) => a - b);
  }

  /** A message does not change its sender's encoder, but a request without text does. */
  protected override afterLine(emit: (request: Request) => void): void {
    if (!this.isLatin1 || this.#isLatin1) return;
    this.#isLatin1 = true;
    emit({ verb: "answer", bytes: NO_BYTES });
  }

  protected override refuse(failure: Failure): Request {
    return { verb: "invalid", failure, fatal: true };
  }
}
