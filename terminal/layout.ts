// Places the characters of a prompt and its line on a screen of a given width, wrapped as a
// terminal wraps them. Pure; the only escape sequences it handles are a prompt's colours.

import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";

/** The text shown for one grapheme cluster, and the columns it takes (1 or more). */
export interface Cell {
  readonly shown: string;
  readonly columns: number;
}

/** A row and a column, both from 0, relative to the first cell. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

/** A line as cells; `cursor` is the index of the cell it is on, `cells.length` at the end. */
export interface CellLine {
  readonly cells: readonly Cell[];
  readonly cursor: number;
}

// deno-lint-ignore no-control-regex
const COLOUR_OR_TEXT_REGEXP = /(\x1b\[[\d;:]*m)|([^\x1b]+|\x1b)/g;

const NEWLINE: Cell = Object.freeze({ shown: "↵", columns: 1 });
const TAB: Cell = Object.freeze({ shown: "⇥", columns: 1 });
/**
 * Replaces characters without a width: they would be invisible, and may change the text direction.
 */
const INVISIBLE: Cell = Object.freeze({ shown: "◌", columns: 1 });
/** Replaces the part of a long line that is not shown. */
const MORE: Cell = Object.freeze({ shown: "…", columns: 1 });

/** The line's cells, with `cursor` given in UTF-16 units; newlines and tabs get a visible mark. */
export function cellLine(text: string, cursor: number): CellLine {
  const cells: Cell[] = [];
  let cursorCell = 0;
  let offset = 0;
  for (const grapheme of graphemes(text)) {
    if (offset < cursor) cursorCell += 1;
    offset += grapheme.length;
    cells.push(cellOf(grapheme));
  }
  return { cells, cursor: cursorCell };
}

/** The cells of a prompt; each colour sequence belongs to the cell after it. */
export function promptCells(prompt: string): readonly Cell[] {
  const cells: Cell[] = [];
  let colours = "";
  for (const [, colour = "", plain = ""] of prompt.matchAll(COLOUR_OR_TEXT_REGEXP)) {
    colours += colour;
    for (const cell of cellLine(plain, 0).cells) {
      cells.push({ shown: colours + cell.shown, columns: cell.columns });
      colours = "";
    }
  }
  const last = cells.pop();
  if (last !== undefined) cells.push({ shown: last.shown + colours, columns: last.columns });
  return cells;
}

/** The sum of the cells' columns. */
export function totalColumns(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.columns, 0);
}

/** The position of each cell; a cell that does not fit in a row begins the next one. */
export function cellPositions(cells: readonly Cell[], columns: number): CellPosition[] {
  let row = 0;
  let column = 0;
  return cells.map((cell) => {
    const width = Math.min(cell.columns, columns);
    if (column + width > columns) {
      row += 1;
      column = 0;
    }
    column += width;
    return { row, column: column - width };
  });
}

/** The cells split into rows, each of at most `columns` columns. */
export function rowsOf(cells: readonly Cell[], columns: number): Cell[][] {
  const rows: Cell[][] = [];
  const found = cellPositions(cells, columns);
  for (const [i, cell] of cells.entries()) (rows[found[i]?.row ?? 0] ??= []).push(cell);
  return rows;
}

/**
 * The part of a line that fits in `room` columns: the whole line, or else a stretch around the
 * cursor with a mark where something is left out. The stretch moves by halves, so that it stays in
 * place during small movements.
 */
export function stretch(line: CellLine, room: number): CellLine {
  const { cells, cursor } = line;
  if (totalColumns(cells) <= room) return line;
  const half = Math.max(1, Math.floor((room - 2 * MORE.columns) / 2));
  const cursorColumn = totalColumns(cells.slice(0, cursor));
  const startColumn = half * Math.max(0, Math.floor(cursorColumn / half) - 1);
  let start = 0;
  for (let column = 0; column < startColumn; start += 1) column += cells[start]?.columns ?? 1;
  let end = start;
  for (let left = 2 * half; end < cells.length; end += 1) {
    left -= cells[end]?.columns ?? 1;
    if (left < 0) break;
  }
  const before = start > 0 ? [MORE] : [];
  const after = end < cells.length ? [MORE] : [];
  return {
    cells: [...before, ...cells.slice(start, end), ...after],
    cursor: cursor - start + before.length,
  };
}

function cellOf(grapheme: string): Cell {
  if (grapheme === "\n") return NEWLINE;
  if (grapheme === "\t") return TAB;
  if (grapheme.length === 1 && grapheme >= " " && grapheme <= "~") {
    return { shown: grapheme, columns: 1 };
  }
  const columns = stringWidth(grapheme);
  return columns === 0 ? INVISIBLE : { shown: grapheme, columns };
}
