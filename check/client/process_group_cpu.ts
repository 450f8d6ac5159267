// The processor time of a process group, from /proc; only Linux has it.

/** Times of a process group since it began, in milliseconds. */
export interface ProcessGroupTimes {
  /** Time on a processor. */
  readonly ran: number;
  /** Time in the run queue, summed over threads; 0 if the kernel does not count it (schedstat). */
  readonly waited: number;
}

/** A tick of /proc/PID/stat: USER_HZ is 100 on every Linux (time(7)). */
const TICK_MS = 10;
const NS_A_MS = 1e6;

/** Sums the times of all living processes of a group; undefined if there are none, or no /proc. */
export function processGroupTimes(group: number): ProcessGroupTimes | undefined {
  let times: ProcessGroupTimes | undefined;
  for (const pid of numbersIn("/proc")) {
    const ran = ranIn(pid, group);
    if (ran === undefined) continue;
    const { ran: before, waited } = times ?? { ran: 0, waited: 0 };
    times = { ran: before + ran, waited: waited + waitedIn(pid) };
  }
  return times;
}

function numbersIn(directory: string): readonly string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name).filter((name) =>
      /^\d+$/.test(name)
    );
  } catch {
    return [];
  }
}

function ranIn(pid: string, group: number): number | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The second field is the program's name in parentheses, which may hold anything (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, , processGroup] = fields;
    const isOurs = Number(processGroup) === group && state !== "Z"; // a zombie has ended
    return isOurs ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : undefined;
  } catch {
    return undefined; // the process has ended meanwhile
  }
}

function waitedIn(pid: string): number {
  let ns = 0;
  for (const thread of numbersIn(`/proc/${pid}/task`)) {
    try {
      const [, waited] = Deno.readTextFileSync(`/proc/${pid}/task/${thread}/schedstat`).split(" ");
      ns += Number(waited);
    } catch {
      // the process has ended meanwhile
    }
  }
  return ns / NS_A_MS;
}
