// Where the control socket of a server is, who may be there, and which servers are running. It binds
// nothing: that is the server's part. Knows nothing of what is said over the socket.

import { visible } from "../protocol/sanitize.ts";
import type { OrderOutcome } from "../server/control.ts";
import { errorText } from "../shared/errors.ts";
import { dialControl } from "./control_dial.ts";
import type { StartTimer } from "./control_timeout.ts";

const SUFFIX = ".sock";

/** The environment variables that decide where the directory is. */
export type PathEnvironment = Pick<typeof Deno.env, "get">;

/** The control socket of a live server; `label` is its TCP port, or what stands in for one. */
export interface ControlSocket {
  readonly label: string;
  readonly path: string;
}

/**
 * The directory of this user's control sockets: in `$XDG_RUNTIME_DIR`, which is the user's own,
 * else one named after the user under the temporary one.
 */
export function controlDirectory(env: PathEnvironment): string {
  const runtime = env.get("XDG_RUNTIME_DIR");
  // A relative path means nothing to another process; the XDG standard says to ignore it.
  if (runtime?.startsWith("/")) return `${runtime}/minichat`;
  return `${env.get("TMPDIR") || "/tmp"}/minichat-${Deno.uid()}`;
}

/** The socket of the server labelled `label` in `directory`. */
export function controlSocketPath(directory: string, label: string): string {
  return `${directory}/${label}${SUFFIX}`;
}

/** A path in a sentence: whole, so that it can be pasted, and safe to print. */
export function quotedPath(path: string): string {
  return `"${visible(path)}"`;
}

/** Makes the directory unless it is there; refuses one that others could reach into (F63). */
export function prepareControlDirectory(directory: string): OrderOutcome {
  try {
    Deno.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) {
      return refused(`Cannot make the control directory ${quotedPath(directory)}`, error);
    }
  }
  const checked = checkControlDirectory(directory);
  return checked.ok ? { ok: true, value: undefined } : checked;
}

/**
 * The sockets in `directory` that a server listens on, one that does not answer in time among them;
 * what a killed server left is skipped.
 */
export async function findControlSockets(
  directory: string,
  after: StartTimer,
): Promise<OrderOutcome<readonly ControlSocket[]>> {
  const checked = checkControlDirectory(directory);
  if (!checked.ok) return checked;
  const found: ControlSocket[] = [];
  if (checked.value === "absent") return { ok: true, value: found };
  let names: string[];
  try {
    names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
  } catch (error) {
    return refused(`Cannot list the control directory ${quotedPath(directory)}`, error);
  }
  await Promise.all(
    names.filter((name) => name.endsWith(SUFFIX)).map(async (name) => {
      const label = name.slice(0, -SUFFIX.length);
      const path = controlSocketPath(directory, label);
      if (await isListening(path, after)) found.push({ label, path });
    }),
  );
  found.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }));
  return { ok: true, value: found };
}

/** A directory is only as safe as the one who can rename what is in it: it must be ours alone. */
function checkControlDirectory(directory: string): OrderOutcome<"absent" | "ours"> {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(directory);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { ok: true, value: "absent" };
    return refused(`Cannot look at the control directory ${quotedPath(directory)}`, error);
  }
  const problem = problemWith(info);
  if (problem === undefined) return { ok: true, value: "ours" };
  return { ok: false, error: `Refused the control directory ${quotedPath(directory)}: ${problem}` };
}

function problemWith(info: Deno.FileInfo): string | undefined {
  const elsewhere = "remove it, or set XDG_RUNTIME_DIR to a directory of your own";
  if (info.isSymlink) return `a link, ${elsewhere}`;
  if (!info.isDirectory) return `a file, ${elsewhere}`;
  if (info.uid !== Deno.uid()) {
    return "it belongs to another user, set XDG_RUNTIME_DIR to a directory of your own";
  }
  if (((info.mode ?? 0) & 0o077) !== 0) return "other users may enter it, run chmod 700 on it";
  return undefined;
}

async function isListening(path: string, after: StartTimer): Promise<boolean> {
  const dialed = await dialControl(path, after);
  if (dialed.kind === "open") dialed.conn.close();
  return dialed.kind === "open" || dialed.kind === "silent";
}

function refused(what: string, error: unknown): OrderOutcome<never> {
  const why = error instanceof Deno.errors.PermissionDenied
    ? "no permission"
    : error instanceof Deno.errors.NotFound
    ? "the directory above it does not exist"
    : errorText(error);
  const remedy = "set XDG_RUNTIME_DIR to a directory of your own, or unset it";
  return { ok: false, error: `${what}: ${why}, ${remedy}` };
}
