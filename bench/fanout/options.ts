// The command line of the fan-out benchmark.

import { parseArgs } from "node:util";
import { SERVER_NAMES, type ServerName, WORKLOAD_NAMES, type WorkloadName } from "./workloads.ts";

/** What was asked for. */
export interface Options {
  readonly rounds: number;
  readonly workloads: readonly WorkloadName[];
  readonly servers: readonly ServerName[];
  readonly compiled: string | undefined;
  readonly format: "text" | "markdown" | "json";
  /** Where the chart goes. */
  readonly chart: string;
  readonly quick: boolean;
}

/** The text of `--help`. */
export const USAGE = `Usage: deno task bench [--only WORKLOADS] [--servers NAMES] [--rounds N]
       [--compiled FILE] [--chart FILE] [--json | --markdown] [--quick]

Measures how fast one message reaches everybody, side by side with other servers that this
starts itself: each on one core, the load on another. Takes some four minutes.

  --only WORKLOADS   Some of ${WORKLOAD_NAMES.join(",")}.
  --servers NAMES    Some of ${SERVER_NAMES.join(",")}.
  --rounds N         Rounds, 3 unless told otherwise; figures are their medians.
  --compiled FILE    Measure this executable of minichat instead of the source.
  --chart FILE       Where the chart goes, dist/bench/fanout.svg unless told otherwise.
  --json             Print one JSON object with every run.
  --markdown         Print Markdown, for bench/README.md.
  --quick            One short round with a tenth of the clients: whether all of it works.
`;

/** Understands the command line, or answers one sentence. */
export function parseOptions(args: readonly string[]): Options | { problem: string } | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        servers: { type: "string" },
        rounds: { type: "string" },
        compiled: { type: "string" },
        chart: { type: "string", default: "dist/bench/fanout.svg" },
        json: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : `${error}` };
  }
  if (values.help) return "help";
  const workloads = chosen(values.only, WORKLOAD_NAMES);
  if ("problem" in workloads) return workloads;
  const servers = chosen(values.servers, SERVER_NAMES);
  if ("problem" in servers) return servers;
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 20) {
    return { problem: `Give --rounds a number from 1 to 20: "${values.rounds}"` };
  }
  return {
    rounds,
    workloads: workloads.names,
    servers: servers.names,
    compiled: values.compiled,
    format: values.json ? "json" : values.markdown ? "markdown" : "text",
    chart: values.chart,
    quick: values.quick,
  };
}

/** The names in a list with commas; all of them when there is no list. */
function chosen<Name extends string>(
  list: string | undefined,
  known: readonly Name[],
): { names: Name[] } | { problem: string } {
  if (list === undefined) return { names: [...known] };
  const words = list.split(",");
  const unknown = words.find((word) => !known.some((name) => name === word));
  if (unknown !== undefined) {
    return { problem: `Choose from ${known.join(", ")}: "${unknown}"` };
  }
  return { names: known.filter((name) => words.includes(name)) };
}
