// Where JSON objects end in a stream, without parsing them: for a client that ends no lines.

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Follows the braces of objects that follow each other, in any chunks. */
export class JsonExtent {
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Whether the last byte that is no blank has closed an object. */
  #isClosed = false;

  /** Whether what has been read is whole objects, at least one. */
  get isWhole(): boolean {
    return this.#isClosed && this.#depth === 0;
  }

  /** Reads on; returns the positions in `bytes` after which an object is whole. */
  feed(bytes: Uint8Array): readonly number[] {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#inString) this.#onStringByte(byte);
      else if (byte > SPACE) {
        this.#isClosed = byte === CLOSE;
        if (byte === QUOTE) this.#inString = true;
        else if (byte === OPEN) this.#depth++;
        else if (byte === CLOSE && this.#depth > 0 && --this.#depth === 0) ends.push(at + 1);
      }
    }
    return ends;
  }

  #onStringByte(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }
}

/** The objects of a text in which nothing is between them; undefined if there are fewer than two. */
export function objectsIn(text: string): readonly unknown[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const extent = new JsonExtent();
  const ends = extent.feed(bytes);
  if (ends.length < 2 || !extent.isWhole) return undefined;
  const decoder = new TextDecoder();
  try {
    return ends.map((end, at) =>
      JSON.parse(decoder.decode(bytes.subarray(ends[at - 1] ?? 0, end)))
    );
  } catch {
    return undefined;
  }
}
