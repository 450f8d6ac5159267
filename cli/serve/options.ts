// The flags of `minichat serve`.

import { merge, object } from "@optique/core/constructs";
import { type Message, message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, string, type ValueParser } from "@optique/core/valueparser";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import type { Problem } from "../../protocol/problem.ts";
import { formatAddress, type ListenAddress, parseListenAddress } from "../../server/net/address.ts";
import { jsonFlag, noColorFlag } from "../common_options.ts";
import { serveAuthorityParser } from "./authority_options.ts";
import { historyOptions } from "../history_options.ts";
import { serveLimitsParser } from "./limit_options.ts";
import { metricsOptions } from "./metrics_options.ts";
import { serveTlsOptions, withCertificates } from "./tls_options.ts";
import { firstOption } from "../turns_options.ts";

const DEFAULT_HOST = "0.0.0.0";

/** The value of `--listen`. */
const listenAddress: ValueParser<"sync", ListenAddress> = {
  mode: "sync",
  metavar: "ADDRESS",
  placeholder: { at: { kind: "unix", path: "" }, notices: false },
  parse(input) {
    const address = parseListenAddress(input);
    if (!("error" in address)) return { success: true, value: address };
    return { success: false, error: message`${text(address.error.replace(/[^?]$/, "$&."))}` };
  },
  format: formatAddress,
};

const ownParser = object({
  port: optional(option("-p", "--port", integer({ min: 0, max: 65535, metavar: "PORT" }), {
    description: message`TCP port to listen on (default 8080); 0 takes any free one.`,
  })),
  host: optional(option("--host", string({ metavar: "HOST" }), {
    description: message`Address to listen on (default 0.0.0.0, all of this machine's).`,
  })),
  listen: multiple(option("--listen", listenAddress, {
    description:
      message`Listen at tcp:HOST:PORT, tls:HOST:PORT or unix:PATH; may be given several times. \
Append ,dialect=NAME to pin a dialect, ,header=LAYOUT (such as be4 or dec10, see minichat explain framed) to pin \
the layout of framed, ,greet=TEXT to send TEXT first, for clients that wait for a word, ,proxy to take client addresses from PROXY headers, ,notices to tell framed and usermsg clients who joins and leaves, ,echo or \
,no-echo to send clients their own messages or not, and after tls:HOST:PORT ,cert=FILE,key=FILE for a \
certificate of its own.`,
  })),
  maxClients: optional(option("--max-clients", integer({ min: 1, metavar: "N" }), {
    description: message`Most clients at the same time (default 10000); never more than the limit \
on open files allows.`,
  })),
  maxGroups: optional(option("--max-groups", integer({ min: 0, metavar: "N" }), {
    description: message`Most groups at the same time (default 1000).`,
  })),
  rounds: optional(option("--rounds", integer({ min: 1, metavar: "N" }), {
    description:
      message`Stop after N rounds (default never). A round is one connection accepted, one \
request received (a name, a message, a command) or one connection ended; with --turns it is a whole \
dialogue.`,
  })),
  turns: optional(flag("--turns", {
    description:
      message`Two-person mode: take turns, one line each. You type here; one client at a time \
connects with minichat connect --turns, nc or a program of sheet 002. Takes --port, --host, \
--listen, --rounds, --first and --no-color.`,
  })),
  first: firstOption,
  quiet: optional(flag("-q", "--quiet", {
    description: message`Do not print the chat's events.`,
  })),
  json: jsonFlag(message`Print everything as JSON Lines, for a program to read.`),
  noColor: noColorFlag,
});

/** config_file.ts reads the file before the flags are parsed, and print_config.ts writes one. */
const configOptions = object({
  config: optional(option("--config", string({ metavar: "FILE" }), {
    description: message`Read flags from FILE (TOML): port = 8080, no-color = true, and limits \
under [limit]. The command line takes precedence; SIGHUP reads the limits again.`,
  })),
  printConfig: optional(flag("--print-config", {
    description: message`Print the settings in force as such a FILE, and exit.`,
  })),
});

/** The flags. */
export const serveParser = merge(
  ownParser,
  serveAuthorityParser,
  serveLimitsParser,
  configOptions,
  metricsOptions,
  historyOptions,
  serveTlsOptions,
);

/** Parsed flags. */
export type ServeOptions = InferValue<typeof serveParser>;

/** The addresses to listen at: a TCP port, unless `--listen` alone is given. */
export function listenAddresses(options: ServeOptions): ListenAddress[] | Problem {
  const addresses: ListenAddress[] = [];
  if (
    options.listen.length === 0 || options.port !== undefined || options.host !== undefined ||
    options.tls
  ) {
    const at = {
      kind: "tcp",
      host: options.host ?? DEFAULT_HOST,
      port: options.port ?? DEFAULT_PORT,
    } as const;
    addresses.push({ at, notices: false, ...(options.tls ? { tls: {} } : {}) });
  }
  return withCertificates([...addresses, ...options.listen], options);
}

/** Below the options in `--help`. */
export const SERVE_FOOTER: Message =
  message`All clients join through one port: the first bytes show \
which dialect a program uses. CTRL-C stops the server; minichat admin controls it from another shell.`;
