// The lines entered before, and where in them the person is looking. Pure.

/** Lines that are remembered; the oldest goes first. */
export const MAX_HISTORY_LINES = 500;

/** Entered lines, walked with `older` and `newer`; the line begun before walking is never lost. */
export class LineHistory {
  readonly #lines: string[] = [];
  #at = 0;
  #draft = "";

  /** Remembers a line, unless it is empty or the same as the last one; goes back to the newest. */
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

  /** The line before the one shown, which is kept if it is the draft; nothing at the oldest. */
  older(shown: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#draft = shown;
    this.#at -= 1;
    return this.#lines[this.#at];
  }

  /** The line after the one shown, the draft after the newest; nothing at the draft. */
  newer(): string | undefined {
    if (this.#at === this.#lines.length) return undefined;
    this.#at += 1;
    return this.#lines[this.#at] ?? this.#draft;
  }
}
