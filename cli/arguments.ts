// Parses the command line of every verb with the argument library: usage errors go to stderr with
// the usage and exit code 2, help goes to stdout with exit code 0.

import { runParser } from "@optique/core/facade";
import type { Message } from "@optique/core/message";
import type { Mode, Parser } from "@optique/core/parser";
import { print } from "./print.ts";

/** The parsed options, or the exit code after help, completions or a usage error. */
export type ParsedOptions<Options> =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "exit"; readonly code: number };

/** The program's name, and the text around the options in its help. */
export interface ParseSettings {
  /** As it is typed: `minichat serve`. */
  readonly program: string;
  readonly brief?: Message;
  readonly footer?: Message;
  /** For the whole program only: adds the `completion` command and `--version`. */
  readonly version?: string;
}

/** Parses `args`; prints help, completions and usage errors. */
export function parseArguments<M extends Mode, Options, State>(
  parser: Parser<M, Options, State>,
  args: readonly string[],
  settings: ParseSettings,
): ParsedOptions<Options> {
  const { program, brief, footer, version } = settings;
  const exit = (code: number): ParsedOptions<Options> => ({ kind: "exit", code });
  let outcome: ParsedOptions<Options> | undefined;
  const options = runParser(parser as Parser<"sync", Options, State>, program, [...args], {
    help: { option: { names: ["--help", "-h"] }, onShow: () => outcome = exit(0) },
    ...(version === undefined ? {} : {
      completion: { command: {}, onShow: () => outcome = exit(0) },
      version: {
        value: `${program} ${version}`,
        option: { names: ["--version", "-V"] },
        onShow: () => outcome = exit(0),
      },
    }),
    ...(brief ? { brief } : {}),
    ...(footer ? { footer } : {}),
    aboveError: "usage",
    colors: false,
    maxWidth: helpWidth(),
    showDefault: true,
    stdout: (text: string) => print(Deno.stdout, text),
    stderr: (text: string) => print(Deno.stderr, text),
    onError: () => outcome = exit(2),
  });
  return outcome ?? { kind: "run", options: options as Options };
}

/** The least width of help; narrower help would be a column of single words. */
const LEAST_COLUMNS = 60;

/** The terminal's columns, at most 100; without a terminal COLUMNS of the environment, or 80. */
function helpWidth(): number {
  try {
    if (Deno.stdout.isTerminal()) {
      return Math.max(LEAST_COLUMNS, Math.min(100, Deno.consoleSize().columns));
    }
  } catch {
    // a terminal of unknown size
  }
  const columns = Number(Deno.env.get("COLUMNS"));
  return Number.isSafeInteger(columns) && columns > 0 ? Math.max(LEAST_COLUMNS, columns) : 80;
}
