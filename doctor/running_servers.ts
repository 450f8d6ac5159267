// Checks this user's running servers and their health. Pure.

import { quotedPath } from "../protocol/sanitize.ts";
import { type Diagnosis, failing, passing, warning } from "./diagnosis.ts";

const ID = "running";

/** The result of a request to a server's `/healthz`. */
export type Health =
  | { readonly kind: "well" }
  | { readonly kind: "unwell"; readonly problems: readonly string[] }
  | { readonly kind: "unreachable" };

/** Facts about a server, from its control socket. */
export interface RunningServerFacts {
  readonly path: string;
  readonly pid: number;
  readonly listening: readonly string[];
  readonly clients: number;
  /** `http://HOST:PORT`. */
  readonly metrics: string | null;
  /** Undefined for a server without a metrics endpoint. */
  readonly health: Health | undefined;
  /** Why it does not believe the clock; `null` if it does. */
  readonly clock: string | null;
  /** That certificates of it end soon or are over, each in one line that ends with the remedy. */
  readonly certificates: readonly string[];
}

/** A control socket that a server listens on but does not answer. */
export interface SilentServer {
  readonly path: string;
  readonly silent: true;
}

/** Checks the running servers. */
export function checkRunning(servers: readonly (RunningServerFacts | SilentServer)[]): Diagnosis {
  const findings = servers.map((server) => "silent" in server ? hangs(server) : runs(server));
  const [first] = findings;
  if (first === undefined) return passing(ID, "No server of yours runs on this machine");
  const worst = findings.find(({ verdict }) => verdict === "fail") ??
    findings.find(({ verdict }) => verdict === "warn") ?? first;
  const others = servers.length - 1;
  return others === 0 ? worst : { ...worst, found: `${worst.found} (and ${others} more)` };
}

function hangs({ path }: SilentServer): Diagnosis {
  const remedy = "stop its process: until then no other server can use that socket";
  return failing(ID, `The server at ${quotedPath(path)} does not answer`, remedy);
}

function runs(facts: RunningServerFacts): Diagnosis {
  const { pid, listening, clients, metrics, health, clock, certificates } = facts;
  const people = `${clients} ${clients === 1 ? "client" : "clients"}`;
  const found = `Process ${pid} answers at ${listening.join(" ")}, ${people}`;
  if (clock !== null) {
    const remedy = "set the clock, or confirm it with minichat admin retain now";
    return warning(ID, `${found}, but: ${clock}`, remedy);
  }
  const [ends] = certificates;
  if (ends !== undefined) {
    const at = ends.lastIndexOf(": ");
    return warning(ID, `${found}, but: ${ends.slice(0, at)}`, ends.slice(at + 2));
  }
  if (health === undefined) return passing(ID, found);
  if (health.kind === "well") return passing(ID, `${found}, healthy at ${metrics}/healthz`);
  if (health.kind === "unreachable") {
    const remedy = "look whether a firewall is in between, or restart it";
    return warning(ID, `${found}, but ${metrics}/healthz does not`, remedy);
  }
  const remedy = "see minichat admin stats and its log";
  return warning(ID, `${found}, but: ${health.problems.join("; ")}`, remedy);
}
