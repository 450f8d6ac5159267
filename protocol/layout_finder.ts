// Decodes a client's frames: finds their layout (find_layout.ts), then reads them in any chunks.

import type { Failure } from "./failures.ts";
import { findLayout, lastLayout } from "./find_layout.ts";
import { concatBuffers } from "./first_bytes.ts";
import { asUsedBy, type FrameLayout } from "./frame_layouts.ts";
import { badFrame, FrameReader, type Nature } from "./frames.ts";

/** Called with each frame; returns a failure if the rest of the stream cannot be trusted. */
type OnFrame = (nature: Nature, payload: Uint8Array) => Failure | undefined;

/** Decodes frames in a given layout, or in the one that the first frame shows. */
export class LayoutFinder {
  readonly #maxBytes: number;
  /** First bytes, until the layout is known. */
  #head = new Uint8Array(0);
  readonly #pinned: FrameLayout | undefined;
  #layout: FrameLayout | undefined;
  #reader: FrameReader | undefined;

  /** `maxBytes`: longest payload; `pinned`: the layout, if it is known beforehand. */
  constructor(maxBytes: number, pinned?: FrameLayout) {
    this.#maxBytes = maxBytes;
    this.#pinned = pinned;
  }

  /** The layout, once it is known. */
  get layout(): FrameLayout | undefined {
    return this.#layout;
  }

  /** Calls `onFrame` for every frame that `chunk` completes; a failure ends the reading. */
  feed(chunk: Uint8Array, onFrame: OnFrame): Failure | undefined {
    if (this.#reader !== undefined) return readAll(this.#reader, chunk, onFrame);
    this.#head = concatBuffers(this.#head, chunk);
    const layout = this.#find();
    if (layout === "none") return badFrame(undefined, this.#maxBytes);
    return layout === "more" ? undefined : this.#settle(layout, onFrame);
  }

  /** The stream ended: the bytes received may be a whole frame. An incomplete frame is ignored. */
  end(onFrame: OnFrame): Failure | undefined {
    if (this.#reader !== undefined) return undefined;
    const layout = this.#pinned ?? lastLayout(this.#head, this.#maxBytes);
    return layout === undefined ? undefined : this.#settle(layout, onFrame);
  }

  #find(): FrameLayout | "more" | "none" {
    if (this.#pinned === undefined) return findLayout(this.#head, this.#maxBytes);
    // The first header shows how it fills a number, and which types it gives.
    if (this.#head.length < this.#pinned.headerBytes) return "more";
    return asUsedBy(this.#pinned, this.#head);
  }

  #settle(layout: FrameLayout, onFrame: OnFrame): Failure | undefined {
    this.#layout = layout;
    this.#reader = new FrameReader(layout, this.#maxBytes);
    const head = this.#head;
    this.#head = new Uint8Array(0);
    return readAll(this.#reader, head, onFrame);
  }
}

function readAll(reader: FrameReader, chunk: Uint8Array, onFrame: OnFrame): Failure | undefined {
  const refused: Failure[] = [];
  for (let at = 0; at < chunk.length;) {
    const next = reader.read(chunk, at, (nature, payload) => {
      const problem = onFrame(nature, payload);
      if (problem !== undefined) refused.push(problem);
    });
    if (typeof next !== "number") return next;
    if (refused.length > 0) return refused[0];
    at = next;
  }
  return undefined;
}
