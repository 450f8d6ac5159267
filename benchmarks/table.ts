// Tables of figures as text: aligned for a terminal, or Markdown. Pure.

/** A table; the first row is the heading. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  /**
   * Number of columns, from the left, that contain words; all others contain numbers (default 1).
   */
  readonly words?: number;
}

/** Format of a report. */
export type TableFormat = "text" | "markdown";

/** The table with aligned columns, numbers to the right. */
export function formatTable({ rows, words = 1 }: Table, format: TableFormat): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from(
    { length: columns },
    (_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column < words ? cell.padEnd(width) : cell.padStart(width);
    })
  );
  if (format === "text") return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
  const rule = widths.map((width, column) =>
    column < words ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  const [heading = [], ...body] = lines;
  return [heading, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A rate per second: `4.21 M`, `160 k`, `12`. */
export function formatRate(value: number): string {
  if (value >= 999_500) return `${(value / 1e6).toFixed(2)} M`;
  if (value >= 10_000) return `${(value / 1e3).toFixed(0)} k`;
  return value.toFixed(0);
}

/** Microseconds: `850 µs`, `5.1 ms`, `1.2 s`. */
export function formatMicros(value: number): string {
  if (value < 999.5) return `${value.toFixed(0)} µs`;
  if (value < 999_500) return `${(value / 1e3).toFixed(1)} ms`;
  return `${(value / 1e6).toFixed(1)} s`;
}

/** A share of a core or of a machine: `87 %`. */
export function formatShare(value: number): string {
  return `${Math.round(value * 100)} %`;
}
