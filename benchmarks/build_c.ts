// Compiles the C programs of the benchmarks with gcc into a temporary folder.

import type { Processes } from "./child_processes.ts";
import { isInstalled } from "./child_processes.ts";

const FANOUT = new URL("./fanout/", import.meta.url).pathname;
const SCALE = new URL("./scale/", import.meta.url).pathname;

/** Each program, and its sources. */
const PROGRAMS = {
  reference: [`${FANOUT}reference.c`],
  load: ["load.c", "room.c", "wire.c", "usage.c"].map((file) => FANOUT + file),
  storm: [`${SCALE}storm.c`],
} as const;

/** Builds one program and returns its path; fails with an error message if there is no compiler. */
export async function buildC(processes: Processes, name: keyof typeof PROGRAMS): Promise<string> {
  if (!isInstalled("gcc")) throw new Error("Install gcc: the benchmark compiles its C programs");
  const output = `${processes.folder}/${name}`;
  const { code, stderr } = await processes.run({
    command: "gcc",
    args: ["-O2", "-Wall", "-Wextra", "-Werror", "-o", output, ...PROGRAMS[name]],
    core: 0,
  });
  if (code !== 0) throw new Error(`Cannot compile ${name}: ${stderr.trim()}`);
  return output;
}
