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

  /** Whether the client writes Latin-1: then it is answered so. */
  get isLatin1(): boolean {
    return this.#text.isLatin1;
  }

  /** The request of a line; undefined if the line has none. */
  protected abstract request(text: string): Request | undefined;

  protected override read(line: Uint8Array): Request | undefined {
    return this.request(this.#text.decode(line));
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
