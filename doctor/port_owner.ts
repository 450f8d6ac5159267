// Finds the program that listens at a TCP port in Linux's /proc. Pure except for its file access.

import { visible } from "../protocol/sanitize.ts";
import type { FileAccess } from "./file_access.ts";

/** A program that listens. */
export interface PortOwner {
  /** Absent for another user's program, whose descriptors are not readable. */
  readonly pid?: number;
  /** Its command line, safe to print. */
  readonly command?: string;
  readonly user: string;
}

const LISTENING = "0A";
/** A longer command line is truncated, in characters. */
const MAX_COMMAND_CHARS = 60;

/** Finds the program that listens at `port`; undefined if /proc does not show it. */
export function portOwner(port: number, files: FileAccess): PortOwner | undefined {
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((path) => listeningSockets(files.text(path) ?? ""))
    .filter((socket) => socket.port === port);
  const [first] = sockets;
  if (first === undefined) return undefined;
  const user = userName(first.uid, files);
  const links = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  for (const name of files.names("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const directory = `/proc/${name}/fd`;
    const holds = files.names(directory)
      .some((fd) => links.has(files.target(`${directory}/${fd}`) ?? ""));
    if (holds) return { pid: Number(name), command: commandOf(name, files), user };
  }
  return { user };
}

interface ListeningSocket {
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/** Parses the listening rows of /proc/net/tcp (proc_net_tcp in the kernel's documentation). */
function listeningSockets(table: string): ListeningSocket[] {
  return table.split("\n").slice(1).flatMap((row) => {
    const [, local = "", , state, , , , uid, , inode = ""] = row.trim().split(/\s+/);
    const port = Number.parseInt(local.split(":")[1] ?? "", 16);
    return state === LISTENING ? [{ port, uid: Number(uid), inode }] : [];
  });
}

function userName(uid: number, files: FileAccess): string {
  const row = (files.text("/etc/passwd") ?? "").split("\n")
    .map((line) => line.split(":")).find((fields) => fields[2] === String(uid));
  return visible(row?.[0] ?? `user ${uid}`);
}

function commandOf(pid: string, files: FileAccess): string {
  const words = (files.text(`/proc/${pid}/cmdline`) ?? "").split("\0").filter((word) =>
    word !== ""
  );
  const line = [...visible(words.join(" "))];
  if (line.length === 0) return visible(files.text(`/proc/${pid}/comm`)?.trim() ?? "");
  const cut = line.length > MAX_COMMAND_CHARS;
  return cut ? `${line.slice(0, MAX_COMMAND_CHARS).join("")}...` : line.join("");
}
