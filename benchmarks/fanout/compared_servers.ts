// The compared servers: how each is found, configured and started. All but one store nothing on
// disk, have no rate limits, and accept every client of the benchmark.

import { versionOf } from "../machine_info.ts";
import { minichat, minichatServer } from "../start_minichat.ts";
import { pathOf, type SpawnCommand } from "../child_processes.ts";
import type { ServerName } from "./workloads.ts";

/** Where a server runs. */
interface Place {
  readonly port: number;
  /** Folder for configurations and sockets. */
  readonly folder: string;
}

/** A server that can be started. */
export interface ComparedServer {
  readonly name: ServerName;
  /** Its name and version, for the report. */
  readonly title: string;
  /** The load generator's protocol for it. */
  readonly wire: string;
  /** Writes its files into the folder; returns the command that starts it. */
  start(place: Place): Omit<SpawnCommand, "core">;
}

/** Settings for finding the servers. */
interface Search {
  /** Path of the compiled reference server. */
  readonly reference: string;
  /** Path of a minichat executable; undefined for its source. */
  readonly compiled: string | undefined;
}

/** By default Redis disconnects subscribers that lag behind; its default of one thread stays. */
const REDIS_ARGS = [
  ...["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxclients", "19000"],
  ...["--tcp-backlog", "4096", "--client-output-buffer-limit", "pubsub 0 0 0"],
];

const NGIRCD_CONFIG = `[Global]
Name = bench.invalid
Info = bench
AdminInfo1 = bench
Listen = 127.0.0.1
MotdPhrase = bench
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
`;

type Finder = (search: Search) => Promise<ComparedServer | undefined>;

const FINDERS: Readonly<Record<ServerName, Finder>> = {
  async minichat({ compiled }) {
    return {
      name: "minichat",
      title: await ownTitle(compiled),
      wire: "usermsg",
      start: (place) => minichatServer(compiled, { ...place, args: ["--no-history"] }),
    };
  },
  async disk({ compiled }) {
    return {
      name: "disk",
      title: `${await ownTitle(compiled)}, history on disk`,
      wire: "usermsg",
      start: (place) => minichatServer(compiled, place),
    };
  },
  c({ reference }) {
    return Promise.resolve({
      name: "c",
      title: "C reference",
      wire: "usermsg",
      start: ({ port }) => ({ command: reference, args: [`${port}`] }),
    });
  },
  redis: () =>
    outside("redis-server", ["--version"], {
      name: "redis",
      title: "Redis",
      wire: "redis",
      args: ({ port }) => ["--port", `${port}`, ...REDIS_ARGS],
    }),
  nats: () =>
    outside("nats-server", ["--version"], {
      name: "nats",
      title: "NATS",
      wire: "nats",
      args: ({ port }) => ["--addr", "127.0.0.1", "--port", `${port}`],
    }),
  ngircd: () =>
    outside("ngircd", ["--version"], {
      name: "ngircd",
      title: "ngIRCd",
      wire: "irc",
      args({ port, folder }) {
        const path = `${folder}/ngircd.conf`;
        const config = NGIRCD_CONFIG.replace("[Limits]", `Ports = ${port}\n[Limits]`);
        Deno.writeTextFileSync(path, config);
        return ["--nodaemon", "--config", path];
      },
    }),
};

/** The installed servers of these names, and the names of those that are not installed. */
export async function findServers(
  names: readonly ServerName[],
  search: Search,
): Promise<{ found: ComparedServer[]; missing: ServerName[] }> {
  const found: ComparedServer[] = [];
  const missing: ServerName[] = [];
  for (const name of names) {
    const opponent = await FINDERS[name](search);
    if (opponent) found.push(opponent);
    else missing.push(name);
  }
  return { found, missing };
}

async function ownTitle(compiled: string | undefined): Promise<string> {
  const { command, args } = minichat(compiled, ["--version"]);
  const kind = compiled === undefined ? "from source" : "compiled";
  return `minichat ${await versionOf(command, args)} ${kind}`;
}

async function outside(
  command: string,
  version: readonly string[],
  { name, title, wire, args }: Omit<ComparedServer, "start"> & {
    args(place: Place): readonly string[];
  },
): Promise<ComparedServer | undefined> {
  const path = pathOf(command);
  if (path === undefined) return undefined;
  return {
    name,
    title: `${title} ${await versionOf(path, version)}`,
    wire,
    start: (place) => ({ command: path, args: args(place) }),
  };
}
