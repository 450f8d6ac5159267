// Decodes the bytes of a terminal into keys, however the bytes are split into reads. Pure.

/**
 * One key press or paste. `char` is one code point; `paste` is a whole bracketed paste with line
 * ends as "
 * " and no other control character but tab; `key` is a named key such as `up`, `ctrl-a`, `alt-b`,
 * `ctrl-left` or `enter`.
 */
export type Key =
  | { readonly kind: "char"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "key"; readonly name: string };

/** UTF-16 units of one paste that are kept; the rest, up to its end, is dropped. */
export const MAX_PASTE_UNITS = 65_536;

/** UTF-16 units of one escape sequence that are kept; no known sequence is longer. */
const MAX_SEQUENCE_UNITS = 32;
/** UTF-16 units of a terminal report (OSC) that are skipped before it counts as unterminated. */
const MAX_REPORT_UNITS = 256;

const PASTE_END = "\x1b[201~";
// deno-lint-ignore no-control-regex
const CONTROL_REGEXP = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;
// deno-lint-ignore no-control-regex
const UNPRINTABLE_REGEXP = /[\0-\x1f\x7f-\x9f]/;

/** Keys by the last letter of `ESC [ … letter` and `ESC O letter`. */
const LETTER_KEYS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  M: "enter",
};
/** Keys by the number of `ESC [ number ~`. */
const NUMBER_KEYS: Readonly<Record<string, string>> = {
  "1": "home",
  "3": "delete",
  "4": "end",
  "7": "home",
  "8": "end",
};
/** Alt combinations with a meaning; any other is the plain key, see `KeyDecoder.#afterEscape`. */
const ALT_KEYS: Readonly<Record<string, string>> = {
  b: "alt-b",
  d: "alt-d",
  f: "alt-f",
  "\x7f": "alt-backspace",
  "\b": "alt-backspace",
};

type State = "ground" | "escape" | "csi" | "ss3" | "linux" | "report" | "paste";

/** Decodes keys; incomplete escape sequences, characters and pastes are kept from read to read. */
export class KeyDecoder {
  // A character may be split over reads, hence one streaming decoder; U+FEFF is a character here.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #state: State = "ground";
  #held = "";
  #tail = "";
  #keys: Key[] = [];

  /** The keys that these bytes complete; invalid UTF-8 becomes U+FFFD. */
  feed(bytes: Uint8Array): Key[] {
    this.#keys = [];
    for (const char of this.#decoder.decode(bytes, { stream: true })) this.#step(char);
    return this.#keys;
  }

  #step(char: string): void {
    switch (this.#state) {
      case "ground":
        return this.#ground(char);
      case "escape":
        return this.#afterEscape(char);
      case "csi":
        return this.#csi(char);
      case "ss3":
        return this.#ss3(char);
      case "linux":
        this.#state = "ground";
        return;
      case "report":
        return this.#report(char);
      case "paste":
        return this.#paste(char);
      default:
        this.#state satisfies never;
    }
  }

  #ground(char: string): void {
    this.#state = "ground";
    if (char === "\x1b") this.#enter("escape");
    else if (char === "\r" || char === "\n") this.#press("enter");
    else if (char === "\t") this.#press("tab");
    else if (char === "\x7f" || char === "\b") this.#press("backspace");
    else if (char >= "\x01" && char <= "\x1a") {
      this.#press("ctrl-" + String.fromCharCode(char.charCodeAt(0) + 0x60));
    } else if (!UNPRINTABLE_REGEXP.test(char)) this.#keys.push({ kind: "char", text: char });
  }

  // Without a clock, the Escape key and an Alt combination look the same. Escape alone has no
  // meaning here, so the key after it counts as pressed alone, unless both make a known
  // combination.
  #afterEscape(char: string): void {
    if (char === "[") return this.#enter("csi");
    if (char === "O") return this.#enter("ss3");
    if (char === "]") return this.#enter("report");
    const alt = ALT_KEYS[char];
    if (alt === undefined) return this.#ground(char);
    this.#enter("ground");
    this.#press(alt);
  }

  #csi(char: string): void {
    if (char >= " " && char <= "?") {
      if (this.#held.length < MAX_SEQUENCE_UNITS) this.#held += char;
      return;
    }
    // The Linux console sends `ESC [ [ A` for F1.
    if (char === "[" && this.#held === "") return this.#enter("linux");
    if (char < "@" || char > "~") return this.#ground(char);
    const parameters = this.#held;
    this.#enter("ground");
    if (char === "~" && parameters === "200") return this.#enter("paste");
    const [number = "", modifier = ""] = parameters.split(";");
    const name = char === "~" ? NUMBER_KEYS[number] : LETTER_KEYS[char];
    if (name !== undefined) this.#press(modified(name, modifier));
  }

  #ss3(char: string): void {
    if (/[A-DFHMP-S]/.test(char)) {
      this.#enter("ground");
      const name = LETTER_KEYS[char];
      if (name !== undefined) this.#press(name);
      return;
    }
    this.#keys.push({ kind: "char", text: "O" });
    this.#ground(char);
  }

  #report(char: string): void {
    const closing = this.#held.endsWith("\x1b");
    this.#held += char;
    if (char === "\x07" || (closing && char === "\\") || this.#held.length > MAX_REPORT_UNITS) {
      this.#enter("ground");
    } else if (closing) {
      // The report is unterminated: the rest are keys.
      this.#enter("escape");
      this.#step(char);
    } else if (char !== "\x1b" && UNPRINTABLE_REGEXP.test(char)) this.#ground(char);
  }

  #paste(char: string): void {
    if (this.#held.length < MAX_PASTE_UNITS) this.#held += char;
    this.#tail = (this.#tail + char).slice(-PASTE_END.length);
    if (this.#tail !== PASTE_END) return;
    // Only a part of the end mark, or nothing, may have been kept of a paste that was too long.
    const mark = this.#held.lastIndexOf("\x1b");
    const end = mark >= this.#held.length - PASTE_END.length ? mark : this.#held.length;
    const text = pasted(this.#held.slice(0, Math.max(0, end)));
    this.#enter("ground");
    if (text !== "") this.#keys.push({ kind: "paste", text });
  }

  #enter(state: State): void {
    this.#state = state;
    this.#held = "";
    this.#tail = "";
  }

  #press(name: string): void {
    this.#keys.push({ kind: "key", name });
  }
}

/** `modifier` is xterm's parameter: 1 plus the bits shift 1, alt 2, ctrl 4, meta 8. */
function modified(name: string, modifier: string): string {
  const bits = Number(modifier) - 1;
  if (!(bits > 0)) return name;
  if (bits & 4) return "ctrl-" + name;
  return bits & 10 ? "alt-" + name : name;
}

function pasted(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROL_REGEXP, "");
}
