// Runs all checks of the machine in order, with facts from the system. Changes nothing.

import { controlDirectory } from "../admin/control_path.ts";
import { RESERVED_DESCRIPTORS } from "../server/limits/tuning.ts";
import { checkBacklog, checkDescriptors, parseFileLimits } from "./system_limits.ts";
import { checkControl } from "./control_directory.ts";
import { checkData, type DataFacts } from "./data_directory.ts";
import type { FileAccess } from "./file_access.ts";
import type { Diagnosis } from "./diagnosis.ts";
import {
  checkClock,
  checkLocalhost,
  checkSockets,
  checkTerminal,
  type SocketFacts,
  type TerminalFacts,
} from "./machine.ts";
import { checkPort, type ListenAttempt } from "./port_check.ts";
import { portOwner } from "./port_owner.ts";
import { checkRunning, type RunningServerFacts, type SilentServer } from "./running_servers.ts";

/** The settings of the planned server. */
export interface PlannedServer {
  readonly host: string;
  readonly port: number;
  readonly clients: number;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** The directory for its history. */
  readonly data: string;
}

/** The running servers, or why the directory of control sockets is refused. */
export type RunningServers =
  | { readonly found: readonly (RunningServerFacts | SilentServer)[] }
  | { readonly refusal: string };

/** Reads facts about the machine. */
export interface SystemFacts {
  readonly files: FileAccess;
  readonly env: { get(name: string): string | undefined };
  /** This user's number; null on a system without one. */
  readonly uid: number | null;
  readonly sockets: SocketFacts;
  readonly terminal: Pick<TerminalFacts, "isTerminal" | "columns" | "colours">;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly zone: string;
  /** Path of the executable. */
  readonly program: string;
  tryListen(host: string, port: number): ListenAttempt;
  addressesOf(name: string): Promise<readonly string[]>;
  servers(directory: string): Promise<RunningServers>;
  data(directory: string): Omit<DataFacts, "ownServer">;
}

/** Checks everything that a server needs. */
export async function examine(plan: PlannedServer, system: SystemFacts): Promise<Diagnosis[]> {
  const { files, env } = system;
  const directory = controlDirectory(env);
  const servers = await system.servers(directory);
  const found = "found" in servers ? servers.found : [];
  const running = found.flatMap((server) => "silent" in server ? [] : [server]);
  const here = running.find(({ listening }) =>
    listening.some((place) => place.endsWith(`:${plan.port}`))
  );
  const dataFacts = system.data(plan.data);
  const holder = running.find(({ pid }) => String(pid) === dataFacts.holder);
  return [
    portFinding(plan, system, here?.pid),
    checkControl({
      directory,
      refusal: "refusal" in servers ? servers.refusal : undefined,
      live: found.map(({ path }) => path),
      uid: system.uid,
      port: plan.port,
    }, files),
    checkRunning(found),
    checkData({ ...dataFacts, ownServer: holder?.pid }),
    checkDescriptors(parseFileLimits(files.text("/proc/self/limits")), {
      clients: plan.clients,
      reserved: RESERVED_DESCRIPTORS,
    }),
    checkBacklog(files.text("/proc/sys/net/core/somaxconn"), plan.backlog),
    checkSockets(system.sockets),
    checkLocalhost(await system.addressesOf("localhost")),
    clockFinding(system, [system.program, directory, plan.data, "/etc/passwd"], dataFacts),
    checkTerminal({ ...system.terminal, term: env.get("TERM"), locale: localeOf(env) }),
  ];
}

function portFinding(
  plan: PlannedServer,
  system: SystemFacts,
  ownServer: number | undefined,
): Diagnosis {
  const { host, port } = plan;
  const attempt = system.tryListen(host, port);
  const isOthers = attempt.kind === "taken" && ownServer === undefined;
  const owner = isOthers ? portOwner(port, system.files) : undefined;
  return checkPort({ host, port, attempt, owner, ownServer });
}

function clockFinding(
  { files, zone, now }: SystemFacts,
  paths: readonly string[],
  { directory, lastEntry }: Pick<DataFacts, "directory" | "lastEntry">,
): Diagnosis {
  const changed = paths.flatMap((path) => {
    const facts = files.facts(path);
    return facts === undefined ? [] : [[path, facts.modified] as const];
  });
  if (lastEntry !== undefined) changed.push([`the history in ${directory}`, lastEntry]);
  return checkClock({ now: now(), zone, changed: Object.fromEntries(changed) });
}

/** The first of the variables that is set (locale(7)). */
function localeOf(env: SystemFacts["env"]): string {
  return env.get("LC_ALL") || env.get("LC_CTYPE") || env.get("LANG") || "";
}
