// Programs that `minichat check` starts itself, also hostile ones: its verdict is true, it ends in
// bounded time and memory, and leaves none of their processes running.

import { assert, assertEquals } from "@std/assert";
import { makeWorld, type World } from "../harness.ts";
import { buildWitness, type WitnessRow } from "./witness_manifest.ts";
import { assertTrueReport, reportOf } from "./witness_verdict.ts";

/** The environment variable by which the processes of a row are found. */
const MARK = "MINICHAT_WITNESS_MARK";
/** Longest time in which the processes have ended after the check, in milliseconds. */
const GONE_MS = 3_000;

/** The command lines of the processes with that mark in their environment, or in that directory. */
function processesOf(mark: string, directory: string): string[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    try {
      if (!/^\d+$/.test(name)) return [];
      const command = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      return environment.includes(`${MARK}=${mark}`) || command.includes(directory)
        ? [command]
        : [];
    } catch {
      return []; // it has ended, or is another user's
    }
  });
}

/** Judges a program whose start is a whole command, `minichat check ... -- PROGRAM`. */
export async function judgeStartedWitness(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const built = await buildWitness(world, row);
  const mark = crypto.randomUUID();
  const marked: World = { ...world, env: { ...world.env, [MARK]: mark } };
  const [, , ...args] = built.words; // without `minichat check`
  const separator = args.indexOf("--");
  assert(separator > 0, row.start);
  const options = row.expect.options?.split(" ") ?? [];
  const command = args.slice(separator);
  const before = args.slice(0, separator).map((word) =>
    word.replace("unix:PATH", `unix:${world.directory}/s`)
  );
  const report = await reportOf(marked, [...before, ...options, "--json", ...command]);
  const until = performance.now() + GONE_MS;
  while (processesOf(mark, world.directory).length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertEquals(processesOf(mark, world.directory), [], "processes that still run");
  assertTrueReport(row, report);
}
