// The programs of the manifests, as strangers write them, and what is true of each: read from
// manifest.tsv, copied into a directory of their own, built there, and started as their row says.

import { assert, fail } from "@std/assert";
import type { World } from "../harness.ts";
import { REPOSITORY } from "../source_paths.ts";
import { type OutsideProgram, startOutside } from "./outside_program.ts";

/** Where the programs of this repository are. */
export const OWN_WITNESSES = new URL("tests/interop/programs/", REPOSITORY).pathname;
/** More programs beside the repository, where there are some. */
const SHARED = new URL("../shared/programs/", REPOSITORY).pathname;
/** If it is set, only programs whose file name matches this pattern are run. */
const ONLY = new RegExp(Deno.env.get("MINICHAT_WITNESS") ?? "");

/** Longest time in which a server must listen, in milliseconds. */
const LISTENING_MS = 5_000;

/** How many programs run at the same time: most of the time is spent waiting. */
const LANES = 4;

/** What holds of a program, for a machine; programs/README.md has the meaning of each. */
export interface WitnessTruth {
  readonly name?: string | null;
  readonly texts?: readonly string[];
  readonly check?: string | readonly string[];
  readonly options?: string;
  readonly says?: string;
  readonly listen?: string;
  readonly type?: readonly string[];
}

/** A row of a manifest. */
export interface WitnessRow {
  readonly file: string;
  readonly kind: "client" | "server";
  /** What drives it, and in brackets the letter of its kind: `check, connect (a)`. */
  readonly group: string;
  /** The first word of the column: `plain` for `plain (001)`. */
  readonly dialect: string;
  /** A shell command with `HOST`, `PORT`, `PATH`, or `minichat check --listen ...`. */
  readonly start: string;
  readonly truth: string;
  readonly expect: WitnessTruth;
  /** Where the file is. */
  readonly folder: string;
}

/** Every row of the manifests. */
export function witnessRows(): WitnessRow[] {
  return [OWN_WITNESSES, SHARED].flatMap(readManifest).filter(({ file }) => ONLY.test(file));
}

/** The letter of a row's kind: `a`. */
export function letterOf({ group }: WitnessRow): string {
  return /\((\w)\)/.exec(group)?.[1] ?? "";
}

function readManifest(folder: string): WitnessRow[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(`${folder}manifest.tsv`);
  } catch (problem) {
    if (folder === SHARED && problem instanceof Deno.errors.NotFound) return [];
    throw problem;
  }
  return text.trimEnd().split("\n").slice(1).map((line) => {
    const [file = "", kind, group = "", dialect = "", start = "", truth = "", expect = ""] = line
      .split("\t");
    assert(kind === "client" || kind === "server", `${file}: ${kind} is no kind`);
    return {
      ...{ file, kind, group, start, truth, folder },
      dialect: dialect.split(" ")[0] ?? "",
      expect: JSON.parse(expect),
    };
  });
}

/** Where a program connects, or listens. */
export interface WitnessPlace {
  readonly port: number;
  readonly path: string;
}

/** A program that was copied and built. */
export interface BuiltWitness {
  /** Starts it with its address. */
  start(place: WitnessPlace): OutsideProgram;
  /** The words of its start, with the paths of its files. */
  readonly words: readonly string[];
}

/** Copies a program and builds it; a command that fails fails the row. */
export async function buildWitness(world: World, row: WitnessRow): Promise<BuiltWitness> {
  const directory = `${world.directory}/${row.file.replaceAll(".", "-")}`;
  await Deno.mkdir(directory);
  await Deno.copyFile(row.folder + row.file, `${directory}/${row.file}`);
  const commands = row.start.split(" && ");
  const run = commands.pop() ?? "";
  for (const command of commands) {
    const { success, stderr } = await new Deno.Command("sh", {
      ...{ args: ["-c", command], cwd: directory, stdout: "null", stderr: "piped" },
    }).output();
    assert(success, `${command}: ${new TextDecoder().decode(stderr)}`);
  }
  return {
    start({ port, path }) {
      const words = run.replaceAll(
        /\b(HOST|PORT|PATH)\b/g,
        (word) => ({ HOST: "127.0.0.1", PORT: String(port), PATH: path })[word] ?? word,
      );
      return startOutside("sh", ["-c", `cd '${directory}' && exec ${words}`]);
    },
    words: run.split(" ").map((word) =>
      word === row.file ? `${directory}/${word}` : word.replace(/^\.\//, `${directory}/`)
    ),
  };
}

/**
 * Runs `judge` for each row, {@linkcode LANES} at a time, the first rows first, and reports
 * each as a step of the test.
 */
export async function judgeWitnesses(
  context: Deno.TestContext,
  rows: readonly WitnessRow[],
  judge: (row: WitnessRow) => Promise<void>,
): Promise<void> {
  const results: { readonly row: WitnessRow; readonly problem?: unknown }[] = [];
  const waiting = [...rows];
  await Promise.all(Array.from({ length: LANES }, async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      try {
        await judge(row);
        results.push({ row });
      } catch (problem) {
        results.push({ row, problem });
      }
    }
  }));
  for (const { row, problem } of results.toSorted((a, b) => a.row.file < b.row.file ? -1 : 1)) {
    await context.step(row.file, () => {
      if (problem !== undefined) fail(`${row.truth}\n${(problem as Error).message}`);
    });
  }
}

/** A free TCP port of this machine. */
export function freeWitnessPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/**
 * Waits until a server listens, and returns whether it does within 5 s. The kernel's tables are
 * read, since a connection would count as a client.
 */
export async function listens({ port, path }: WitnessPlace): Promise<boolean> {
  const tcp = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} \\S+ 0A `);
  const until = performance.now() + LISTENING_MS;
  while (performance.now() < until) {
    const tables = ["tcp", "tcp6"].map((name) => Deno.readTextFileSync(`/proc/net/${name}`));
    if (tables.some((table) => tcp.test(table))) return true;
    const listening = /^(?:\S+ ){3}00010000 .* (\S+)$/gm;
    const unix = Deno.readTextFileSync("/proc/net/unix").matchAll(listening);
    if ([...unix].some(([, at]) => at === path)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
