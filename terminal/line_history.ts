// The lines entered before, and the position while walking through them. Pure.

/** Lines that are kept; the oldest is dropped first. */
export const MAX_HISTORY_LINES = 500;

/** Entered lines, walked with `older` and `newer`; the draft typed before walking is kept. */
export class LineHistory {
  readonly #lines: string[] = [];
  #at = 0;
  #draft = "";

  /**
   * Adds a line, unless it is empty or the same as the last one; returns to the newest position.
   */
  add(line: string): void {
    if (line !== "" && line !== this.#lines.at(-1)) this.#lines.push(line);
    if (this.#lines.length > MAX_HISTORY_LINES) this.#lines.shift();
    this.leave();
  }

  /** Stops walking: the next `older` starts from the newest line. */
  leave(): void {
    this.#at = this.#lines.length;
    this.#draft = "";
  }

  /** The line before the one shown, which is kept if it is the draft; undefined at the oldest. */
  older(shown: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#draft = shown;
    this.#at -= 1;
    return this.#lines[this.#at];
  }

  /** The line after the one shown, the draft after the newest; undefined at the draft. */
  newer(): string | undefined {
    if (this.#at === this.#lines.length) return undefined;
    this.#at += 1;
    return this.#lines[this.#at] ?? this.#draft;
  }
}
