// Draws the prompt, the line being typed and the text above them, as escape sequences. Pure.

import { type Cell, type CellLine, cellLine, cellPositions, promptCells } from "./layout.ts";
import { rowsOf, stretch, totalColumns } from "./layout.ts";

/** The prompt and the line to show; `cursor` in UTF-16 units of `text`. */
export interface PromptView {
  /** One line, may hold SGR colours. */
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
}

/** Most rows of prompt and line, so that they fit on a low screen and leave room for messages. */
export const MAX_ROWS = 8;

const RESET = "\x1b[m";
const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/** The cell of the cursor after the end of the line, so that it always has a row. */
const BLANK: Cell = Object.freeze({ shown: " ", columns: 1 });

interface Shown {
  readonly prompt: string;
  readonly line: CellLine;
}

/** Rows as drawn; `cursor` is the index of its cell, counted over all rows. */
interface Drawn {
  readonly rows: readonly (readonly Cell[])[];
  readonly cursor: number;
}

/**
 * Builds one string for each change: write it in one piece. `columns` is the current width.
 *
 * Each row ends with a line end, and is never left to the terminal to wrap. So on a change of width
 * the drawn rows can only become more: a narrower terminal wraps each of them, a wider one does not
 * join them. If the new width is reported late (by tmux, up to a quarter of a second later), a message
 * may leave a rest of the prompt on the screen, but erases no other message, unless the width has
 * shrunk and grown again before it was reported once.
 */
export class PromptScreen {
  #shown: Shown | undefined;
  #drawn: Drawn | undefined;

  /** Replaces what is shown by the view. */
  show(view: PromptView, columns: number): string {
    const hidden = this.hide(columns);
    this.#shown = { prompt: view.prompt, line: cellLine(view.text, view.cursor) };
    return hidden + this.#draw(this.#shown, columns);
  }

  /** Erases prompt and line; the cursor stays where the prompt began. */
  hide(columns: number): string {
    const erased = this.#erase(columns);
    this.#shown = undefined;
    return erased;
  }

  /** Prints lines above the prompt, if one is shown, and redraws it. */
  above(text: string, columns: number): string {
    const printed = wholeLines(text);
    if (this.#shown === undefined) return printed;
    return this.#erase(columns) + printed + this.#draw(this.#shown, columns);
  }

  /** Leaves the entered line, in full, among the text above; no prompt is shown after it. */
  finish(view: PromptView, columns: number): string {
    return this.hide(columns) + wholeLines(uncoloured(view.prompt) + marked(view.text));
  }

  /** Clears the screen and shows the view at its top. */
  clear(view: PromptView, columns: number): string {
    return this.hide(columns) + CLEAR_SCREEN + this.show(view, columns);
  }

  #erase(columns: number): string {
    if (this.#drawn === undefined) return "";
    const { above, all } = heights(this.#drawn, columns);
    this.#drawn = undefined;
    // The first row is cleared by itself: tmux takes "clear all below" at the top left corner as
    // "clear the screen", and would keep a copy of a half-typed line in its scrollback.
    const below = all > 1 ? down(1) + "\x1b[J" + up(1) : "";
    return "\r" + up(above) + "\x1b[K" + below;
  }

  #draw({ prompt, line }: Shown, columns: number): string {
    const before = promptCells(uncoloured(prompt));
    // Every row may lose a column to a wide character that does not fit in the last one.
    const room = MAX_ROWS * (columns - 1) - totalColumns(before);
    const part = stretch(line, Math.max(room, columns));
    const cells = [...before, ...part.cells, BLANK];
    const cursor = before.length + part.cursor;
    this.#drawn = { rows: rowsOf(cells, columns), cursor };
    const { row, column } = cellPositions(cells, columns)[cursor] ?? { row: 0, column: 0 };
    const { rows } = this.#drawn;
    return rows.map(rowText).join("\r\n") + "\r" + up(rows.length - 1 - row) + right(column);
  }
}

/**
 * The rows above the cursor, and all rows, that the drawn rows take on a terminal of this width.
 */
function heights({ rows, cursor }: Drawn, columns: number): { above: number; all: number } {
  let above = 0;
  let all = 0;
  let index = cursor;
  for (const cells of rows) {
    const found = cellPositions(cells, columns);
    if (index >= 0) above = all + (found[index]?.row ?? 0);
    index -= cells.length;
    all += (found.at(-1)?.row ?? 0) + 1;
  }
  return { above, all };
}

function rowText(cells: readonly Cell[]): string {
  let text = "";
  let column = 0;
  let needsColumn = false;
  for (const { shown, columns } of cells) {
    // Terminals differ in the width of emoji and joined characters, so the next column is set
    // explicitly.
    if (needsColumn) text += `\x1b[${column + 1}G`;
    text += shown;
    column += columns;
    needsColumn = shown.length > 1;
  }
  return text;
}

/** The text as whole lines, with colours reset; a line end after the last line adds no line. */
function wholeLines(text: string): string {
  const lines = text.replace(/\r?\n$/, "").replace(/\r?\n/g, "\r\n");
  return uncoloured(lines) + "\r\n";
}

/** The text, followed by a reset of the colours it may have left on. */
function uncoloured(text: string): string {
  return text.includes("\x1b") ? text + RESET : text;
}

function marked(text: string): string {
  return cellLine(text, 0).cells.map((cell) => cell.shown).join("");
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : "";
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
