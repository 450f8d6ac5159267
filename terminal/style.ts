// Colours and weights for text on a terminal, as SGR codes. Pure.

/** Wraps text in SGR codes, or returns it unchanged; styles may be nested in one another. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
  cyan(text: string): string;
  /** The text in a colour that depends only on the text; never red, which marks errors. */
  name(text: string): string;
}

const BOLD = 1;
const DIM = 2;
const NORMAL_WEIGHT = 22;
const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const BLUE = 34;
const MAGENTA = 35;
const CYAN = 36;
const DEFAULT_COLOUR = 39;
/** Colours readable on light and on dark, each also in its bright form (code 60 higher). */
const NAME_COLOURS: readonly number[] = [GREEN, YELLOW, BLUE, MAGENTA, CYAN]
  .flatMap((colour) => [colour, colour + 60]);

/** The style for a terminal with colours (`enabled`) or without. */
export function terminalStyle(options: { readonly enabled: boolean }): Style {
  const { enabled } = options;
  function wrap(on: number, off: number, text: string): string {
    return enabled && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  }
  return {
    bold: (text) => wrap(BOLD, NORMAL_WEIGHT, text),
    dim: (text) => wrap(DIM, NORMAL_WEIGHT, text),
    red: (text) => wrap(RED, DEFAULT_COLOUR, text),
    green: (text) => wrap(GREEN, DEFAULT_COLOUR, text),
    yellow: (text) => wrap(YELLOW, DEFAULT_COLOUR, text),
    blue: (text) => wrap(BLUE, DEFAULT_COLOUR, text),
    magenta: (text) => wrap(MAGENTA, DEFAULT_COLOUR, text),
    cyan: (text) => wrap(CYAN, DEFAULT_COLOUR, text),
    name: (text) => wrap(nameColour(text), DEFAULT_COLOUR, text),
  };
}

/**
 * Whether to use colours: a non-empty NO_COLOR says no, then FORCE_COLOR says yes (or no, if "0"
 * or "false"), then TERM=dumb says no, and otherwise a terminal gets them.
 */
export function wantsColour(
  env: { get(name: string): string | undefined },
  isTerminal: boolean,
): boolean {
  if (env.get("NO_COLOR")) return false;
  const force = env.get("FORCE_COLOR");
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTerminal && env.get("TERM") !== "dumb";
}

/** FNV-1a, 32 bits: spreads short names well, and is the same in every run. */
function nameColour(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return NAME_COLOURS[hash % NAME_COLOURS.length] ?? DEFAULT_COLOUR;
}
