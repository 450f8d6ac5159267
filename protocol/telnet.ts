// Strips Telnet commands (RFC 854) from a text stream: a telnet program adds them to what a person
// types. Used by `plain` only.

const IAC = 255;
const SB = 250;
const SE = 240;
const AYT = 246;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const TIMING_MARK = 6;
/** Interrupt Process, what telnet sends for CTRL-C; and End of File (RFC 1184). */
const IP = 244;
const XEOF = 236;

/**
 * BSD telnet programs look for control keys in each byte with its top bit cleared, also inside a
 * character: for the last byte of U+672C they send a command instead. The byte that each command
 * replaced: BRK or ABORT 9C, IP 83, end of file 84, SUSP 9A.
 */
const MISTAKEN: ReadonlyMap<number, number> = new Map([
  [243, 0x9c],
  [238, 0x9c],
  [IP, 0x83],
  [XEOF, 0x84],
  [237, 0x9a],
]);

/** The reply to DO TIMING-MARK: WILL TIMING-MARK (RFC 860). */
export const TIMING_MARK_REPLY: Uint8Array = new Uint8Array([IAC, WILL, TIMING_MARK]);

type State = "text" | "iac" | "will" | "do" | "option" | "sub" | "subIac" | "over";

/** Called for the commands in the stream. */
export interface TelnetListener {
  /** CTRL-C or end of file: the rest of the stream is discarded. */
  onQuit(): void;
  /**
   * A timing mark is requested after `at` bytes of this chunk's text (RFC 860): telnet discards all
   * output until the reply.
   */
  onTimingMark(at: number): void;
  /** An option is offered or asked for: `bytes` refuse it (RFC 854), after `at` bytes of the text. */
  onReply(at: number, bytes: Uint8Array): void;
  /** The client asks whether the server is there (AYT), after `at` bytes of the text. */
  onAreYouThere(at: number): void;
}

/** Strips telnet commands from a byte stream, however it is split into chunks. */
export class TelnetFilter {
  #state: State = "text";
  /** Bytes that the current UTF-8 character still needs. */
  #missing = 0;

  /** The text bytes of `chunk`: the chunk itself if it has no command. */
  feed(chunk: Uint8Array, listener: TelnetListener): Uint8Array {
    if (this.#state === "text" && !chunk.includes(IAC)) {
      // A character has at most four bytes, so the last four determine the state.
      for (const byte of chunk.subarray(-4)) this.#count(byte);
      return chunk;
    }
    const text = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      switch (this.#state) {
        case "text":
          length = this.#text(byte, text, length);
          break;
        case "iac":
          length = this.#command(byte, { text, length, listener });
          break;
        case "do":
          this.#state = "text";
          if (byte === TIMING_MARK) listener.onTimingMark(length);
          else listener.onReply(length, Uint8Array.of(IAC, WONT, byte));
          break;
        case "will":
          this.#state = "text";
          listener.onReply(length, Uint8Array.of(IAC, DONT, byte));
          break;
        case "option":
          this.#state = "text";
          break;
        case "sub":
          if (byte === IAC) this.#state = "subIac";
          break;
        case "subIac":
          this.#state = byte === SE ? "text" : "sub";
          break;
        case "over":
          break;
      }
    }
    return text.subarray(0, length);
  }

  #command(
    byte: number,
    { text, length, listener }: { text: Uint8Array; length: number; listener: TelnetListener },
  ): number {
    this.#state = "text";
    const mistaken = this.#missing > 0 ? MISTAKEN.get(byte) : undefined;
    if (mistaken !== undefined) return this.#text(mistaken, text, length);
    if (byte === SB) this.#state = "sub";
    else if (byte === DO) this.#state = "do";
    else if (byte === WILL) this.#state = "will";
    else if (byte >= WILL && byte <= DONT) this.#state = "option";
    else if (byte === AYT) listener.onAreYouThere(length);
    else if (byte === IP || byte === XEOF) {
      this.#state = "over";
      listener.onQuit();
    } else if (byte === IAC) {
      text[length] = IAC;
      return length + 1;
    }
    return length;
  }

  #text(byte: number, text: Uint8Array, length: number): number {
    if (byte === IAC) this.#state = "iac";
    else {
      this.#count(byte);
      text[length] = byte;
      return length + 1;
    }
    return length;
  }

  #count(byte: number): void {
    if (byte >= 0x80 && byte < 0xc0) this.#missing = Math.max(0, this.#missing - 1);
    else if (byte < 0xc2 || byte > 0xf4) this.#missing = 0;
    else this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
}
