// Parses text with SGR escapes, as `tmux capture-pane -e` prints it, into runs of one style. Pure.
// It reads only the codes that terminal/style.ts writes.

/** Style of a character. Colours are numbers: 0 to 7, and their bright forms 8 to 15. */
export interface CellStyle {
  readonly colour: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Consecutive characters of one style; every character is one cell wide. */
export interface CellRun {
  readonly text: string;
  /** Column of its first character, from 0. */
  readonly column: number;
  readonly style: CellStyle;
}

const PLAIN: CellStyle = { colour: undefined, bold: false, dim: false };

/** Splits the rows of a screen into runs; a style continues in the next row until it is changed. */
export function parseRows(rows: readonly string[]): CellRun[][] {
  let style = PLAIN;
  return rows.map((row) => {
    const runs: CellRun[] = [];
    let column = 0;
    // deno-lint-ignore no-control-regex -- SGR escapes begin with ESC
    for (const [piece, codes] of row.matchAll(/\x1b\[([\d;]*)m|[^\x1b]+/g)) {
      if (codes !== undefined) {
        style = codes.split(";").map(Number).reduce(changed, style);
        continue;
      }
      runs.push({ text: piece, column, style });
      column += [...piece].length;
    }
    return runs;
  });
}

function changed(style: CellStyle, code: number): CellStyle {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code >= 30 && code <= 37) return { ...style, colour: code - 30 };
  if (code === 39) return { ...style, colour: undefined };
  if (code === 49) return style; // the background of the picture; tmux names it on a reset
  if (code >= 90 && code <= 97) return { ...style, colour: code - 90 + 8 };
  throw new RangeError(`Unknown SGR code: ${code}`);
}
