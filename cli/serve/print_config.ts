// The output of `--print-config`: the settings in force as a file for `--config`. It has every
// limit with its purpose; limits at their defaults are comments.

import { formatLimitValue, formatRange } from "../../server/limits/limit_values.ts";
import {
  DEFAULT_LIMITS,
  LIMIT_KEYS,
  LIMITS,
  type LimitValues,
} from "../../server/limits/limits.ts";
import { configLines, type FlagParser } from "./config_file.ts";
import { flagsOf, givenFlags } from "../flags.ts";
import { tomlLine } from "./toml.ts";

const LIMIT_FLAG: ReadonlySet<string> = new Set(["--limit"]);

/** The file without its last line end. `args` are all arguments, including those from a file. */
export function configText<Options>(
  args: readonly string[],
  parser: FlagParser<Options>,
  limits: LimitValues,
): string {
  const given = new Set(givenFlags(args, flagsOf(parser)).map(({ flag }) => flag.name));
  return [
    "# minichat serve --config FILE: a key is a flag of minichat serve --help, without its dashes",
    ...configLines(args, parser, LIMIT_FLAG),
    "",
    "[limit]",
    ...LIMIT_KEYS.flatMap((key) => {
      const row = LIMITS[key];
      if (given.has(`--${row.name}`)) return []; // it has a flag of its own
      const line = tomlLine(row.name, formatLimitValue(row, limits[key]));
      const isUsual = limits[key] === DEFAULT_LIMITS[key];
      return [`# ${row.help} (${formatRange(row)})`, isUsual ? `# ${line}` : line];
    }),
  ].join("\n");
}
