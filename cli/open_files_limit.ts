// Reads the limit on open files, which limits the number of clients.

/** The soft limit on open files; undefined if it is unlimited or unknown (not Linux). */
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
