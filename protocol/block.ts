// Encodes events into shared, append-only blocks: an event is written once, and the send queues of
// all its recipients hold the same slice.

/** Bytes of a block; an event that does not fit into the rest starts the next one. */
const BLOCK_BYTES = 64 * 1024;

/** Bytes `start` to `end` (exclusive) of `block`; they never change once handed out. */
export interface Slice {
  readonly block: Uint8Array<ArrayBuffer>;
  readonly start: number;
  readonly end: number;
}

const ENCODER = new TextEncoder();

/** Writes encoded items one after another: `begin()`, any number of writes, `end()`. */
export class BlockWriter {
  #block: Uint8Array<ArrayBuffer>;
  #start = 0;
  #used = 0;

  /** `blockBytes` is the size of the blocks it allocates. */
  constructor(readonly blockBytes: number = BLOCK_BYTES) {
    this.#block = new Uint8Array(blockBytes);
  }

  /** Starts an item directly after the last one, so that both can be sent as one slice. */
  begin(): void {
    this.#start = this.#used;
  }

  /** Ends the item; undefined if it has no bytes. */
  end(): Slice | undefined {
    if (this.#used === this.#start) return undefined;
    return { block: this.#block, start: this.#start, end: this.#used };
  }

  /** Appends `text` as UTF-8. */
  text(text: string): void {
    let rest = text;
    // UTF-8 bytes of a UTF-16 unit: mostly one, since a queue that holds an item holds all of its
    // block; if one does not do, three, which is the most.
    let each = 1;
    while (rest.length > 0) {
      const { read, written } = ENCODER.encodeInto(rest, this.#block.subarray(this.#used));
      this.#used += written;
      if (read === rest.length) return;
      rest = rest.slice(read);
      this.#makeRoom(Math.max(rest.length * each, 3));
      each = 3;
    }
  }

  /** Appends `bytes` as they are. */
  bytes(bytes: Uint8Array): void {
    if (this.#block.length - this.#used < bytes.length) this.#makeRoom(bytes.length);
    this.#block.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /**
   * Moves the unfinished item to a new block with room for `more` bytes; the old block is
   * unchanged.
   */
  #makeRoom(more: number): void {
    const item = this.#block.subarray(this.#start, this.#used);
    const next = new Uint8Array(Math.max(this.blockBytes, item.length + more));
    next.set(item);
    this.#block = next;
    this.#used = item.length;
    this.#start = 0;
  }
}
