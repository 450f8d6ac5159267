// `minichat cert`: makes a certificate for this machine, writes it to files, and prints the
// commands that use it.

import { isIP } from "node:net";
import { shellWord } from "../../client/dial.ts";
import { quoted } from "../../protocol/failures.ts";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { reachableHosts } from "../../server/net/address.ts";
import { errorText } from "../../shared/errors.ts";
import { distrustOfFolder, UntrustedFileError } from "../../shared/owned_files.ts";
import type { CertOptions } from "./options.ts";
import { networkInterfaces } from "../network_interfaces.ts";
import { print } from "../print.ts";
import { makeSelfSigned, type SelfSigned } from "./self_signed.ts";

const DEFAULT_DAYS = 3650;

const USAGE = "Usage: minichat cert [--host NAME]... [--days N] [--out DIR] [--force] [--json]";

/** Makes a certificate; returns the exit code. */
export async function runCert(options: CertOptions): Promise<number> {
  const more = options.host.map(canonicalHost);
  const wrong = more.indexOf(undefined);
  if (wrong >= 0) {
    const problem = `Not a host name or IP address: ${quoted(options.host[wrong] ?? "")}`;
    print(Deno.stderr, `${USAGE}\nError: ${problem}`);
    return 2;
  }
  const reachable = reachableHosts("::", networkInterfaces().interfaces);
  const own = [Deno.hostname(), "localhost", ...reachable, "127.0.0.1"].map(canonicalHost);
  const names = [...new Set([...more, ...own])].filter((name) => name !== undefined);
  const made = await makeSelfSigned({ names, days: options.days ?? DEFAULT_DAYS, now: Date.now() });
  const files = { cert: inFolder(options.out, "cert.pem"), key: inFolder(options.out, "key.pem") };
  const problem = write(made, files, options);
  if (problem !== undefined) {
    print(Deno.stderr, `minichat cert: ${problem.error}`);
    return 1;
  }
  const host = more[0] ?? reachable[0] ?? "localhost";
  print(Deno.stdout, (options.json ? asJson : asText)({ ...made, ...files, names, host }));
  return 0;
}

/** The host in the form certificates use; undefined if it is not a host name or IP address. */
function canonicalHost(typed: string): string | undefined {
  const bare = typed.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0) return bare;
  const { hostname } = URL.parse(`http://${bare}/`) ?? {};
  return hostname !== undefined && /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/.test(hostname)
    ? hostname
    : undefined;
}

function inFolder(folder: string | undefined, file: string): string {
  return folder === undefined ? file : `${folder.replace(/\/+$/, "")}/${file}`;
}

/** Paths of the two files. */
interface Files {
  readonly cert: string;
  readonly key: string;
}

/** Writes both files. */
function write(made: SelfSigned, files: Files, { out, force }: CertOptions): Problem | undefined {
  try {
    if (out !== undefined) Deno.mkdirSync(out, { recursive: true });
    const distrust = distrustOfFolder(files.key);
    if (distrust !== undefined) throw new UntrustedFileError(distrust);
    for (const path of [files.cert, files.key]) {
      if (!force && exists(path)) {
        const error = `Already there: ${quotedPath(path)}`;
        return { error: `${error}, choose another --out, or replace it with --force` };
      }
    }
    const put = force ? replace : create;
    put(files.key, made.key, 0o600);
    put(files.cert, made.cert, 0o644);
    return undefined;
  } catch (problem) {
    const why = errorText(problem);
    const paths = `${quotedPath(files.cert)} and ${quotedPath(files.key)}`;
    return { error: `Cannot write ${paths}: ${why}, choose another --out` };
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) return false;
    throw problem;
  }
}

function create(path: string, text: string, mode: number): void {
  Deno.writeTextFileSync(path, text, { createNew: true, mode });
}

/** Replaces a file atomically: a server that reads it meanwhile gets the old or the new one. */
function replace(path: string, text: string, mode: number): void {
  const temporary = `${path}.${crypto.randomUUID()}`;
  create(temporary, text, mode);
  Deno.renameSync(temporary, path);
}

/** What is printed about a certificate. */
interface Outcome extends Files {
  readonly fingerprint: string;
  readonly until: Date;
  readonly names: readonly string[];
  /** The host in the printed command to connect. */
  readonly host: string;
}

function commands({ cert, key, fingerprint, host }: Outcome): { serve: string; connect: string } {
  const files = ["--tls-cert", cert, "--tls-key", key].map(shellWord).join(" ");
  return {
    serve: `minichat serve --tls ${files}`,
    connect: `minichat connect --tls --fingerprint ${fingerprint} ${host} ${DEFAULT_PORT} NAME`,
  };
}

function asText(outcome: Outcome): string {
  const { cert, key, fingerprint, until, names } = outcome;
  const { serve, connect } = commands(outcome);
  return [
    `A certificate for ${names.join(", ")}`,
    `Until ${until.toISOString().slice(0, 10)}, in ${cert}; keep its key to yourself: ${key}`,
    `Fingerprint: ${fingerprint}`,
    `Serve with:  ${serve}`,
    `Join with:   ${connect}`,
  ].join("\n");
}

function asJson(outcome: Outcome): string {
  const { cert, key, fingerprint, until, names } = outcome;
  return JSON.stringify({ cert, key, fingerprint, until, names, ...commands(outcome) });
}
