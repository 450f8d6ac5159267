import { assertEquals, assertMatch } from "@std/assert";
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
  assertMatch(text, /^Medians of 3 rounds on a machine\.\n/);
  assertMatch(text, /^crowd +C reference +4\.00 M .* 0\.50 x$/m);
  assertMatch(
    text,
    /^crowd: deliveries\/s, minichat \/ C reference +>= 0\.9 +0\.50 +missed by 44 %$/m,
  );
  assertMatch(text, /^crowd: deliveries\/s, minichat \/ redis +>= 1\.8 +- +not measured$/m);
});

Deno.test("formatFanoutReport() has Markdown tables of as many columns as they have headings", () => {
  const lines = formatFanoutReport(report(), "markdown").split("\n").filter((line) =>
    line[0] === "|"
  );
  const columns = new Set(lines.map((line) => line.split("|").length));
  assertEquals([...columns].sort((a, b) => a - b), [6, 15]);
});

Deno.test("fanoutChart() has a panel for each measured workload, in one SVG", () => {
  const chart = fanoutChart(report());
  assertEquals(chart.panels.map(({ bars }) => bars.length), [2, 1]);
  const svg = barChart(chart);
  assertMatch(svg, /4\.00 M/);
  assertMatch(svg, /ping \(200 readers, 1 sender, 1 in flight\)/);
});
