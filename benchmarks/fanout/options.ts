// The command line of the fan-out benchmark.

import { parseFlags } from "../../tools/flags.ts";
import { chosenOf, countOf, type ParsedFlags } from "../benchmark_cli.ts";
import { SERVER_NAMES, type ServerName, WORKLOAD_NAMES, type WorkloadName } from "./workloads.ts";

/** The parsed options. */
export interface Options {
  readonly rounds: number;
  readonly workloads: readonly WorkloadName[];
  readonly servers: readonly ServerName[];
  readonly compiled: string | undefined;
  readonly format: "text" | "markdown" | "json";
  /** Path of the chart. */
  readonly chart: string;
  readonly quick: boolean;
}

/** The text of `--help`. */
export const USAGE = `Usage: deno task bench [--only WORKLOADS] [--servers NAMES] [--rounds N]
       [--compiled FILE] [--chart FILE] [--json | --markdown] [--quick]

Measures how fast one message reaches all clients, compared with other servers, which this program
starts: each on one core, the load on another. Takes some four minutes.

  --only WORKLOADS   Some of ${WORKLOAD_NAMES.join(",")}.
  --servers NAMES    Some of ${SERVER_NAMES.join(",")}.
  --rounds N         Rounds (default 3); figures are their medians.
  --compiled FILE    Measure this executable of minichat instead of the source.
  --chart FILE       Path of the chart (default dist/bench/fanout.svg).
  --json             Print one JSON object with every run.
  --markdown         Print Markdown, for benchmarks/README.md.
  --quick            One short round with a tenth of the clients, as a test.
`;

/** Parses the command line. */
export function parseOptions(args: readonly string[]): ParsedFlags<Options> {
  const values = parseFlags(args, {
    text: ["only", "servers", "rounds", "compiled", "chart"],
    switches: ["json", "markdown", "quick"],
  });
  if (values.help) return "help";
  const workloads = chosenOf(values.only, WORKLOAD_NAMES);
  if ("error" in workloads) return workloads;
  const servers = chosenOf(values.servers, SERVER_NAMES);
  if ("error" in servers) return servers;
  const rounds = countOf("--rounds", values.rounds ?? (values.quick ? "1" : "3"), 20);
  if (typeof rounds !== "number") return rounds;
  return {
    rounds,
    workloads: workloads.names,
    servers: servers.names,
    compiled: values.compiled,
    format: values.json ? "json" : values.markdown ? "markdown" : "text",
    chart: values.chart ?? "dist/bench/fanout.svg",
    quick: values.quick,
  };
}
