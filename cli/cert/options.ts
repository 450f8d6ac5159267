// The flags of `minichat cert`.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { jsonFlag } from "../common_options.ts";

/** What `minichat cert` takes. */
export const certParser = object({
  host: multiple(option("--host", string({ metavar: "NAME" }), {
    description:
      message`One more host name or IP address that people will connect to; may be given \
several times. localhost and this machine's own are in it anyway.`,
  })),
  days: optional(option("--days", integer({ min: 1, max: 36_500, metavar: "N" }), {
    description: message`How long it holds, 3650 days unless told otherwise.`,
  })),
  out: optional(option("--out", string({ metavar: "DIR" }), {
    description:
      message`Where cert.pem and key.pem go, the current directory unless told otherwise.`,
  })),
  force: optional(flag("--force", {
    description: message`Replace a certificate that is there: whoever trusts the old one has to be \
told the new fingerprint.`,
  })),
  json: jsonFlag(message`Print the outcome as one line of JSON.`),
});

/** Parsed flags. */
export type CertOptions = InferValue<typeof certParser>;

/** Below the options in `--help`. */
export const CERT_FOOTER: Message =
  message`Nobody but its own key has signed such a certificate, so \
people trust it by its fingerprint: minichat connect --tls asks once. A running server reads new files \
at SIGHUP.`;
