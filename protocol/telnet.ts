// Telnet's own commands inside a text stream (RFC 854): a person with telnet types text, but the
// program adds bytes of its own. Pure; used by `plain` alone.

const IAC = 255;
const SB = 250;
const SE = 240;
const WILL = 251;
const DONT = 254;
/** Interrupt Process, what telnet sends for CTRL-C; and End of File (RFC 1184). */
const IP = 244;
const XEOF = 236;
const CR = 13;
const LF = 10;
const NUL = 0;

type State = "text" | "iac" | "option" | "sub" | "subIac" | "cr" | "over";

/** Strips telnet commands from a byte stream, whatever the chunks. */
export class TelnetFilter {
  #state: State = "text";

  /**
   * The text bytes of `chunk`: the chunk itself when it holds no command. `CR NUL`, telnet's bare
   * return (RFC 854), becomes a line end. Calls `onQuit` at CTRL-C or end of file, behind which
   * nothing is text any more.
   */
  feed(chunk: Uint8Array, onQuit: () => void): Uint8Array {
    if (this.#state === "text" && !chunk.includes(IAC) && !chunk.includes(CR)) return chunk;
    const text = new Uint8Array(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      switch (this.#state) {
        case "text":
          length = this.#text(byte, text, length);
          break;
        case "cr":
          this.#state = "text";
          text[length++] = byte === NUL ? LF : CR;
          if (byte !== NUL) length = this.#text(byte, text, length);
          break;
        case "iac":
          this.#state = "text";
          if (byte === SB) this.#state = "sub";
          else if (byte >= WILL && byte <= DONT) this.#state = "option";
          else if (byte === IP || byte === XEOF) {
            this.#state = "over";
            onQuit();
          } else if (byte === IAC) text[length++] = IAC;
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

  #text(byte: number, text: Uint8Array, length: number): number {
    if (byte === IAC) this.#state = "iac";
    else if (byte === CR) this.#state = "cr";
    else text[length++] = byte;
    return length;
  }
}
