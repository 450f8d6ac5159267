// The flags of `minichat doctor`. What it looks at is in doctor/, which is loaded only when asked for.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { jsonFlag, noColorFlag, portNumber } from "../common_options.ts";

/** What `minichat doctor` takes. */
export const doctorParser = object({
  port: withDefault(
    option("-p", "--port", portNumber, {
      description: message`TCP port the server is to have.`,
    }),
    DEFAULT_PORT,
  ),
  host: withDefault(
    option("--host", string({ metavar: "HOST" }), {
      description: message`Address it is to listen on.`,
    }),
    "0.0.0.0",
  ),
  maxClients: withDefault(
    option("--max-clients", integer({ min: 1, metavar: "N" }), {
      description: message`Clients it is to hold at once.`,
    }),
    DEFAULT_LIMITS.maxClients,
  ),
  data: optional(option("--data", string({ metavar: "DIR" }), {
    description: message`Directory it is to keep its history in.`,
  })),
  json: jsonFlag(message`Print one JSON object, for a program to read.`),
  noColor: noColorFlag,
});

/** Parsed flags. */
export type DoctorOptions = InferValue<typeof doctorParser>;

/** Below the options in `--help`. */
export const DOCTOR_FOOTER: Message =
  message`Give it the flags that serve is to get: it finds out why serve would not work here, and \
changes nothing. The exit code is 0 when a server would run, also with warnings, and 1 when not.`;
