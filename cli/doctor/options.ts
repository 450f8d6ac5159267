// The flags of `minichat doctor`, separate from command.ts so that `--help` loads few modules.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { jsonFlag, noColorFlag, portNumber } from "../common_options.ts";

/** The flags. */
export const doctorParser = object({
  port: withDefault(
    option("-p", "--port", portNumber, {
      description: message`TCP port for the server.`,
    }),
    DEFAULT_PORT,
  ),
  host: withDefault(
    option("--host", string({ metavar: "HOST" }), {
      description: message`Address to listen on.`,
    }),
    "0.0.0.0",
  ),
  maxClients: withDefault(
    option("--max-clients", integer({ min: 1, metavar: "N" }), {
      description: message`Most clients at the same time.`,
    }),
    DEFAULT_LIMITS.maxClients,
  ),
  data: optional(option("--data", string({ metavar: "DIR" }), {
    description: message`Directory for its history.`,
  })),
  json: jsonFlag(message`Print one JSON object, for a program to read.`),
  noColor: noColorFlag,
});

/** Parsed flags. */
export type DoctorOptions = InferValue<typeof doctorParser>;

/** Below the options in `--help`. */
export const DOCTOR_FOOTER: Message =
  message`Takes the flags that you will give to serve and finds out why serve would not work here. \
Changes nothing. The exit code is 0 if a server would run, even with warnings, and 1 if not.`;
