// `--config FILE` and `--print-config`. What they do is in config_file.ts, before and after the parsing.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { flag, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";

/** The flags. */
export const serveConfigParser = object({
  config: optional(option("--config", string({ metavar: "FILE" }), {
    description: message`Takes the flags that FILE (TOML) has: port = 8080, no-color = true, and \
under [limit] the limits. The command line wins over it; SIGHUP rereads the limits.`,
  })),
  printConfig: optional(flag("--print-config", {
    description: message`Prints the settings in force as such a FILE, and exits.`,
  })),
});
