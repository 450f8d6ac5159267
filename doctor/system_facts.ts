// Reads from the system every fact that the checks need. Changes nothing.

import { lookup } from "node:dns/promises";
import { accessSync, constants, statfsSync } from "node:fs";
import { sendCommand } from "../admin/admin_client.ts";
import { findControlSockets } from "../admin/control_path.ts";
import type { StartTimer } from "../admin/control_dial.ts";
import { libc } from "../server/net/system/libc.ts";
import {
  DATABASE_FILE,
  distrustOfDataDirectory,
  LOCK_FILE,
} from "../server/store/data_directory_check.ts";
import { openToRead } from "../server/store/store.ts";
import { quotedPath, visible } from "../protocol/sanitize.ts";
import { errorText } from "../shared/errors.ts";
import type { Texts } from "../texts/texts.ts";
import type { DataFacts } from "./data_directory.ts";
import type { RunningServers, SystemFacts } from "./examine.ts";
import type { FileAccess, FileFacts } from "./file_access.ts";
import type { ListenAttempt } from "./port_check.ts";
import type { Health, RunningServerFacts, SilentServer } from "./running_servers.ts";

/** Longest wait for `/healthz`, in milliseconds. */
const HEALTH_MS = 2_000;

/** This machine; `colours` is whether the output has colours, `texts` is for what `admin/` refuses. */
export function realSystemFacts(
  { colours, texts }: { readonly colours: boolean; readonly texts: Texts },
): SystemFacts {
  return {
    files: FILES,
    env: Deno.env,
    uid: Deno.uid(),
    sockets: {
      loaded: libc() !== undefined,
      os: Deno.build.os,
      arch: Deno.build.arch,
      allowed: Deno.permissions.querySync({ name: "ffi" }).state === "granted",
    },
    terminal: { isTerminal: Deno.stdout.isTerminal(), columns: terminalColumns(), colours },
    now: () => Date.now(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    program: Deno.execPath(),
    tryListen,
    addressesOf,
    servers: (directory) => servers(directory, texts),
    data,
  };
}

/** The terminal's width in columns; undefined without a terminal. */
export function terminalColumns(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined;
  }
}

/** Returns the result of `read`, or undefined if it throws. */
function attempted<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const FILES: FileAccess = {
  text: (path) => attempted(() => Deno.readTextFileSync(path)),
  names: (directory) =>
    attempted(() => [...Deno.readDirSync(directory)].map(({ name }) => name)) ?? [],
  target: (path) => attempted(() => Deno.readLinkSync(path)),
  facts: (path) => attempted(() => factsOf(Deno.lstatSync(path))),
  mayWrite: (directory) =>
    attempted(() => {
      accessSync(directory, constants.W_OK | constants.X_OK);
      return true;
    }) ?? false,
};

function factsOf(info: Deno.FileInfo): FileFacts {
  const kind = info.isSymlink
    ? "link"
    : info.isSocket
    ? "socket"
    : info.isDirectory
    ? "directory"
    : info.isFile
    ? "file"
    : "other";
  return {
    kind,
    uid: info.uid ?? 0,
    mode: info.mode ?? 0,
    modified: info.mtime?.getTime() ?? 0,
    bytes: info.size,
  };
}

function tryListen(hostname: string, port: number): ListenAttempt {
  try {
    Deno.listen({ hostname, port }).close();
    return { kind: "free" };
  } catch (problem) {
    if (problem instanceof Deno.errors.AddrInUse) return { kind: "taken" };
    if (problem instanceof Deno.errors.PermissionDenied) return { kind: "forbidden" };
    if (problem instanceof Deno.errors.AddrNotAvailable) return { kind: "foreign" };
    return { kind: "failed", problem: errorText(problem) };
  }
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    const all = await lookup(name, { all: true });
    return [...new Set(all.map(({ address }) => address))];
  } catch {
    return []; // unknown name
  }
}

const after: StartTimer = (ms, fire) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

async function servers(directory: string, texts: Texts): Promise<RunningServers> {
  const sockets = await findControlSockets(directory, after, texts.operator);
  if (!sockets.ok) return { refusal: sockets.error };
  return { found: await Promise.all(sockets.value.map(({ path }) => serverAt(path, texts))) };
}

