// The flags of `minichat cert`.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { jsonFlag } from "../common_options.ts";

/** The flags. */
export const certParser = object({
  host: multiple(option("--host", string({ metavar: "NAME" }), {
    description:
      message`One more host name or IP address that people will connect to; may be given \
several times. localhost and this machine's own names are always included.`,
  })),
  days: optional(option("--days", integer({ min: 1, max: 36_500, metavar: "N" }), {
    description: message`Days until it expires (default 3650).`,
  })),
  out: optional(option("--out", string({ metavar: "DIR" }), {
    description: message`Directory for cert.pem and key.pem (default the current one).`,
  })),
  force: optional(flag("--force", {
    description: message`Replace an existing certificate: clients that trust the old one need the \
new fingerprint.`,
  })),
  json: jsonFlag(message`Print the outcome as one line of JSON.`),
});

/** Parsed flags. */
export type CertOptions = InferValue<typeof certParser>;

/** Below the options in `--help`. */
export const CERT_FOOTER: Message =
  message`The certificate is signed by its own key only, so clients trust it by its fingerprint: \
minichat connect --tls asks once. A running server reads new files at SIGHUP.`;
