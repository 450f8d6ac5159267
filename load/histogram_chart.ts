// Draws a histogram as text, one bar per line, as wide as the terminal. Pure.

import type { Style } from "../terminal/style.ts";
import type { HistogramBar, LatencyReport } from "./load_report.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const FULL = "█";
/** Columns beside a bar: the time, the share and the quantile marks. */
const BESIDE = 40;
const MIN_BAR = 10;
const MAX_BAR = 60;

/** The bars, with the quantiles marked beside them; `columns` is the width available. */
export function chart(
  bars: readonly HistogramBar[],
  { latency, columns, style }: { latency: LatencyReport; columns: number; style: Style },
): string[] {
  const most = Math.max(...bars.map(({ count }) => count));
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, columns - BESIDE));
  return bars.map((bar) => {
    const drawn = barOf(bar.count / most, width);
    const share = percent(bar.count / latency.count).padStart(6);
    const marks = marksOf(bar, latency);
    const tint = bar.from >= latency.p99
      ? style.red
      : bar.from >= latency.p50
      ? style.yellow
      : style.green;
    const upTo = `up to ${time(bar.to).padStart(7)}`;
    const filler = " ".repeat(width - drawn.length);
    return `  ${style.dim(upTo)} ${tint(drawn)}${filler} ${share}${
      marks === "" ? "" : style.bold(`  ◂ ${marks}`)
    }`;
  });
}

/** A bar for `share` (0 to 1) of `width` columns; visible for any share above 0. */
export function barOf(share: number, width: number): string {
  if (share <= 0) return "";
  const eighths = Math.max(1, Math.round(share * width * 8));
  return FULL.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** Milliseconds with three significant figures and their unit: `0.12 ms`, `31 ms`, `1.20 s`. */
export function time(ms: number): string {
  if (ms >= 999.5) return `${figures(ms / 1000)} s`;
  if (ms >= 0.9995) return `${figures(ms)} ms`;
  return `${Math.round(ms * 1000)} µs`;
}

/** A number with three significant figures, in full. */
export function figures(value: number): string {
  if (value >= 99.95) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

/** A share as per cent; one above 0 never reads as 0. */
export function percent(share: number): string {
  if (share === 0) return "0 %";
  if (share < 0.001) return "<0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

function marksOf(bar: HistogramBar, latency: LatencyReport): string {
  const marks = [["p50", latency.p50], ["p90", latency.p90], ["p99", latency.p99]] as const;
  const here = marks.filter(([, value]) => value >= bar.from && value < bar.to);
  return here.map(([name]) => name).join(" ");
}
