// What a client of `framed` reads: frames, the bare `ok` of an acknowledgement, and text without any
// frame, which a server written for the sheet may send as well (D1, D4). Pure; framed.ts has the rest.

import type { Decoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { decodeLine } from "./framing.ts";
import { FrameReader, type Layout } from "./frames.ts";
import { joined } from "./head.ts";
import { MAX_SERVER_FRAME_BYTES } from "./limits.ts";
import { parseMessage } from "./words.ts";

const LF = 0x0a;
const O = 0x6f;
const K = 0x6b;

type Emit = (event: ServerEvent) => void;

/**
 * The first byte tells: 0 or 1 begins a frame, `ok` acknowledges, anything else is text up to a line
 * end, a frame or the end of what was read at once: a server that sends no frames sends no line ends
 * either, and its words must not wait for the next ones.
 */
export class FramedClientDecoder implements Decoder<ServerEvent> {
  readonly #reader: FrameReader;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  /** An `o` was the last byte read, where an `ok` could begin. */
  #halfOk = false;
  #dead = false;

  /** `layout` is the one this client sends in: a server answers in it. */
  constructor(layout: Layout) {
    this.#reader = new FrameReader(layout, MAX_SERVER_FRAME_BYTES);
  }

  feed(chunk: Uint8Array, emit: Emit): void {
    let at = 0;
    if (this.#halfOk && chunk.length > 0) {
      this.#halfOk = false;
      if (chunk[0] === K) {
        at = 1;
        emit(KO);
      } else at = this.#onText(joined(Uint8Array.of(O), chunk), 0, emit) - 1;
    }
    while (at < chunk.length && !this.#dead) at = this.#onItem(chunk, at, emit);
  }

  end(emit: Emit): void {
    if (this.#halfOk) emit({ type: "notice", text: "o" });
    this.#halfOk = false;
    this.#endText(emit);
  }

  #onItem(chunk: Uint8Array, at: number, emit: Emit): number {
    if (!this.#reader.isIdle || isNature(chunk[at])) return this.#onFrame(chunk, at, emit);
    if (chunk[at] === O && at + 1 === chunk.length) {
      this.#halfOk = true;
      return at + 1;
    }
    if (chunk[at] !== O || chunk[at + 1] !== K) return this.#onText(chunk, at, emit);
    this.#endText(emit);
    emit(KO);
    return at + 2;
  }

  #onFrame(chunk: Uint8Array, at: number, emit: Emit): number {
    this.#endText(emit);
    const next = this.#reader.read(chunk, at, (_nature, payload) => emit(parsePayload(payload)));
    if (typeof next === "number") return next;
    this.#dead = true;
    emit({
      type: "error",
      code: next.code,
      message: "The server's frames have another layout: try another --header (16, 12 or 8)",
    });
    return chunk.length;
  }

  #onText(chunk: Uint8Array, from: number, emit: Emit): number {
    let at = from;
    while (at < chunk.length && chunk[at] !== LF && !isNature(chunk[at])) at++;
    // At the end of what was read, a character may be half here.
    const text = this.#text.decode(chunk.subarray(from, at), { stream: at === chunk.length })
      .replace(/\r$/, "");
    if (text !== "") emit({ type: "notice", text });
    return chunk[at] === LF ? at + 1 : at;
  }

  /** Half a character that nothing completes any more. */
  #endText(emit: Emit): void {
    const text = this.#text.decode();
    if (text !== "") emit({ type: "notice", text });
  }
}

/** Literally what the sheet asks to be shown once a message is known to have been received (R14). */
const KO: ServerEvent = Object.freeze({ type: "notice", text: "ko", receipt: true });

function isNature(byte: number | undefined): boolean {
  return byte === 0 || byte === 1;
}

/** `name: text`, `name@group: text` or `name (private): text`; anything else is shown as it is. */
function parsePayload(payload: Uint8Array): ServerEvent {
  const said = decodeLine(payload, "lossy");
  if (typeof said !== "string") return { type: "notice", text: said.message };
  return parseMessage(said.replace(/[\r\n]+$/, ""));
}
