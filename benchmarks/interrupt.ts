// Ends a benchmark and its processes at CTRL-C, or after a time limit.

import { printTo } from "./result_files.ts";
import type { Processes } from "./child_processes.ts";

/** Until disposed, a signal or `ms` milliseconds end this program and its children. */
export function interruptible(processes: Processes, ms: number): Disposable {
  const end = (why: string, code: number) => {
    processes.killAll();
    Deno.removeSync(processes.folder, { recursive: true });
    printTo(Deno.stderr, why);
    Deno.exit(code);
  };
  const interrupted = () => end("Interrupted", 130);
  Deno.addSignalListener("SIGINT", interrupted);
  Deno.addSignalListener("SIGTERM", interrupted);
  const timer = setTimeout(() => end(`Not done after ${ms / 1000} s`, 1), ms);
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      Deno.removeSignalListener("SIGINT", interrupted);
      Deno.removeSignalListener("SIGTERM", interrupted);
    },
  };
}
