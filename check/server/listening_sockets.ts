// Where a program accepts connections, read from /proc (proc(5)): without a connection, which the
// program would count as a client. Empty where there is no /proc.

import type { Address } from "../../client/dial.ts";

/** TCP_LISTEN in the column `st` of /proc/net/tcp. */
const TCP_LISTEN = "0A";
/** __SO_ACCEPTCON in the column `Flags` of /proc/net/unix. */
const ACCEPTS = 0x10000;

/** Where those processes accept connections, in the order of their descriptors. */
export function listeningSockets(pids: readonly number[]): readonly Address[] {
  const [first] = pids;
  if (first === undefined) return [];
  const places = new Map([
    ...tcpListeners(contentOf(`/proc/${first}/net/tcp`)),
    ...tcpListeners(contentOf(`/proc/${first}/net/tcp6`)),
    ...unixListeners(contentOf(`/proc/${first}/net/unix`)),
  ]);
  const inodes = new Set(pids.flatMap(socketInodes));
  return [...inodes].flatMap((inode) => places.get(inode) ?? []);
}

/** The rows of /proc/net/tcp or tcp6 that listen, by inode. */
export function tcpListeners(table: string): readonly (readonly [string, Address])[] {
  return rowsOf(table).flatMap((fields) => {
    const [, local = "", , state] = fields;
    const inode = fields[9];
    const [address = "", port = ""] = local.split(":");
    if (state !== TCP_LISTEN || inode === undefined) return [];
    return [[inode, { kind: "tcp", host: hostOf(address), port: parseInt(port, 16) }] as const];
  });
}

/** The rows of /proc/net/unix that listen at a path, by inode. */
export function unixListeners(table: string): readonly (readonly [string, Address])[] {
  return rowsOf(table).flatMap(([, , , flags = "0", , , inode = "", ...path]) => {
    const isPath = path.length > 0 && !path[0]?.startsWith("@");
    if ((parseInt(flags, 16) & ACCEPTS) === 0 || !isPath) return [];
    return [[inode, { kind: "unix", path: path.join(" ") }] as const];
  });
}

/** The fields of each row after the heading. */
function rowsOf(table: string): readonly (readonly string[])[] {
  return table.trim().split("\n").slice(1).map((row) => row.trim().split(/\s+/));
}

const LOOPBACK = "127.0.0.1";
const LOOPBACK_6 = "::1";

/**
 * An address as /proc writes it: 32-bit words in the machine's byte order, which is little-endian on
 * all that minichat is built for. A wildcard becomes the loopback address.
 */
function hostOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  const isWildcard = bytes.every((byte) => byte === "00");
  const isMapped = /^0{20}F{4}/.test(bytes.join("")); // ::ffff:127.0.0.1
  if (bytes.length === 4 || isMapped) {
    return isWildcard ? LOOPBACK : bytes.slice(-4).map((byte) => parseInt(byte, 16)).join(".");
  }
  if (isWildcard) return LOOPBACK_6;
  return (bytes.join("").match(/.{4}/g) ?? []).map((group) => parseInt(group, 16).toString(16))
    .join(":");
}

/** The inodes of a process's sockets. */
function socketInodes(pid: number): readonly string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((name) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${name}`)) ?? [];
    return inode ?? [];
  });
}

/** By number; empty if the process has ended or belongs to another user. */
function namesIn(directory: string): readonly string[] {
  try {
    const names = Array.from(Deno.readDirSync(directory), ({ name }) => name);
    return names.sort((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}

function contentOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
