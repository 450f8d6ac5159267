// Checks the system's limits on open files and on connections that wait to be accepted. Pure.

import { type Diagnosis, failing, passing, warning } from "./diagnosis.ts";

/** Limits on open files, from /proc/self/limits. */
export interface FileLimits {
  readonly soft: number;
  readonly hard: number;
}

/** The needs of a server. */
export interface ServerNeeds {
  readonly clients: number;
  /** Descriptors for other uses than clients. */
  readonly reserved: number;
}

/** Parses the text of /proc/self/limits; undefined for another text. */
export function parseFileLimits(text: string | undefined): FileLimits | undefined {
  const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(text ?? "") ??
    [];
  if (soft === undefined || hard === undefined) return undefined;
  const number = (word: string) => word === "unlimited" ? Infinity : Number(word);
  return { soft: number(soft), hard: number(hard) };
}

/** Checks whether the clients fit into the limit on open files. */
export function checkDescriptors(limits: FileLimits | undefined, needs: ServerNeeds): Diagnosis {
  const id = "descriptors";
  const { clients, reserved } = needs;
  if (limits === undefined) return passing(id, "This system does not tell its limit on open files");
  const { soft, hard } = limits;
  const needed = clients + reserved;
  if (soft >= needed) {
    return passing(
      id,
      `${soft === Infinity ? "Any number of" : soft} files may be open, ${needed} are needed`,
    );
  }
  const remedy = hard >= needed
    ? `run ulimit -n ${needed} before, or set LimitNOFILE=${needed} in its unit`
    : `raise the hard limit, ${hard}: LimitNOFILE in its unit, or /etc/security/limits.conf`;
  const fitting = soft - reserved;
  if (fitting < 1) {
    return failing(id, `Only ${soft} files may be open: there is no room for clients`, remedy);
  }
  return warning(
    id,
    `Only ${soft} files may be open: room for ${fitting} of ${clients} clients`,
    remedy,
  );
}

/** Checks whether the kernel lets as many connections wait as a server asks for. */
export function checkBacklog(somaxconn: string | undefined, wanted: number): Diagnosis {
  const id = "backlog";
  const allowed = Number(somaxconn?.trim() || NaN);
  if (Number.isNaN(allowed)) {
    return passing(id, "This system does not tell how many connections may wait");
  }
  if (allowed >= wanted) return passing(id, `${wanted} connections may wait to be accepted`);
  return warning(
    id,
    `Only ${allowed} connections may wait to be accepted, of ${wanted} wanted`,
    `run: sudo sysctl -w net.core.somaxconn=${wanted}`,
  );
}
