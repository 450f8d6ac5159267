// How many files this process may open: what the number of clients is derived from.

/** The soft limit on open files; `undefined` where the system does not tell. */
export function openFilesLimit(): number | undefined {
  let limits: string;
  try {
    limits = Deno.readTextFileSync("/proc/self/limits");
  } catch {
    return undefined; // not Linux
  }
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  return soft === undefined || soft === "unlimited" ? undefined : Number(soft);
}
