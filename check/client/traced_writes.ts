// The writes of a client to its connection, from what strace(1) has written about its system calls.
// Pure.

import type { Endpoint } from "./client_driver.ts";

/** The calls that are traced. */
export const TRACED_CALLS =
  "connect,dup,dup2,dup3,fcntl,close,write,writev,send,sendto,sendmsg,sendmmsg";

/** `12345 write(3, "..."..., 16) = 16`, with the number of the process in front. */
const LINE = /^(?:(\d+) +)?(\w+)\((\d+)(?:, |\) )(.*)$/;
/** The calls that write. */
const WRITES = /^(?:write|send)/;
/** Those that give a descriptor another number. */
const COPIES = /^(?:dup|fcntl)/;
const RESUMED = /^(?:(\d+) +)?<\.\.\. (\w+) resumed>.*= (-?\d+)/;
const RESULT = /= (-?\d+)(?: \w+ \(.*\))?$/;
const UNFINISHED = / <unfinished \.\.\.>$/;

/**
 * The bytes that each successful call wrote to the connection with `endpoint`, oldest first; undefined
 * if no call has connected there.
 */
export function tracedWrites(trace: string, endpoint: Endpoint): readonly number[] | undefined {
  const place = endpoint.kind === "tcp"
    ? `sin6?_port=htons\\(${endpoint.port}\\)`
    : `sun_path="${RegExp.escape(endpoint.path)}"`;
  const isThere = new RegExp(place);
  /** The descriptor of a call that has not returned, by process. */
  const open = new Map<string, string>();
  const writes: number[] = [];
  const sockets = new Set<string>();
  let isConnected = false;
  let owner = "";
  for (const line of trace.split("\n")) {
    const [, resumedBy = "", , resumedResult] = RESUMED.exec(line) ?? [];
    if (resumedResult !== undefined) {
      const isWrite = sockets.has(open.get(resumedBy) ?? "") && Number(resumedResult) > 0;
      if (isWrite) writes.push(Number(resumedResult));
      open.delete(resumedBy);
      continue;
    }
    const [, process = "", call, descriptor, rest = ""] = LINE.exec(line) ?? [];
    if (call === undefined || descriptor === undefined) continue;
    const result = Number(RESULT.exec(rest)?.[1] ?? 0);
    if (call === "connect" && isThere.test(rest)) {
      isConnected = true;
      sockets.clear();
      sockets.add(descriptor);
      writes.length = 0;
      owner = process;
    } else if (call === "close" || COPIES.test(call)) {
      // Other processes have descriptors of their own; threads hardly ever close or copy one.
      if (process !== owner || /F_[GS]ET/.test(rest)) continue;
      const isCopy = call !== "close" && sockets.has(descriptor);
      if (isCopy) sockets.add(String(result));
      else sockets.delete(call === "close" ? descriptor : String(result));
    } else if (!sockets.has(descriptor)) continue;
    else if (WRITES.test(call) && UNFINISHED.test(rest)) open.set(process, descriptor);
    else if (WRITES.test(call) && result > 0) writes.push(result);
  }
  return isConnected ? writes : undefined;
}
