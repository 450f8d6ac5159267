// The flags of `minichat serve` for TLS, and which listeners they are for.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { formatAddress, type ListenAddress } from "../../server/net/address.ts";

/** See the top of this file. */
export const serveTlsOptions = object({
  tls: optional(flag("--tls", {
    description: message`Speak TLS on --port; other places do with --listen tls:HOST:PORT.`,
  })),
  tlsCert: optional(option("--tls-cert", string({ metavar: "FILE" }), {
    description: message`The certificate for TLS, as PEM, with the chain behind it: for all places \
that name no cert= and key= of their own. minichat cert makes one. SIGHUP has it read anew.`,
  })),
  tlsKey: optional(option("--tls-key", string({ metavar: "FILE" }), {
    description: message`The private key that belongs to it, as PEM.`,
  })),
});

/** Parsed flags. */
export type ServeTlsOptions = InferValue<typeof serveTlsOptions>;

/** The addresses with their certificates, or a sentence when the flags make no sense together. */
export function withCertificates(
  addresses: readonly ListenAddress[],
  { tlsCert, tlsKey }: ServeTlsOptions,
): ListenAddress[] | string {
  const common = {
    ...(tlsCert === undefined ? {} : { cert: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey }),
  };
  const complete = addresses.map((address) =>
    address.tls === undefined ? address : { ...address, tls: { ...common, ...address.tls } }
  );
  const encrypted = complete.filter(({ tls }) => tls !== undefined);
  if (encrypted.length === 0 && (tlsCert ?? tlsKey) !== undefined) {
    return "Nothing speaks TLS here: add --tls, or --listen tls:HOST:PORT";
  }
  const lacking = encrypted.find(({ tls }) => tls?.cert === undefined || tls.key === undefined);
  if (lacking === undefined) return complete;
  return `No certificate for ${formatAddress(lacking)}: give --tls-cert FILE and --tls-key FILE, ` +
    "minichat cert makes them";
}
