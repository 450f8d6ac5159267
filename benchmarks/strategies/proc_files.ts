// Reads CPU time, memory and limits of processes and the machine from /proc. Linux only.

/** Clock ticks a second in /proc; the same on every Linux that Deno runs on. */
const TICKS = 100;
const FIRST_FIELD_AFTER_NAME = 3;
const UTIME = 14;
const STIME = 15;

/** Seconds of CPU time that process `pid` has used, including its ended threads. */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may have spaces
  const ticks = (field: number) => Number(fields[field - FIRST_FIELD_AFTER_NAME]);
  return (ticks(UTIME) + ticks(STIME)) / TICKS;
}

/** Bytes of physical memory that process `pid` holds. */
export function residentBytes(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, "VmRSS");
}

/** Bytes of memory available without swapping. */
export function availableBytes(): number {
  return kilobytes("/proc/meminfo", "MemAvailable");
}

function kilobytes(path: string, name: string): number {
  const line = new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(Deno.readTextFileSync(path));
  return Number(line?.[1] ?? 0) * 1024;
}

/** How many files this process, and each of its children, may open. */
export function descriptorLimit(): number {
  const limits = Deno.readTextFileSync("/proc/self/limits");
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1024);
}