async function serverAt(path: string, texts: Texts): Promise<RunningServerFacts | SilentServer> {
  const request = { command: "stats", args: [] };
  const { signal } = new AbortController();
  const result = await sendCommand({
    path,
    request,
    after,
    signal,
    texts: texts.operator,
    loadRefusals: () => Promise.resolve(texts.refusals),
  });
  const data = result.kind === "reply" && result.reply.ok ? result.reply.data : undefined;
  if (!isStats(data)) return { path, silent: true };
  const { pid, listening, clients, metrics, history } = data;
  const certificates = certificateProblems(data.certificates);
  const health = metrics === null ? undefined : await healthAt(metrics);
  const clock = typeof history?.clock === "string" ? visible(history.clock) : null;
  return { path, pid, listening, clients, metrics, health, clock, certificates };
}

function certificateProblems(certificates: unknown): string[] {
  if (!Array.isArray(certificates)) return []; // an earlier version
  return certificates.flatMap((one: unknown) => {
    if (typeof one !== "object" || one === null || !("problem" in one)) return [];
    return typeof one.problem === "string" ? [visible(one.problem)] : [];
  });
}

/** Whether data has the counters used here; the server may be of another version. */
function isStats(
  data: unknown,
): data is Pick<RunningServerFacts, "pid" | "listening" | "clients" | "metrics"> & {
  readonly history?: { readonly clock?: unknown } | undefined;
  readonly certificates?: unknown;
} {
  if (typeof data !== "object" || data === null) return false;
  const { pid, listening, clients, metrics }: Record<string, unknown> = { metrics: null, ...data };
  return typeof pid === "number" && typeof clients === "number" && Array.isArray(listening) &&
    (metrics === null || typeof metrics === "string");
}

async function healthAt(url: string): Promise<Health> {
  // A server that listens at all addresses is asked at the loopback address.
  const here = url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
  try {
    const signal = AbortSignal.timeout(HEALTH_MS);
    const response = await fetch(`${here}/healthz`, { signal });
    const text = await response.text();
    if (response.ok) return { kind: "well" };
    return { kind: "unwell", problems: text.trim().split("\n") };
  } catch {
    return { kind: "unreachable" };
  }
}

function data(directory: string): Omit<DataFacts, "ownServer"> {
  const info = attempted(() => Deno.statSync(directory));
  const state = info === undefined ? "absent" : info.isDirectory ? "directory" : "other";
  const existing = nearest(directory);
  const space = attempted(() => statfsSync(existing));
  const database = FILES.facts(`${directory}/${DATABASE_FILE}`);
  return {
    directory,
    state,
    writable: FILES.mayWrite(existing),
    freeBytes: space === undefined ? undefined : Number(space.bavail) * Number(space.bsize),
    holder: holderOf(`${directory}/${LOCK_FILE}`),
    problem: state === "directory" ? problemIn(directory, database !== undefined) : undefined,
    bytes: database?.bytes ?? 0,
    lastEntry: database === undefined ? undefined : attempted(() => lastEntryIn(directory)),
  };
}

/** The directory itself, or its nearest ancestor that exists. */
function nearest(directory: string): string {
  let path = directory;
  while (path.includes("/") && attempted(() => Deno.statSync(path)) === undefined) {
    path = path.slice(0, path.lastIndexOf("/")) || "/";
  }
  return path || ".";
}

/** The pid that has the lock, "" if it is unknown; undefined if the lock is free. */
function holderOf(path: string): string | undefined {
  if (FILES.facts(path)?.kind !== "file") return undefined; // a pipe would block
  using file = attempted(() => Deno.openSync(path));
  if (file === undefined || attempted(() => file.tryLockSync(false)) !== false) return undefined;
  return /^\d+/.exec(FILES.text(path) ?? "")?.[0] ?? "";
}

/** When the last server there wrote last, by its clock. */
function lastEntryIn(directory: string): number | undefined {
  const opened = openToRead(directory);
  if ("error" in opened) return undefined;
  const row = opened.prepare("SELECT value FROM counter WHERE name = 'clock'").get();
  opened.close();
  return typeof row?.["value"] === "number" ? row["value"] : undefined;
}

function problemIn(directory: string, hasDatabase: boolean): string | undefined {
  try {
    const distrust = distrustOfDataDirectory(directory);
    if (distrust !== undefined) {
      return `Cannot keep a history in ${quotedPath(directory)} (${distrust}): give another --data`;
    }
    if (!hasDatabase) return undefined;
    const opened = openToRead(directory);
    if ("error" in opened) return opened.error;
    opened.close();
    return undefined;
  } catch (problem) {
    const why = errorText(problem);
    return `Cannot read the history (${why}): give another --data`;
  }
}
