// Command lines without a verb: the program's help, version, shell completions, and the error for
// an unknown verb. run.ts runs the verbs.

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
import { chosenTexts } from "./language.ts";
import { serveParser } from "./serve/options.ts";
import { VERSION } from "./version.ts";

/** The operator's commands, as completions for `minichat admin`. */
const adminCommand = {
  ...string({ metavar: "COMMAND" }),
  *suggest(prefix: string) {
    const { help } = chosenTexts().operator;
    for (const { name } of OPERATOR_COMMANDS) {
      if (name.startsWith(prefix)) {
        yield { kind: "literal" as const, text: name, description: message`${help[name]}` };
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
    brief: message`Print or search stored messages, also while the chat runs.`,
  }),
  command("explain", explainParser, {
    brief: message`Explain a protocol byte by byte, to write a program for it.`,
  }),
  command("bench", benchParser, {
    brief: message`Load-test any chat server: how many clients, how fast, is anything lost.`,
  }),
  command("check", checkParser, {
    brief: message`Check whether a server or client implements a course sheet's protocol.`,
  }),
  command("cert", certParser, { brief: message`Make a certificate for serve --tls.` }),
  command("doctor", doctorParser, {
    brief: message`Find out why serve would not work on this machine, and what helps.`,
  }),
);

/** Handles a command line without a verb; returns exit code 0 only for help and version. */
export function runWithoutVerb(args: readonly string[]): number {
  const parsed = parseArguments(program, args.length === 0 ? ["--help"] : args, {
    program: "minichat",
    brief: message`minichat: one port that every chat program can join.`,
    footer: message`minichat VERB --help tells more about each. To try it: minichat serve, and in \
another terminal minichat connect localhost 8080 alice.`,
    version: VERSION,
  });
  if (args.length === 0) return 2; // the missing verb is wrong usage
  return parsed.kind === "exit" ? parsed.code : 2;
}
