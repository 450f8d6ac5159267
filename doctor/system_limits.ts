// What the system allows a server: open files and waiting connections. Pure.

import { fail, type Finding, ok, warn } from "./diagnosis.ts";

/** Limits on open files, as /proc/self/limits tells. */
export interface FileLimits {
  readonly soft: number;
  readonly hard: number;
}

/** What a server wants. */
export interface Wants {
  readonly clients: number;
  /** Descriptors it keeps for itself. */
  readonly reserved: number;
}

/** The limits in the text of /proc/self/limits; nothing where it is another text. */
export function parseFileLimits(text: string | undefined): FileLimits | undefined {
  const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(text ?? "") ??
    [];
  if (soft === undefined || hard === undefined) return undefined;
  const number = (word: string) => word === "unlimited" ? Infinity : Number(word);
  return { soft: number(soft), hard: number(hard) };
}

/** Whether so many clients fit into the limit on open files. */
export function checkDescriptors(limits: FileLimits | undefined, wants: Wants): Finding {
  const id = "descriptors";
  const { clients, reserved } = wants;
  if (limits === undefined) return ok(id, "This system does not tell its limit on open files");
  const { soft, hard } = limits;
  const needed = clients + reserved;
  if (soft >= needed) {
    return ok(
      id,
      `${soft === Infinity ? "Any number of" : soft} files may be open, ${needed} are needed`,
    );
  }
  const remedy = hard >= needed
    ? `run ulimit -n ${needed} before, or set LimitNOFILE=${needed} in its unit`
    : `raise the hard limit, ${hard}: LimitNOFILE in its unit, or /etc/security/limits.conf`;
  const room = soft - reserved;
  if (room < 1) {
    return fail(id, `Only ${soft} files may be open: there is no room for clients`, remedy);
  }
  return warn(id, `Only ${soft} files may be open: room for ${room} of ${clients} clients`, remedy);
}

/** Whether the kernel lets as many connections wait as a server asks for. */
export function checkBacklog(somaxconn: string | undefined, wanted: number): Finding {
  const id = "backlog";
  const allowed = Number(somaxconn?.trim() || NaN);
  if (Number.isNaN(allowed)) {
    return ok(id, "This system does not tell how many connections may wait");
  }
  if (allowed >= wanted) return ok(id, `${wanted} connections may wait to be accepted`);
  return warn(
    id,
    `Only ${allowed} connections may wait to be accepted, of ${wanted} wanted`,
    `run: sudo sysctl -w net.core.somaxconn=${wanted}`,
  );
}
