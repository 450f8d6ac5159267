// Commands that run minichat, from its source or as an executable.

import { V8_FLAGS } from "../tools/compile.ts";
import type { SpawnCommand } from "./child_processes.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;

/**
 * The command that runs minichat with `args`; `compiled`: path of an executable to use instead of
 * the source.
 */
export function minichat(
  compiled: string | undefined,
  args: readonly string[],
): Omit<SpawnCommand, "core"> {
  return compiled === undefined
    ? { command: Deno.execPath(), args: ["run", "--quiet", "--allow-all", V8_FLAGS, MAIN, ...args] }
    : { command: compiled, args };
}

/**
 * The command that starts a server on a port of this machine. `--quiet` saves printing every
 * message; all protections stay on except the rate limits of clients, which would be what is
 * measured. `folder`: for its control socket and history.
 */
export function minichatServer(
  compiled: string | undefined,
  { port, folder, args = [] }: { port: number; folder: string; args?: readonly string[] },
): Omit<SpawnCommand, "core"> {
  const where = ["--port", `${port}`, "--host", "127.0.0.1"];
  const words = ["serve", ...where, "--quiet", "--limit", "message-rate=10000000/s", ...args];
  return { ...minichat(compiled, words), env: { ...ownPlaces(folder), NO_COLOR: "1" } };
}

/** Environment variables that put a server's files into `folder`, away from the user's own. */
export function ownPlaces(folder: string): Readonly<Record<string, string>> {
  return { XDG_RUNTIME_DIR: folder, XDG_STATE_HOME: folder };
}
