// Checks whether a server can listen at its port, and if not, which program does. Pure.

import { type Diagnosis, failing, passing } from "./diagnosis.ts";
import type { PortOwner } from "./port_owner.ts";

const ID = "port";

/** The result of trying to listen; `problem` is the system's error message. */
export type ListenAttempt =
  | { readonly kind: "free" }
  | { readonly kind: "taken" }
  | { readonly kind: "forbidden" }
  | { readonly kind: "foreign" }
  | { readonly kind: "failed"; readonly problem: string };

/** Facts about the port. */
export interface PortFacts {
  readonly host: string;
  readonly port: number;
  readonly attempt: ListenAttempt;
  readonly owner: PortOwner | undefined;
  /** The pid of this user's server at that port, if it answers. */
  readonly ownServer: number | undefined;
}

/** Lower ports need the administrator's rights (the default of Linux). */
const FIRST_FREE_PORT = 1024;

/** Checks the port. */
export function checkPort(facts: PortFacts): Diagnosis {
  const { host, port, attempt, ownServer } = facts;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  switch (attempt.kind) {
    case "free":
      return passing(ID, `${place} is free`);
    case "taken":
      if (ownServer === undefined) return taken(facts);
      return failing(
        ID,
        `Port ${port} has a minichat already, process ${ownServer}`,
        `join it (minichat connect HOST ${port}), stop it (minichat admin --port ${port} ` +
          "shutdown 0), or choose another with --port",
      );
    case "forbidden":
      return failing(
        ID,
        `No permission to listen at ${place}`,
        port < FIRST_FREE_PORT
          ? "choose a port above 1023, or run: sudo setcap cap_net_bind_service=+ep FILE, where " +
            "FILE is the executable minichat"
          : "choose another with --port",
      );
    case "foreign":
      return failing(
        ID,
        `${host} is no address of this machine`,
        "leave --host out, or choose another",
      );
    case "failed":
      return failing(
        ID,
        `Cannot listen at ${place}: ${attempt.problem}`,
        "choose another with --port",
      );
  }
}

function taken({ port, owner }: PortFacts): Diagnosis {
  const other = "choose another with --port";
  if (owner === undefined) return failing(ID, `Port ${port} is in use`, other);
  if (owner.pid === undefined) {
    return failing(ID, `Port ${port} is in use by a program of ${owner.user}`, other);
  }
  const who = `process ${owner.pid} of ${owner.user}: ${owner.command}`;
  return failing(
    ID,
    `Port ${port} is in use by ${who}`,
    `stop it (kill ${owner.pid}), or ${other}`,
  );
}
