import assert from "node:assert/strict";
import { barChart } from "../../../benchmarks/chart.ts";
import { figuresOf, verdictsOf, warningsOf } from "../../../benchmarks/fanout/fanout_figures.ts";
import {
  fanoutChart,
  type FanoutReport,
  formatFanoutReport,
} from "../../../benchmarks/fanout/fanout_report.ts";
import { sampleRun } from "./sample_runs.ts";

const RUNS = [
  sampleRun("crowd", "minichat", 2_000_000),
  sampleRun("crowd", "c", 4_000_000),
  sampleRun("ping", "minichat", 100_000),
];

function report(): FanoutReport {
  const figures = figuresOf(RUNS);
  return {
    figures,
    verdicts: verdictsOf(figures, ["crowd"]),
    warnings: warningsOf(RUNS),
    titles: { minichat: "minichat 1", c: "C reference" },
    machine: "a machine",
    rounds: 3,
  };
}

Deno.test("formatFanoutReport() puts the target, the ratio and by how much it was missed on one line", () => {
  const text = formatFanoutReport(report(), "text");
  assert.match(text, /^Medians of 3 rounds on a machine\.\n/);
  assert.match(text, /^crowd +C reference +4\.00 M .* 0\.50 x$/m);
  assert.match(
    text,
    /^crowd: deliveries\/s, minichat \/ C reference +>= 0\.9 +0\.50 +missed by 44 %$/m,
  );
  assert.match(text, /^crowd: deliveries\/s, minichat \/ redis +>= 1\.8 +- +not measured$/m);
});

Deno.test("formatFanoutReport() has Markdown tables of as many columns as they have headings", () => {
  const lines = formatFanoutReport(report(), "markdown").split("\n").filter((line) =>
    line[0] === "|"
  );
  const columns = new Set(lines.map((line) => line.split("|").length));
  assert.deepEqual([...columns].sort((a, b) => a - b), [6, 15]);
});

Deno.test("fanoutChart() has a panel for each measured workload, in one SVG", () => {
  const chart = fanoutChart(report());
  assert.deepEqual(chart.panels.map(({ bars }) => bars.length), [2, 1]);
  const svg = barChart(chart);
  assert.match(svg, /4\.00 M/);
  assert.match(svg, /ping \(200 readers, 1 sender, 1 in flight\)/);
});
