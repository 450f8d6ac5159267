// The table of limits that `--limit help` and `--limits` print. Pure.

import { formatLimitValue, formatRange } from "../../server/limits/limit_values.ts";
import {
  DEFAULT_LIMITS,
  LIMIT_KEYS,
  LIMITS,
  type LimitValues,
} from "../../server/limits/limits.ts";

/** Every limit with its value, range and purpose; a changed value is followed by the default. */
export function limitsText(limits: LimitValues): string {
  const rows = LIMIT_KEYS.map((key) => {
    const row = LIMITS[key];
    const usual = DEFAULT_LIMITS[key];
    const mark = limits[key] === usual ? "" : ` (default ${formatLimitValue(row, usual)})`;
    return {
      name: row.name,
      value: formatLimitValue(row, limits[key]) + mark,
      range: formatRange(row),
      help: row.help,
    };
  });
  const width = (cells: readonly string[]): number =>
    Math.max(...cells.map((cell) => cell.length)) + 2;
  const names = width(rows.map(({ name }) => name));
  const values = width(rows.map(({ value }) => value));
  return rows.map(({ name, value, range, help }) =>
    `${name.padEnd(names)}${value.padEnd(values)}${range}\n    ${help}`
  ).join("\n");
}
