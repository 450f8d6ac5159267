// The TLS flags of `minichat serve`, and the listeners they apply to.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import type { Problem } from "../../protocol/problem.ts";
import { formatAddress, type ListenAddress } from "../../server/net/address.ts";

/** The flags. */
export const serveTlsOptions = object({
  tls: optional(flag("--tls", {
    description: message`Use TLS on --port; for other addresses use --listen tls:HOST:PORT.`,
  })),
  tlsCert: optional(option("--tls-cert", string({ metavar: "FILE" }), {
    description: message`The certificate for TLS, as PEM, followed by its chain: for all addresses \
without cert= and key= of their own. minichat cert makes one. SIGHUP reads it again.`,
  })),
  tlsKey: optional(option("--tls-key", string({ metavar: "FILE" }), {
    description: message`The private key of the certificate, as PEM.`,
  })),
  allowExpired: optional(flag("--allow-expired", {
    description:
      message`Present a certificate that has ended; without it the start is refused. Certificates are reported 30, 7 and 1 days before their end.`,
  })),
});

/** Parsed flags. */
export type ServeTlsOptions = InferValue<typeof serveTlsOptions>;

/** Adds the certificates to the addresses, or returns why the flags contradict each other. */
export function withCertificates(
  addresses: readonly ListenAddress[],
  { tlsCert, tlsKey }: ServeTlsOptions,
): ListenAddress[] | Problem {
  const common = {
    ...(tlsCert === undefined ? {} : { cert: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey }),
  };
  const complete = addresses.map((address) =>
    address.tls === undefined ? address : { ...address, tls: { ...common, ...address.tls } }
  );
  const encrypted = complete.filter(({ tls }) => tls !== undefined);
  if (encrypted.length === 0 && (tlsCert ?? tlsKey) !== undefined) {
    return { error: "No address uses TLS: add --tls, or --listen tls:HOST:PORT" };
  }
  const lacking = encrypted.find(({ tls }) => tls?.cert === undefined || tls.key === undefined);
  if (lacking === undefined) return complete;
  const place = formatAddress(lacking);
  return {
    error: `No certificate for ${place}: give --tls-cert FILE and --tls-key FILE, ` +
      "minichat cert makes them",
  };
}
