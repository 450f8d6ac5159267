// A terminal for tests: keys go in, a grid of characters comes out, as on real ones: a full row
// wraps only at the next character, and a new width joins and rewraps the rows.

import stringWidth from "string-width";
import type { TerminalIo } from "../../terminal/prompt.ts";

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });
// deno-lint-ignore no-control-regex
const ESCAPE_REGEXP = /\x1b\[([?\d;]*)([@-~])/y;
/** The right half of a wide character. */
const HALF = "";

/** One row; a cell is undefined until something is written there. */
interface Row {
  cells: (string | undefined)[];
  /** Whether the text continues in the next row. */
  wrapped: boolean;
}

/**
 * Emulates a terminal of `width` columns and `height` rows; `type()` waits until keys are
 * processed.
 */
export class FakeTerminal implements TerminalIo {
  readonly writes: string[] = [];
  readonly #height: number;
  #width: number;
  #toldWidth: number;
  #lines: Row[] = [emptyRow()];
  #top = 0;
  #row = 0;
  #column = 0;
  #pending = false;
  raw = false;
  bracketedPaste = false;
  bells = 0;
  #listeners = new Set<() => void>();
  #typed: (Uint8Array | null | Error)[] = [];
  #reader: (() => void) | undefined;
  #settled: (() => void) | undefined;

  constructor(width: number, height = 24) {
    this.#width = width;
    this.#toldWidth = width;
    this.#height = height;
  }

  // What the program calls.

  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#typed.length === 0) {
      this.#settled?.();
      await new Promise<void>((resolve) => this.#reader = resolve);
    }
    const next = this.#typed.shift() ?? null;
    if (next instanceof Error) throw next;
    if (next === null) return null;
    buffer.set(next.subarray(0, buffer.length));
    if (next.length > buffer.length) this.#typed.unshift(next.subarray(buffer.length));
    return Math.min(next.length, buffer.length);
  }

  write(text: string): void {
    this.writes.push(text);
    for (let at = 0; at < text.length;) at = this.#consume(text, at);
  }

  columns(): number {
    return this.#toldWidth;
  }

  setRaw(on: boolean): void {
    this.raw = on;
  }

  onResize(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // What the test calls.

  /** Types keys as one read each; resolves when the program waits for more. */
  async type(...reads: string[]): Promise<void> {
    const settled = new Promise<void>((resolve) => this.#settled = resolve);
    this.send(...reads);
    await settled;
  }

  /** Types keys without waiting for them to be processed. */
  send(...reads: string[]): void {
    this.#put(...reads.map((text) => new TextEncoder().encode(text)));
  }

  /** Closes the terminal: the next read returns the end, or fails. */
  hangUp(failure?: Error): void {
    this.#put(failure ?? null);
  }

  /** Sets a new width and notifies the program. */
  resize(width: number): void {
    this.reshape(width);
    this.tellWidth();
  }

  /**
   * Sets a new width without notifying the program: rows, and the cursor's row, are joined and
   * wrapped again.
   */
  reshape(width: number): void {
    this.#reflow(width);
  }

  /** Notifies the program of the width. */
  tellWidth(): void {
    this.#toldWidth = this.#width;
    for (const listener of this.#listeners) listener();
  }

  /** Whether the program still listens for changes of size. */
  get hasResizeListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** The rows on the screen, without blanks at their ends and empty rows at the bottom. */
  screen(): string[] {
    const rows = this.#lines.slice(this.#top, this.#top + this.#height).map(rowText);
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** All that was written and not erased, scrollback included, with wrapped rows joined. */
  transcript(): string[] {
    const found: string[] = [];
    let joined = "";
    for (const { cells, wrapped } of this.#lines) {
      joined += textOf(cells);
      if (wrapped) continue;
      found.push(joined);
      joined = "";
    }
    while (found.at(-1) === "") found.pop();
    return found;
  }

  /** The text before the cursor, from the row that begins with `start`. */
  beforeCursor(start: string): string {
    let first = this.#row;
    while (first > 0 && !rowText(this.#here(first)).startsWith(start)) first -= 1;
    const before = this.#lines.slice(first, this.#row).flatMap((row) => row.cells);
    const here = this.#here(this.#row).cells.slice(0, this.#column);
    return textOf([...before, ...here]);
  }

  /** The cursor's place on the screen, both from 0. */
  cursor(): { row: number; column: number } {
    return { row: this.#row - this.#top, column: this.#column };
  }

  #put(...reads: (Uint8Array | null | Error)[]): void {
    this.#typed.push(...reads);
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.();
  }

  #consume(text: string, at: number): number {
    const char = text[at];
    if (char === "\x1b") return this.#escape(text, at);
    if (char === "\r") this.#goTo(this.#row, 0);
    else if (char === "\n") this.#lineFeed();
    else if (char === "\x07") this.bells += 1;
    else {
      const grapheme = SEGMENTER.segment(text).containing(at)?.segment ?? "";
      this.#print(grapheme);
      return at + grapheme.length;
    }
    return at + 1;
  }

  #escape(text: string, at: number): number {
    ESCAPE_REGEXP.lastIndex = at;
    const [whole, parameters = "", command = ""] = ESCAPE_REGEXP.exec(text) ?? [];
    if (whole === undefined) throw new Error(`Cannot read the escape sequence at: ${at}`);
    const count = Number(parameters) || 1;
    const bottom = this.#top + this.#height - 1;
    if (command === "A") this.#goTo(Math.max(this.#top, this.#row - count), this.#column);
    else if (command === "B") this.#goTo(Math.min(bottom, this.#row + count), this.#column);
    else if (command === "C") this.#goTo(this.#row, this.#column + count);
    else if (command === "D") this.#goTo(this.#row, this.#column - count);
    else if (command === "G") this.#goTo(this.#row, count - 1);
    else if (command === "H" && parameters === "") this.#goTo(this.#top, 0);
    else if (command === "K" && parameters === "") this.#eraseRow();
    else if (command === "J") this.#eraseBelow(parameters);
    else if (parameters === "?2004") this.bracketedPaste = command === "h";
    else if (command !== "m") throw new Error(`Cannot do: "${parameters}${command}"`);
    return at + whole.length;
  }

  #goTo(row: number, column: number): void {
    this.#row = row;
    this.#column = Math.min(Math.max(0, column), this.#width - 1);
    this.#pending = false;
    while (this.#lines.length <= row) this.#lines.push(emptyRow());
  }

  #lineFeed(): void {
    this.#goTo(this.#row + 1, this.#column);
    this.#top = Math.max(this.#top, this.#row - this.#height + 1);
  }

  #eraseRow(): void {
    const row = this.#here(this.#row);
    row.cells.length = Math.min(row.cells.length, this.#column);
    row.wrapped = false;
  }

  #eraseBelow(parameters: string): void {
    // As in tmux: what was on the screen goes to the scrollback.
    if (parameters === "" && this.#row === this.#top && this.#column === 0) {
      this.#top = this.#lines.length;
      this.#goTo(this.#top, 0);
    } else if (parameters === "2") {
      this.#lines.length = this.#top;
      this.#goTo(this.#top, 0);
    } else if (parameters === "") {
      this.#eraseRow();
      this.#lines.length = this.#row + 1;
    } else throw new Error(`Cannot erase: "${parameters}"`);
  }

  #print(grapheme: string): void {
    const width = stringWidth(grapheme);
    if (width === 0) throw new Error(`Cannot print what has no width: ${escape(grapheme)}`);
    if (this.#pending || this.#column + width > this.#width) {
      this.#here(this.#row).wrapped = true;
      this.#lineFeed();
      this.#column = 0;
    }
    const { cells } = this.#here(this.#row);
    // Overwriting one half of a wide character erases the other half.
    if (cells[this.#column] === HALF) cells[this.#column - 1] = " ";
    if (cells[this.#column + width] === HALF) cells[this.#column + width] = " ";
    cells[this.#column] = grapheme;
    for (let i = 1; i < width; i += 1) cells[this.#column + i] = HALF;
    this.#column += width;
    if (this.#column < this.#width) return;
    this.#column = this.#width - 1;
    this.#pending = true;
  }

  #here(index: number): Row {
    const row = this.#lines[index];
    if (row === undefined) throw new Error(`Cannot find the row: ${index}`);
    return row;
  }

  #reflow(width: number): void {
    const cursor = { row: this.#row, column: this.#column };
    const old = this.#lines;
    this.#width = width;
    this.#lines = [];
    let row = emptyRow();
    for (const [y, { cells, wrapped }] of old.entries()) {
      const onThisRow = y === cursor.row;
      const length = onThisRow ? Math.max(cells.length, cursor.column + 1) : cells.length;
      for (let x = 0; x < length; x += 1) {
        if (cells[x] === HALF) continue;
        const columns = cells[x + 1] === HALF ? 2 : 1;
        if (row.cells.length + columns > width) {
          this.#lines.push({ ...row, wrapped: true });
          row = emptyRow();
        }
        if (onThisRow && x === cursor.column) {
          this.#row = this.#lines.length;
          this.#column = row.cells.length;
        }
        row.cells.push(cells[x]);
        if (columns === 2) row.cells.push(HALF);
      }
      if (wrapped) continue;
      this.#lines.push(row);
      row = emptyRow();
    }
    this.#pending = false;
    this.#top = Math.max(0, Math.max(this.#row + 1, this.#lines.length) - this.#height);
  }
}

/**
 * The first `printed` rows, and the prompt with its line in one piece, which must follow right
 * after.
 */
export function seen(terminal: FakeTerminal, printed: number): { above: string[]; line: string } {
  const all = terminal.transcript();
  return { above: all.slice(0, printed), line: all.slice(printed).join("") };
}

function emptyRow(): Row {
  return { cells: [], wrapped: false };
}

function rowText(row: Row): string {
  return textOf(row.cells).trimEnd();
}

function textOf(cells: Row["cells"]): string {
  return Array.from(cells, (cell) => cell ?? " ").join("");
}
