// Paths of the control sockets of this user's servers: the directory, its permissions, and which
// sockets have a server that listens.

import { quotedPath } from "../protocol/sanitize.ts";
import type { OrderOutcome } from "../server/control.ts";
import { errorText } from "../shared/errors.ts";
import type { OperatorTexts } from "../texts/texts.ts";
import { dialControl, type StartTimer } from "./control_dial.ts";

const SUFFIX = ".sock";

/** Reads the environment variables that determine the directory. */
export type PathEnvironment = Pick<typeof Deno.env, "get">;

/** The control socket of a running server; `label` is its TCP port, or `pid-N` without one. */
export interface ControlSocket {
  readonly label: string;
  readonly path: string;
}

/**
 * The directory of this user's control sockets: in `$XDG_RUNTIME_DIR`, which belongs to the user, else
 * in the temporary directory with the user's number in its name.
 */
export function controlDirectory(env: PathEnvironment): string {
  const runtime = env.get("XDG_RUNTIME_DIR");
  // A relative path differs between processes; the XDG standard says to ignore it.
  if (runtime?.startsWith("/")) return `${runtime}/minichat`;
  return `${env.get("TMPDIR") || "/tmp"}/minichat-${Deno.uid()}`;
}

/** The socket of the server labelled `label` in `directory`. */
export function controlSocketPath(directory: string, label: string): string {
  return `${directory}/${label}${SUFFIX}`;
}

/** A directory ready for a socket, or why not: `unsafe` if another user could control the server. */
export type PreparedDirectory =
  | { readonly kind: "ready" }
  | { readonly kind: "impossible" | "unsafe"; readonly error: string };

/** Makes the directory if it does not exist; refuses one that other users can enter (F63). */
export function prepareControlDirectory(
  directory: string,
  texts: OperatorTexts,
): PreparedDirectory {
  try {
    Deno.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) {
      const { error: why } = refused(texts.cannotMakeDirectory, { directory, error, texts });
      return { kind: "impossible", error: why };
    }
  }
  const checked = checkControlDirectory(directory, texts);
  return checked.ok ? { kind: "ready" } : { kind: "unsafe", error: checked.error };
}

/**
 * Lists the sockets in `directory` that a server listens on, including servers that do not answer in
 * time; sockets left by killed servers are skipped.
 */
export async function findControlSockets(
  directory: string,
  after: StartTimer,
  texts: OperatorTexts,
): Promise<OrderOutcome<readonly ControlSocket[]>> {
  const checked = checkControlDirectory(directory, texts);
  if (!checked.ok) return checked;
  const found: ControlSocket[] = [];
  if (checked.value === "absent") return { ok: true, value: found };
  let names: string[];
  try {
    names = [...Deno.readDirSync(directory)].map((entry) => entry.name);
  } catch (error) {
    return refused(texts.cannotListDirectory, { directory, error, texts });
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

/** Only this user may enter the directory: another one could replace the sockets in it. */
function checkControlDirectory(
  directory: string,
  texts: OperatorTexts,
): OrderOutcome<"absent" | "ours"> {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(directory);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { ok: true, value: "absent" };
    return refused(texts.cannotReadDirectory, { directory, error, texts });
  }
  const problem = problemWith(info, texts);
  if (problem === undefined) return { ok: true, value: "ours" };
  return { ok: false, error: texts.refusedDirectory(quotedPath(directory), problem) };
}

function problemWith(info: Deno.FileInfo, texts: OperatorTexts): string | undefined {
  if (info.isSymlink) return texts.isLink;
  if (!info.isDirectory) return texts.isFile;
  if (info.uid !== Deno.uid()) return texts.isOtherUsers;
  if (((info.mode ?? 0) & 0o077) !== 0) return texts.isOpenToOthers;
  return undefined;
}

async function isListening(path: string, after: StartTimer): Promise<boolean> {
  const dialed = await dialControl(path, after);
  if (dialed.kind === "open") dialed.conn.close();
  return dialed.kind === "open" || dialed.kind === "silent";
}

/** `text` takes the directory in quotes and the reason. */
function refused(
  text: (quoted: string, why: string) => string,
  { directory, error, texts }: {
    readonly directory: string;
    readonly error: unknown;
    readonly texts: OperatorTexts;
  },
): { readonly ok: false; readonly error: string } {
  const why = error instanceof Deno.errors.PermissionDenied
    ? texts.noPermission
    : error instanceof Deno.errors.NotFound
    ? texts.noParentDirectory
    : errorText(error);
  return { ok: false, error: text(quotedPath(directory), why) };
}
