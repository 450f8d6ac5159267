// The table of limits for people: what `--limit help` prints, and docs/limits.md holds. Pure.

import { formatLimitValue, formatRange } from "../server/limit_values.ts";
import { DEFAULT_LIMITS, LIMIT_KEYS, LIMITS, type LimitValues } from "../server/limits.ts";

/** Every limit in force, with its range and what it is for; those that are not the default are marked. */
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

/** The defaults as a table in Markdown. */
export function limitsMarkdown(): string {
  const rows = LIMIT_KEYS.map((key) => {
    const row = LIMITS[key];
    const when = "fixed" in row ? "at the next start" : "at once";
    const cells = [`\`${row.name}\``, formatLimitValue(row, row.usual), formatRange(row), when];
    return `| ${[...cells, row.help].join(" | ")} |`;
  });
  return [
    "| limit | default | range | SIGHUP changes it | what it is for |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
