// What a program under check may use, so that it harms neither the check nor the machine: `sh` sets
// the limits that the kernel enforces, the others are measured while the program runs.

/** What a program may use, with all processes that come from it. */
export interface ProgramLimits {
  /** Memory in use, in bytes. */
  readonly memoryBytes: number;
  /** Processes at a time. */
  readonly processes: number;
  /** Output to standard output and standard error together, in bytes. */
  readonly outputBytes: number;
}

/** What no chat program of a sheet needs. */
export const PROGRAM_LIMITS: ProgramLimits = {
  memoryBytes: 800 * 1024 ** 2,
  processes: 256,
  outputBytes: 64 * 1024 ** 2,
};

/** A limit that was passed; the program was killed for it. */
export type PassedLimit = keyof ProgramLimits;

/** Descriptors of a process, and the size of a file it writes in units of 512 or 1024 bytes. */
const DESCRIPTORS = 4096;
const FILE_BLOCKS = 512 * 1024;

/**
 * Sets the limits and becomes the program. When memory is short, the kernel kills the program and not
 * the check (oom_score_adj, proc(5)); no core file is written. A limit that cannot be set, because
 * there is a lower one, stays as it is.
 */
const SCRIPT = [
  "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null",
  `ulimit -c 0; ulimit -f ${FILE_BLOCKS} 2>/dev/null; ulimit -n ${DESCRIPTORS} 2>/dev/null`,
].join("\n");

/** The leader of a session gets the first terminal that it opens as its own (tty_ioctl(4)). */
const ON_TERMINAL = 'exec <>"$0" >&0 2>&1';

/** The command that runs `words` with the limits of the kernel, on `terminal` if there is one. */
export function limitedCommand(words: readonly string[], terminal?: string): readonly string[] {
  const steps = [SCRIPT, ...terminal === undefined ? [] : [ON_TERMINAL], 'exec "$@"'];
  return ["/bin/sh", "-c", steps.join("\n"), terminal ?? "sh", ...words];
}
