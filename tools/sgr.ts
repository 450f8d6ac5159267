// Text with SGR escapes, as `tmux capture-pane -e` prints it, cut into runs of one look. Pure. It
// takes the codes that minichat's terminal/style.ts can give, and no others.

/** The sixteen colours by number: 0 to 7, and their bright forms 8 to 15. */
export interface Look {
  readonly colour: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Characters of one look; every character is one cell wide. */
export interface CellRun {
  readonly text: string;
  /** Of its first character, counted from 0. */
  readonly column: number;
  readonly look: Look;
}

const PLAIN: Look = { colour: undefined, bold: false, dim: false };

/** Cuts the rows of a screen into runs; a look goes on in the next row until it is changed. */
export function parseRows(rows: readonly string[]): CellRun[][] {
  let look = PLAIN;
  return rows.map((row) => {
    const runs: CellRun[] = [];
    let column = 0;
    // deno-lint-ignore no-control-regex -- ESC is what this is about
    for (const [piece, codes] of row.matchAll(/\x1b\[([\d;]*)m|[^\x1b]+/g)) {
      if (codes !== undefined) {
        look = codes.split(";").map(Number).reduce(changed, look);
        continue;
      }
      runs.push({ text: piece, column, look });
      column += [...piece].length;
    }
    return runs;
  });
}

function changed(look: Look, code: number): Look {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, dim: true };
  if (code === 22) return { ...look, bold: false, dim: false };
  if (code >= 30 && code <= 37) return { ...look, colour: code - 30 };
  if (code === 39) return { ...look, colour: undefined };
  if (code === 49) return look; // the ground of everything here; tmux names it when it resets
  if (code >= 90 && code <= 97) return { ...look, colour: code - 90 + 8 };
  throw new RangeError(`Unknown SGR code: ${code}`);
}
