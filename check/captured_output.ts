// The output of a program under check: standard output and standard error as one text, as on a
// terminal.

import { type Clock, systemClock } from "../shared/clock.ts";
import type { Exchange } from "./finding.ts";
import type { OutputStream } from "./isolated_process.ts";
import type { TerminalSize } from "./pseudo_terminal.ts";
import { EmulatedScreen } from "./emulated_screen.ts";
import { within } from "./timing.ts";
import { withoutEscapes } from "./visible.ts";

/** Longest text stored, in UTF-16 units: a program in an endless loop prints without end. */
const MAX_TEXT = 1024 * 1024;

/** The output of one run of a program. */
export class CapturedOutput {
  readonly #record: (exchange: Exchange) => void;
  readonly #clock: Clock;
  #text = "";
  #from = 0;
  readonly #decoders: Readonly<Record<OutputStream, TextDecoder>> = {
    stdout: new TextDecoder("utf-8", { ignoreBOM: true }),
    stderr: new TextDecoder("utf-8", { ignoreBOM: true }),
    terminal: new TextDecoder("utf-8", { ignoreBOM: true }),
  };
  readonly #screen: EmulatedScreen | undefined;
  #changed = Promise.withResolvers<void>();

  /** `record` is called with all that is printed; `size` is that of the program's terminal. */
  constructor(
    record: (exchange: Exchange) => void,
    clock: Clock = systemClock,
    size?: TerminalSize,
  ) {
    this.#record = record;
    this.#clock = clock;
    this.#screen = size === undefined ? undefined : new EmulatedScreen(size);
  }

  /** The output since the last {@linkcode clear}, without escape sequences. */
  get text(): string {
    const text = withoutEscapes(this.#text.slice(this.#from));
    return this.#screen === undefined ? text : text.replaceAll("\r\n", "\n");
  }

  /** What the terminal shows; undefined if the program does not run on one. */
  get screen(): EmulatedScreen | undefined {
    return this.#screen;
  }

  /** Forgets what was shown so far. */
  clear(): void {
    this.#from = this.#text.length;
  }

  /** Takes what the program has printed. */
  add(name: OutputStream, bytes: Uint8Array): void {
    this.#record({ by: "them", on: name, bytes });
    if (this.#text.length < MAX_TEXT) {
      const text = this.#decoders[name].decode(bytes, { stream: true });
      this.#text += text;
      this.#screen?.write(text);
    }
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** Waits until every text was shown, at most `ms`; false if one was not. */
  async shows(texts: readonly string[], ms: number): Promise<boolean> {
    const missing = new Set(texts);
    return await this.satisfies((text) => {
      for (const one of missing) if (text.includes(one)) missing.delete(one);
      return missing.size === 0;
    }, ms);
  }

  /** Waits until the output since {@linkcode clear} satisfies `holds`, at most `ms`. */
  async satisfies(holds: (text: string) => boolean, ms: number): Promise<boolean> {
    const deadline = this.#clock.monotonic() + ms;
    for (;;) {
      // A program that draws its screen may write a text in pieces, with the cursor moved between.
      if (holds(this.text) || (this.#screen !== undefined && holds(this.#screen.text))) return true;
      const left = deadline - this.#clock.monotonic();
      if (left <= 0) return false;
      await within(this.#clock, this.#changed.promise, left);
    }
  }
}
