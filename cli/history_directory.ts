// The directory of a server's history, named after the server's address, so that the next start at
// the same address finds it.

import { resolve } from "node:path";
import type { ListenAddress } from "../server/net/address.ts";
import type { ServeTexts } from "../texts/texts.ts";

/** Reads the environment variables that determine the directory. */
export type HistoryEnvironment = Pick<typeof Deno.env, "get">;

/** Where a history is, or why it is in memory only (a key of `inMemory` in the texts). */
export type HistoryDirectory =
  | { readonly kind: "disk"; readonly directory: string }
  | { readonly kind: "memory"; readonly why: keyof ServeTexts["inMemory"] };

/** The directory of this user's histories; undefined for a user without a home. */
export function stateDirectory(env: HistoryEnvironment): string | undefined {
  const state = env.get("XDG_STATE_HOME");
  // A relative path differs between processes; the XDG standard says to ignore it.
  if (state?.startsWith("/")) return `${state}/minichat`;
  const home = env.get("HOME");
  return home?.startsWith("/") ? `${home}/.local/state/minichat` : undefined;
}

/** Where a server with these flags stores its history. */
export function historyDirectory(
  { data, noHistory }: {
    readonly data?: string | undefined;
    readonly noHistory?: true | undefined;
  },
  addresses: readonly ListenAddress[],
  env: HistoryEnvironment,
): HistoryDirectory {
  if (noHistory) return { kind: "memory", why: "no_history" };
  if (data !== undefined) return { kind: "disk", directory: resolve(data) };
  const label = historyLabel(addresses);
  if (label === undefined) return { kind: "memory", why: "any_port" };
  const state = stateDirectory(env);
  if (state === undefined) return { kind: "memory", why: "no_home" };
  return { kind: "disk", directory: `${state}/${label}` };
}

/**
 * The first TCP port, else the first socket path, in characters of a file name; undefined for a port
 * that the system picks, which differs at the next start.
 */
export function historyLabel(addresses: readonly ListenAddress[]): string | undefined {
  for (const { at } of addresses) {
    if (at.kind === "tcp") return at.port === 0 ? undefined : String(at.port);
  }
  for (const { at } of addresses) if (at.kind === "unix") return labelOfPath(resolve(at.path));
  return undefined;
}

/** `/tmp/my-socket` becomes `unix-tmp-my%2Dsocket`; different paths give different labels. */
function labelOfPath(path: string): string {
  const parts = path.toWellFormed().split("/").slice(1);
  return ["unix", ...parts.map((part) => encodeURIComponent(part).replaceAll("-", "%2D"))]
    .join("-");
}
