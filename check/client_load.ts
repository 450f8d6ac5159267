// How much of a processor a group of processes has used: Linux tells in /proc, others do not.

/** The unit of {@linkcode groupTicks}: USER_HZ, which is 100 on every Linux (time(7)). */
export const TICKS_A_SECOND = 100;

/** Processor time of all living processes of a group, in ticks; nothing where the system is silent. */
export function groupTicks(group: number): number | undefined {
  let ticks: number | undefined;
  for (const pid of processes()) {
    const used = ticksOf(pid, group);
    if (used !== undefined) ticks = (ticks ?? 0) + used;
  }
  return ticks;
}

function processes(): readonly string[] {
  try {
    return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) =>
      /^\d+$/.test(name)
    );
  } catch {
    return [];
  }
}

function ticksOf(pid: string, group: number): number | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The second field is the program's name in parentheses, which may hold anything (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, , processGroup] = fields;
    const isOurs = Number(processGroup) === group && state !== "Z"; // a zombie has ended
    return isOurs ? Number(fields[11]) + Number(fields[12]) : undefined;
  } catch {
    return undefined; // it has ended meanwhile
  }
}
