// The encoding of one peer's text: UTF-8, or Latin-1 for old programs and terminals (J9), which are
// then answered in Latin-1 as well.

import { BlockWriter } from "./block.ts";
import type { Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { lineText } from "./framing.ts";

const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder();
const STRICT = new TextDecoder("utf-8", { fatal: true });

const REPLACEMENT = "\ufffd";
/** Telnet's IAC: no text that people write begins or ends with this letter of Latin-1. */
const IAC = 0xff;

/**
 * Decodes the lines of one peer. A peer whose line is Latin-1 and no UTF-8 is read as Latin-1 from
 * that line on, unless it has sent characters of UTF-8 before.
 */
export class PeerText {
  #encoding: "unknown" | "utf-8" | "latin-1" = "unknown";

  /** Whether the peer writes Latin-1. */
  get isLatin1(): boolean {
    return this.#encoding === "latin-1";
  }

  /** The line as text; bytes that are no text become U+FFFD (D18). */
  decode(line: Uint8Array): string {
    if (this.isLatin1) return isUtf8(line) ? lineText(line) : LATIN1.decode(line);
    const text = lineText(line);
    if (this.#encoding === "utf-8") return text;
    if (!text.includes(REPLACEMENT)) {
      if (text.length < line.length) this.#encoding = "utf-8"; // some character takes two bytes
      return text;
    }
    if (isUtf8(line)) this.#encoding = "utf-8";
    if (this.#encoding === "utf-8" || !isLatin1(line)) return text;
    this.#encoding = "latin-1";
    return LATIN1.decode(line);
  }
}

function isUtf8(line: Uint8Array): boolean {
  try {
    STRICT.decode(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether bytes that are no UTF-8 are printable Latin-1. A last byte C2 or C3 is half a character
 * of UTF-8: no word ends with these capitals.
 */
function isLatin1(line: Uint8Array): boolean {
  const last = line.at(-1);
  if (last === 0xc2 || last === 0xc3) return false;
  return line.every((byte) => byte < 0x80 || (byte >= 0xa0 && byte !== IAC));
}

/** The encoders for peers that read UTF-8, and for those that read Latin-1. */
export interface PeerEncoders {
  readonly utf8: Encoder<ServerEvent>;
  readonly latin1: Encoder<ServerEvent>;
}

/** An encoder, and the same for peers that read Latin-1. */
export function peerEncoders(utf8: Encoder<ServerEvent>): PeerEncoders {
  return { utf8, latin1: inLatin1(utf8) };
}

/** The same events in Latin-1; what it does not have becomes a similar character or `?`. */
function inLatin1(encoder: Encoder<ServerEvent>): Encoder<ServerEvent> {
  const utf8 = new BlockWriter();
  return {
    encode(event, out) {
      if (event.type === "pong") return encoder.encode(event, out); // bytes of telnet, no text
      utf8.begin();
      encoder.encode(event, utf8);
      const slice = utf8.end();
      if (slice === undefined) return;
      out.bytes(latin1Bytes(UTF8.decode(slice.block.subarray(slice.start, slice.end))));
    },
  };
}

const SIMILAR: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u2013", "-"],
  ["\u2014", "-"],
  ["\u2026", "..."],
  ["\u00ff", "y"], // telnet's IAC, which other bytes would follow
  ["\u0152", "OE"],
  ["\u0153", "oe"],
  ["\u20ac", "EUR"],
  ["\u202f", " "],
]);

function latin1Bytes(text: string): Uint8Array {
  const chars = Array.from(text.normalize("NFC"), (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < IAC ? char : SIMILAR.get(char) ?? "?";
  });
  return Uint8Array.from(chars.join(""), (char) => char.charCodeAt(0));
}
