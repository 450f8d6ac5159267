// What a terminal shows after the output of a program: rows of characters and the cursor, for the
// sequences of ECMA-48 that line editors and curses write. Pure. A character takes one column.

import type { TerminalSize } from "./pseudo_terminal.ts";

/** Rows that have left the screen at its top, of which no more are kept. */
const MAX_SCROLLED = 500;
const BLANK = " ";
/** A sequence, a control character, or the text up to the next of these. */
const TOKEN = new RegExp(
  [
    "\\x1b\\[([0-?]*)[ -/]*([@-~])",
    "\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)",
    "\\x1b[()*+#%][^]",
    "\\x1b([^[\\]])",
    "[\\x00-\\x1f\\x7f]",
    "[^\\x00-\\x1f\\x7f]+",
  ].join("|"),
  "gu",
);
/** The beginning of a sequence whose rest has not come. */
// deno-lint-ignore no-control-regex
const PARTIAL = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()*+#%])?$/;

/** One screen. */
export class EmulatedScreen {
  readonly #size: TerminalSize;
  #scrolled: string[] = [];
  #cells: string[][];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #pending = "";

  constructor(size: TerminalSize) {
    this.#size = size;
    this.#cells = Array.from({ length: size.rows }, () => this.#blankRow());
  }

  /** Shows output; a sequence may be cut anywhere. */
  write(output: string): void {
    const all = this.#pending + output;
    this.#pending = PARTIAL.exec(all)?.[0] ?? "";
    const whole = all.slice(0, all.length - this.#pending.length);
    for (const [token, parameters, final, escape] of whole.matchAll(TOKEN)) {
      if (final !== undefined) this.#control(parameters ?? "", final);
      else if (escape !== undefined) this.#escape(escape);
      else if (!token.startsWith("\x1b")) this.#text(token);
    }
  }

  /** All rows, without blanks at their ends; those that have left the screen first. */
  get rows(): readonly string[] {
    return [...this.#scrolled, ...this.#cells.map((row) => row.join("").trimEnd())];
  }

  /** The rows as a text in which a row that is full goes on in the next one. */
  get text(): string {
    const { columns } = this.#size;
    return this.rows.map((row) => row.length >= columns ? row : `${row}\n`).join("").trimEnd();
  }

  /** The row of the cursor, with the rows before it that go on in it. */
  get cursorLine(): string {
    let first = this.#row;
    while (first > 0 && this.#cells[first - 1]?.at(-1) !== BLANK) first--;
    return this.#cells.slice(first, this.#row + 1).map((row) => row.join("")).join("").trimEnd();
  }

  #text(token: string): void {
    if (token.length > 1 || token >= BLANK && token !== "\x7f") {
      for (const character of token) this.#put(character);
    } else if (token === "\n" || token === "\v" || token === "\f") this.#lineFeed();
    else if (token === "\r") this.#column = 0;
    else if (token === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (token === "\t") this.#column = this.#clamp(this.#column - this.#column % 8 + 8);
  }

  #put(character: string): void {
    if (/^\p{M}$/u.test(character)) return; // combines with the character before it
    // The last column is filled before the cursor goes to the next row.
    if (this.#column >= this.#size.columns) {
      this.#column = 0;
      this.#lineFeed();
    }
    this.#current[this.#column++] = character;
  }

  #lineFeed(): void {
    if (this.#row < this.#size.rows - 1) {
      this.#row++;
      return;
    }
    const [top = []] = this.#cells.splice(0, 1);
    this.#scrolled.push(top.join("").trimEnd());
    this.#scrolled = this.#scrolled.slice(-MAX_SCROLLED);
    this.#cells.push(this.#blankRow());
  }

  #escape(final: string): void {
    if (final === "7") this.#saved = { row: this.#row, column: this.#column };
    else if (final === "8") this.#moveTo(this.#saved.row, this.#saved.column);
    else if (final === "D") this.#lineFeed();
    else if (final === "M" && this.#row > 0) this.#row--;
    else if (final === "M") this.#insertRows(1);
    else if (final === "c") this.#erase(0, this.#size.rows);
  }

  /** A control sequence; see ECMA-48, section 8.3. */
  #control(parameters: string, final: string): void {
    const [first, second] = parameters.split(";").map(Number);
    const count = first || 1;
    const [row, column] = [this.#row, this.#column];
    if (final === "A") this.#moveTo(row - count, column);
    else if (final === "B" || final === "e") this.#moveTo(row + count, column);
    else if (final === "C" || final === "a") this.#moveTo(row, column + count);
    else if (final === "D") this.#moveTo(row, column - count);
    else if (final === "E") this.#moveTo(row + count, 0);
    else if (final === "F") this.#moveTo(row - count, 0);
    else if (final === "G" || final === "`") this.#moveTo(row, count - 1);
    else if (final === "d") this.#moveTo(count - 1, column);
    else if (final === "H" || final === "f") this.#moveTo(count - 1, (second || 1) - 1);
    else if (final === "J") this.#eraseDisplay(first || 0);
    else if (final === "K") this.#eraseLine(first || 0);
    else if (final === "L") this.#insertRows(count);
    else if (final === "M") this.#deleteRows(count);
    else if (final === "P") this.#current.splice(column, count);
    else if (final === "@") this.#current.splice(column, 0, ...Array(count).fill(BLANK));
    else if (final === "X") this.#current.fill(BLANK, column, column + count);
    else if (final === "s") this.#saved = { row, column };
    else if (final === "u") this.#moveTo(this.#saved.row, this.#saved.column);
    else if (final === "h" && parameters === "?1049") this.#erase(0, this.#size.rows);
    this.#trimRow();
  }

  get #current(): string[] {
    return this.#cells[this.#row] ?? [];
  }

  /** Gives the current row its width again. */
  #trimRow(): void {
    const row = this.#current;
    row.length = Math.min(row.length, this.#size.columns);
    while (row.length < this.#size.columns) row.push(BLANK);
  }

  #eraseDisplay(what: number): void {
    if (what === 0) this.#erase(this.#row + 1, this.#size.rows);
    else if (what === 1) this.#erase(0, this.#row);
    else this.#erase(0, this.#size.rows);
    if (what < 2) this.#eraseLine(what);
  }

  #eraseLine(what: number): void {
    const from = what === 0 ? this.#column : 0;
    this.#current.fill(BLANK, from, what === 1 ? this.#column + 1 : this.#size.columns);
  }

  #erase(from: number, to: number): void {
    for (let row = from; row < to; row++) this.#cells[row] = this.#blankRow();
  }

  #insertRows(count: number): void {
    const blank = Array.from({ length: count }, () => this.#blankRow());
    this.#cells.splice(this.#row, 0, ...blank);
    this.#cells.length = this.#size.rows;
  }

  #deleteRows(count: number): void {
    this.#cells.splice(this.#row, count);
    while (this.#cells.length < this.#size.rows) this.#cells.push(this.#blankRow());
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, Math.min(this.#size.rows - 1, row));
    this.#column = this.#clamp(column);
  }

  #clamp(column: number): number {
    return Math.max(0, Math.min(this.#size.columns - 1, column));
  }

  #blankRow(): string[] {
    return Array<string>(this.#size.columns).fill(BLANK);
  }
}
