// `deno task bench:startup`: measures `minichat --version` and `minichat admin who` beside a
// program that only exits, source against source and executable against executable.

import { makeExecutable } from "../tools/compile.ts";
import { parseFlags } from "../tools/flags.ts";
import { interruptible } from "./interrupt.ts";
import { SERVER_CORE } from "./load_generator.ts";
import { describeMachine, thisMachine } from "./machine_info.ts";
import { median } from "./median.ts";
import { minichat, minichatServer, ownPlaces } from "./start_minichat.ts";
import { printTo } from "./result_files.ts";
import { freePort, Processes, type SpawnCommand } from "./child_processes.ts";
import { countOf, type ParsedFlags, runBenchmark } from "./benchmark_cli.ts";
import { formatTable, type TableFormat } from "./table.ts";

/** Longest run in milliseconds, including the build of an executable. */
const DEADLINE_MS = 400_000;

const EXECUTABLE = new URL("../dist/minichat", import.meta.url).pathname;

/** Target: a start takes at most this multiple of the program that only exits. */
const AT_MOST = 1.5;

/** The core of the measured programs; the server that they query has the other one. */
const CORE = 1;

const USAGE = `Usage: deno task bench:startup [--runs N] [--markdown]

Starts minichat and a program that only exits in turn, and compares their medians. Executables
are compared when deno task compile has made one.

  --runs N     Starts of each program (default 20).
  --markdown   Print Markdown, for benchmarks/README.md.
`;

/** One program, and its times in milliseconds. */
interface Started {
  readonly title: string;
  readonly command: Omit<SpawnCommand, "core">;
  readonly times: number[];
}

/** One kind of program; `bare` is the one that only exits. */
interface Kind {
  readonly name: string;
  readonly bare: Started;
  readonly others: readonly Started[];
}

function started(title: string, command: Omit<SpawnCommand, "core">): Started {
  return { title, command, times: [] };
}

function kindOf(
  name: string,
  bare: Omit<SpawnCommand, "core">,
  compiled: string | undefined,
): Kind {
  return {
    name,
    bare: started("Deno.exit()", bare),
    others: [["--version"], ["admin", "who"]].map((args) =>
      started(`minichat ${args.join(" ")}`, minichat(compiled, args))
    ),
  };
}

async function kinds({ folder }: Processes): Promise<Kind[]> {
  const source = `${folder}/bare.js`;
  await Deno.writeTextFile(source, "Deno.exit();\n");
  const run = { command: Deno.execPath(), args: ["run", "--quiet", "--allow-all", source] };
  const found = [kindOf("source", run, undefined)];
  if (!await exists(EXECUTABLE)) {
    printTo(Deno.stderr, "No executable to compare: make one with deno task compile");
    return found;
  }
  const bare = `${folder}/bare`;
  if (await makeExecutable([source], bare) !== 0) {
    throw new Error("Cannot compile the bare program");
  }
  return [...found, kindOf("executable", { command: bare, args: [] }, EXECUTABLE)];
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/** Starts every program once, and records the times. */
async function startEach(processes: Processes, all: readonly Started[]): Promise<void> {
  for (const { title, command, times } of all) {
    const env = { ...command.env, ...ownPlaces(processes.folder) };
    const from = performance.now();
    const { code, stderr } = await processes.run({ ...command, env, core: CORE });
    if (code !== 0) throw new Error(`${title} failed: ${stderr.trim()}`);
    times.push(performance.now() - from);
  }
}

function report(kinds: readonly Kind[], format: TableFormat): string {
  const rows = kinds.flatMap(({ name, bare, others }) =>
    [bare, ...others].map((one) => {
      const ratio = median(one.times) / median(bare.times);
      const verdict = ratio <= AT_MOST ? "met" : "missed";
      const compared = one === bare
        ? ["", "", ""]
        : [`${ratio.toFixed(2)}`, `<= ${AT_MOST}`, verdict];
      const times = [median(one.times), Math.min(...one.times)].map((ms) => `${ms.toFixed(0)} ms`);
      return [one.title, name, ...times, ...compared];
    })
  );
  const heading = ["Program", "As", "Median", "Fastest", "Ratio", "Wanted", ""];
  const runs = kinds[0]?.bare.times.length ?? 0;
  const machine = describeMachine(thisMachine());
  return [
    `${runs} starts of each on ${machine}.`,
    formatTable({ rows: [heading, ...rows], words: 2 }, format),
  ].join("\n\n");
}

async function bench({ runs, format }: Options): Promise<number> {
  await using processes = new Processes();
  using _early = interruptible(processes, DEADLINE_MS);
  const all = await kinds(processes);
  const port = freePort();
  const server = minichatServer(undefined, { port, folder: processes.folder });
  await using _server = await processes.serve({ ...server, core: SERVER_CORE }, port);
  const programs = all.flatMap(({ bare, others }) => [bare, ...others]);
  await startEach(processes, programs);
  for (const { times } of programs) times.length = 0; // the first start fills caches
  for (let run = 0; run < runs; run++) await startEach(processes, programs);
  printTo(Deno.stdout, report(all, format));
  return 0;
}

interface Options {
  readonly runs: number;
  readonly format: TableFormat;
}

function parseOptions(args: readonly string[]): ParsedFlags<Options> {
  const values = parseFlags(args, { text: ["runs"], switches: ["markdown"] });
  if (values.help) return "help";
  const runs = countOf("--runs", values.runs ?? "20", 1000);
  if (typeof runs !== "number") return runs;
  return { runs, format: values.markdown ? "markdown" : "text" };
}

if (import.meta.main) {
  Deno.exit(await runBenchmark({ usage: USAGE, parse: parseOptions, run: bench }, Deno.args));
}
