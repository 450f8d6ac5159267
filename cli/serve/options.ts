// The flags of `minichat serve`.

import { merge, object } from "@optique/core/constructs";
import { type Message, message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, string, type ValueParser } from "@optique/core/valueparser";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import { formatAddress, type ListenAddress, parseListenAddress } from "../../server/net/address.ts";
import { jsonFlag, noColorFlag } from "../common_options.ts";
import { serveAuthorityParser } from "./authority_options.ts";
import { historyOptions } from "../history_options.ts";
import { serveConfigParser } from "./config_options.ts";
import { serveLimitsParser } from "./limit_options.ts";
import { metricsOptions } from "./metrics_options.ts";
import { serveTlsOptions, withCertificates } from "./tls_options.ts";
import { firstOption } from "../turns_options.ts";

const DEFAULT_HOST = "0.0.0.0";

/** A place to listen at; what is wrong with it is told with the usage. */
const listenAddress: ValueParser<"sync", ListenAddress> = {
  mode: "sync",
  metavar: "ADDRESS",
  placeholder: { at: { kind: "unix", path: "" }, notices: false },
  parse(input) {
    const address = parseListenAddress(input);
    if (!("error" in address)) return { success: true, value: address };
    return { success: false, error: message`${text(address.error)}.` };
  },
  format: formatAddress,
};

const ownParser = object({
  port: optional(option("-p", "--port", integer({ min: 0, max: 65535, metavar: "PORT" }), {
    description: message`TCP port to listen on, 8080 unless told otherwise; 0 takes any free one.`,
  })),
  host: optional(option("--host", string({ metavar: "HOST" }), {
    description: message`Address to listen on, all of this machine's (0.0.0.0) unless told \
otherwise.`,
  })),
  listen: multiple(option("--listen", listenAddress, {
    description:
      message`Listen at tcp:HOST:PORT, tls:HOST:PORT or unix:PATH; may be given several times. \
Append ,dialect=NAME to pin a dialect, ,notices to tell framed and usermsg clients who comes and goes, ,echo or \
,no-echo to send people their own messages or not. Behind tls:HOST:PORT \
,cert=FILE,key=FILE give it a certificate of its own.`,
  })),
  maxClients: optional(option("--max-clients", integer({ min: 1, metavar: "N" }), {
    description: message`Clients at once, 10000 unless told otherwise; never more than the limit \
on open files allows.`,
  })),
  maxGroups: optional(option("--max-groups", integer({ min: 0, metavar: "N" }), {
    description: message`Groups at once, 1000 unless told otherwise.`,
  })),
  rounds: optional(option("--rounds", integer({ min: 1, metavar: "N" }), {
    description: message`Stop after N rounds instead of never. A round is a connection accepted, \
something received (a name, a message, a command) or the end of a connection noticed; with --turns \
it is a whole dialogue.`,
  })),
  turns: optional(flag("--turns", {
    description:
      message`No chat but a dialogue of two people who speak in turns, line by line: you \
here, and one other at a time who connects with minichat connect --turns, nc or a program of sheet \
002. Takes --port, --host, --listen, --rounds, --first and --no-color.`,
  })),
  first: firstOption,
  quiet: optional(flag("-q", "--quiet", {
    description: message`Do not print what is said.`,
  })),
  json: jsonFlag(message`Print everything as JSON Lines, for a program to read.`),
  noColor: noColorFlag,
});

/** What `minichat serve` takes. */
export const serveParser = merge(
  ownParser,
  serveAuthorityParser,
  serveLimitsParser,
  serveConfigParser,
  metricsOptions,
  historyOptions,
  serveTlsOptions,
);

/** Parsed flags. */
export type ServeOptions = InferValue<typeof serveParser>;

/** Where to listen: one TCP port, unless only other places are named. A sentence where TLS lacks what it needs. */
export function listenAddresses(options: ServeOptions): ListenAddress[] | string {
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
export const SERVE_FOOTER: Message = message`Everyone joins through one port: the first bytes tell \
what a program speaks. CTRL-C stops the server; minichat admin controls it from another shell.`;
