// The processes of this machine as /proc lists them, for finding and measuring those of a program
// under check; only Linux has /proc. Every function answers with less where there is none.

/** One process; a zombie is none. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Time on a processor since it began, in milliseconds. */
  readonly ranMs: number;
  /** When it began, in ticks since the machine did: with the pid it names a process for ever. */
  readonly began: number;
  /** Memory in use (resident), in bytes. */
  readonly memoryBytes: number;
}

/** A tick of /proc/PID/stat: USER_HZ is 100 on every Linux (time(7)). */
const TICK_MS = 10;
/** A page, on every architecture that minichat is built for. */
const PAGE_BYTES = 4096;
const NS_A_MS = 1e6;

/** All processes. */
export function listProcesses(): readonly ProcessRow[] {
  return numbersIn("/proc").flatMap((pid) => processRow(pid) ?? []);
}

/** The process of that number; undefined if it has ended. */
export function processRow(pid: number): ProcessRow | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may hold anything (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  if (stat === "" || state === "Z" || state === "X") return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    ranMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    began: Number(fields[19]),
    memoryBytes: Number(fields[21]) * PAGE_BYTES,
  };
}

/** Whether the process began with `variable` (`NAME=value`) in its environment. */
export function hasInEnvironment(pid: number, variable: string): boolean {
  return contentOf(`/proc/${pid}/environ`).split("\0").includes(variable);
}

/**
 * How long the threads of a process have waited in the run queue since it began, in milliseconds;
 * 0 if the kernel does not count it (schedstat).
 */
export function waitedMs(pid: number): number {
  const waits = numbersIn(`/proc/${pid}/task`).map((thread) =>
    Number(contentOf(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[1] ?? 0)
  );
  return waits.reduce((sum, ns) => sum + ns, 0) / NS_A_MS;
}

/**
 * Memory in use, in bytes, where what several processes share is divided among them (proc(5), Pss);
 * undefined if it is not known. Costs more than {@linkcode processRow}.
 */
export function sharedOutBytes(pid: number): number | undefined {
  const [, kilobytes] = /^Pss: +(\d+) kB$/m.exec(contentOf(`/proc/${pid}/smaps_rollup`)) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function numbersIn(directory: string): readonly number[] {
  try {
    return [...Deno.readDirSync(directory)].flatMap(({ name }) =>
      /^\d+$/.test(name) ? Number(name) : []
    );
  } catch {
    return [];
  }
}

/** Empty if the process has ended meanwhile, or belongs to another user. */
function contentOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
