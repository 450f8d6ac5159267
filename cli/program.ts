// The program as a whole: its help, its version, its shell completions, and what it says to a verb
// that does not exist. The verbs themselves are run by run.ts.

import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument, command } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { OPERATOR_COMMANDS } from "../admin/command_table.ts";
import { parseArguments } from "./arguments.ts";
import { benchParser } from "./bench/options.ts";
import { certParser } from "./cert/options.ts";
import { checkParser } from "./check/options.ts";
import { connectParser } from "./connect/options.ts";
import { doctorParser } from "./doctor/options.ts";
import { explainParser } from "./explain/options.ts";
import { historyParser } from "./history/options.ts";
import { serveParser } from "./serve/options.ts";
import { VERSION } from "./version.ts";

/** The operator's commands, as completions for `minichat admin`. */
const adminCommand = {
  ...string({ metavar: "COMMAND" }),
  *suggest(prefix: string) {
    for (const { name, help } of OPERATOR_COMMANDS) {
      if (name.startsWith(prefix)) {
        yield { kind: "literal" as const, text: name, description: message`${help}` };
      }
    }
  },
};

const program = or(
  command("serve", serveParser, {
    brief: message`Run a chat that telnet, nc, socat and minichat connect can join.`,
  }),
  command("connect", connectParser, { brief: message`Join a chat, from a terminal or a script.` }),
  command("admin", object({ args: multiple(argument(adminCommand)) }), {
    brief: message`Control the running chat: who, wall, kick, ban, stats, shutdown and more.`,
  }),
  command("history", historyParser, {
    brief: message`Print or search what was said, also while the chat runs.`,
  }),
  command("explain", explainParser, {
    brief: message`Explain a protocol byte by byte, for whoever writes a program for it.`,
  }),
  command("bench", benchParser, {
    brief: message`Put load on any chat server: how many clients, how fast, is anything lost.`,
  }),
  command("check", checkParser, {
    brief: message`Find out whether somebody's server or client speaks a course sheet's protocol.`,
  }),
  command("cert", certParser, { brief: message`Make a certificate for serve --tls.` }),
  command("doctor", doctorParser, {
    brief: message`Find out why serve would not work on this machine, and what helps.`,
  }),
);

/** Answers every command line that no verb answers; the exit code is 0 only for help and version. */
export function runWithoutVerb(args: readonly string[]): number {
  const parsed = parseArguments(program, args.length === 0 ? ["--help"] : args, {
    program: "minichat",
    brief: message`minichat: one port that every chat program can join.`,
    footer: message`minichat VERB --help tells more about each. To try it: minichat serve, and in \
another terminal minichat connect localhost 8080 alice.`,
    version: VERSION,
  });
  if (args.length === 0) return 2; // nothing was asked for, so nothing was done
  return parsed.kind === "exit" ? parsed.code : 2;
}
