// Draws terminal windows as one SVG, without fonts, scripts or links. Pure.

import { type CellRun, type CellStyle, parseRows } from "./sgr.ts";
import type { Size, TerminalScreen } from "./tmux_terminals.ts";

/** One window of the picture. */
export interface Window {
  readonly title: string;
  /** Position of its upper left corner, in SVG units. */
  readonly at: { readonly x: number; readonly y: number };
  readonly size: Size;
  readonly screen: TerminalScreen;
}

/** A description of the picture for screen readers. */
export interface Caption {
  readonly title: string;
  readonly description: string;
}

const FONT_SIZE = 13;
/** The advance of nearly every monospaced font is 0.6 em; `textLength` fits the others. */
const CELL = { width: 7.8, height: 17 } as const;
const PADDING = 12;
const TITLE_HEIGHT = 30;
const MARGIN = 16;
const DOT_COLOURS = ["#f7768e", "#e0af68", "#9ece6a"];

/** The sixteen colours of a terminal with a dark background. */
const COLOURS = [
  ...["#414868", "#f7768e", "#9ece6a", "#e0af68", "#7aa2f7", "#bb9af7", "#7dcfff", "#c0caf5"],
  ...["#565f89", "#ff9eaf", "#b9f27c", "#f0c987", "#9dbcff", "#d2b8ff", "#a6e2ff", "#ffffff"],
];

const STYLE = `text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,` +
  `'DejaVu Sans Mono','Liberation Mono',monospace;fill:#c0caf5}.t{fill:#8a93bd}` +
  `.w{fill:#1a1b26;stroke:#3b4261}.h{fill:#24283b}.c{fill:#c0caf5;opacity:.75}` +
  `.b{font-weight:bold}.d{opacity:.65}` +
  COLOURS.map((colour, at) => `.f${at}{fill:${colour}}`).join("");

/** The outer size of a window, in SVG units. */
export function windowSize({ columns, rows }: Size): { width: number; height: number } {
  return {
    width: Math.ceil(columns * CELL.width) + 2 * PADDING,
    height: rows * CELL.height + 2 * PADDING + TITLE_HEIGHT,
  };
}

/** Draws the windows on one background; the same windows give the same bytes. */
export function drawWindows(windows: readonly Window[], { title, description }: Caption): string {
  const corners = windows.map(({ at, size }) => {
    const { width, height } = windowSize(size);
    return { x: at.x + width + MARGIN, y: at.y + height + MARGIN };
  });
  const width = Math.max(...corners.map(({ x }) => x)) + MARGIN;
  const height = Math.max(...corners.map(({ y }) => y)) + MARGIN;
  return [
    "<!-- deno-fmt-ignore-file: drawn by a program -->",
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#16161e"/>`,
    ...windows.map(drawWindow),
    "</svg>",
    "",
  ].join("\n");
}

function drawWindow({ title, at, size, screen }: Window): string {
  const { width, height } = windowSize(size);
  const middle = TITLE_HEIGHT / 2;
  return [
    `<g transform="translate(${at.x + MARGIN} ${at.y + MARGIN})">`,
    `<rect class="w" width="${width}" height="${height}" rx="8"/>`,
    `<path class="h" d="M.5 ${TITLE_HEIGHT}V8a7.5 7.5 0 0 1 7.5-7.5h${width - 16}` +
    `a7.5 7.5 0 0 1 7.5 7.5V${TITLE_HEIGHT}z"/>`,
    ...DOT_COLOURS.map((colour, index) =>
      `<circle cx="${16 + index * 18}" cy="${middle}" r="5.5" fill="${colour}"/>`
    ),
    `<text class="t" x="${width / 2}" y="${middle + 4}" text-anchor="middle">` +
    `${escaped(title)}</text>`,
    drawCursor(screen),
    ...parseRows(screen.rows).flatMap((runs, row) =>
      runs.flatMap(words).map((run) => {
        return drawRun(run, row);
      })
    ),
    "</g>",
  ].join("\n");
}

function drawCursor({ cursor }: TerminalScreen): string {
  const top = TITLE_HEIGHT + PADDING + cursor.row * CELL.height;
  return `<rect class="c" x="${left(cursor.column)}" y="${top}" width="${CELL.width}" ` +
    `height="${CELL.height}"/>`;
}

/** Splits a run at wide gaps, so that columns stay aligned whatever width the font gives blanks. */
function words({ text, column, style }: CellRun): CellRun[] {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    text: match[0],
    column: column + [...text.slice(0, match.index)].length,
    style,
  }));
}

function drawRun({ text, column, style }: CellRun, row: number): string {
  const baseline = TITLE_HEIGHT + PADDING + row * CELL.height + 13;
  const length = round([...text].length * CELL.width);
  const classes = classesOf(style);
  return `<text${classes === "" ? "" : ` class="${classes}"`} x="${left(column)}" ` +
    `y="${baseline}" textLength="${length}">${escaped(text)}</text>`;
}

function classesOf({ colour, bold, dim }: CellStyle): string {
  return [bold && "b", dim && "d", colour !== undefined && `f${colour}`].filter(Boolean).join(" ");
}

function left(column: number): number {
  return round(PADDING + column * CELL.width);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
