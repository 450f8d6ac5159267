// How much of a processor a group of processes has used: Linux tells in /proc, others do not.

/** What a group of processes has had since it began, in milliseconds. */
export interface ProcessGroupTimes {
  /** On a processor. */
  readonly ran: number;
  /** Ready to run while others had the processors, each thread for itself; 0 where Linux counts none. */
  readonly waited: number;
}

/** USER_HZ is 100 on every Linux (time(7)). */
const TICK_MS = 10;
const NS_A_MS = 1e6;

/** The times of all living processes of a group; nothing where there are none, or the system is silent. */
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
    return undefined; // it has ended meanwhile
  }
}

function waitedIn(pid: string): number {
  let ns = 0;
  for (const thread of numbersIn(`/proc/${pid}/task`)) {
    try {
      const [, waited] = Deno.readTextFileSync(`/proc/${pid}/task/${thread}/schedstat`).split(" ");
      ns += Number(waited);
    } catch {
      // it has ended meanwhile
    }
  }
  return ns / NS_A_MS;
}
