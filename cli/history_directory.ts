// Where a server's history is: in a directory named after the place where the server listens, so that
// it finds it again. It opens nothing.

import { resolve } from "node:path";
import type { ListenAddress } from "../server/net/address.ts";

/** The environment variables that decide where the directory is. */
export type HistoryEnvironment = Pick<typeof Deno.env, "get">;

/** Where a history is, or why it is in memory only. */
export type HistoryDirectory =
  | { readonly kind: "disk"; readonly directory: string }
  | { readonly kind: "memory"; readonly why: string };

/** The directory of this user's histories; nothing for a user without a home. */
export function stateDirectory(env: HistoryEnvironment): string | undefined {
  const state = env.get("XDG_STATE_HOME");
  // A relative path means nothing to another process; the XDG standard says to ignore it.
  if (state?.startsWith("/")) return `${state}/minichat`;
  const home = env.get("HOME");
  return home?.startsWith("/") ? `${home}/.local/state/minichat` : undefined;
}

/** Where the history of a server with these flags is. */
export function historyDirectory(
  { data, noHistory }: {
    readonly data?: string | undefined;
    readonly noHistory?: true | undefined;
  },
  addresses: readonly ListenAddress[],
  env: HistoryEnvironment,
): HistoryDirectory {
  if (noHistory) return { kind: "memory", why: "--no-history" };
  if (data !== undefined) return { kind: "disk", directory: resolve(data) };
  const label = historyLabel(addresses);
  if (label === undefined) {
    return { kind: "memory", why: "the port is another one next time; --data DIR keeps it" };
  }
  const state = stateDirectory(env);
  if (state === undefined) {
    return { kind: "memory", why: "HOME is not set; --data DIR keeps it" };
  }
  return { kind: "disk", directory: `${state}/${label}` };
}

/**
 * The first TCP port, which is how people name a server, else the first path of a socket, in
 * characters of a file name; nothing for a port that the system picks, which means nothing tomorrow.
 */
export function historyLabel(addresses: readonly ListenAddress[]): string | undefined {
  for (const { at } of addresses) {
    if (at.kind === "tcp") return at.port === 0 ? undefined : String(at.port);
  }
  for (const { at } of addresses) if (at.kind === "unix") return labelOfPath(resolve(at.path));
  return undefined;
}

/** `/tmp/my-socket` as `unix-tmp-my%2Dsocket`: no two paths are one. */
function labelOfPath(path: string): string {
  const parts = path.toWellFormed().split("/").slice(1);
  return ["unix", ...parts.map((part) => encodeURIComponent(part).replaceAll("-", "%2D"))]
    .join("-");
}
