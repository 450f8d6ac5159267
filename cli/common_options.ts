// Flags and arguments that several verbs share.

import { type Message, message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, flag } from "@optique/core/primitives";
import { integer, string, type ValueParser } from "@optique/core/valueparser";

/** HOST; `missing` is the error message without it. */
export function hostArgument(missing: Message) {
  return argument(string({ metavar: "HOST" }), {
    errors: { endOfInput: missing },
    description:
      message`Host name or IP address of the server, such as localhost; HOST:PORT in one \
word; or unix:PATH.`,
  });
}

/** PORT, as `value` reads it. */
export function portArgument<Port>(value: ValueParser<"sync", Port>) {
  return optional(argument(value, {
    description: message`TCP port, 1 to 65535 (default 8080); not with unix:PATH.`,
  }));
}

/** A TCP port from 1 to 65535. */
export const portNumber = integer({ min: 1, max: 65_535, metavar: "PORT" });

/** `--json`; `what` describes the output. */
export function jsonFlag(what: Message) {
  return optional(flag("--json", { description: what }));
}

/** `--no-color`. */
export const noColorFlag = optional(flag("--no-color", {
  description: message`No colours; NO_COLOR in the environment does the same.`,
}));

/** A directory; refuses an empty argument, which is an unset variable of a script. */
export const directory: ValueParser<"sync", string> = {
  mode: "sync",
  metavar: "DIR",
  placeholder: ".",
  parse(input) {
    if (input !== "") return { success: true, value: input };
    return { success: false, error: message`Empty directory: give one, such as ./chat.` };
  },
  format: String,
};
