// The checks of a server of sheet 004: `USER name`, `MSG text`, `MSG name text` (R88-R93).

import { literalPattern, utf8Bytes } from "../bytes.ts";
import { commonChecks, type CommonSources, TALK } from "./common_checks.ts";
import type { ServerCheck } from "./server_runner.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { type DialectProbe, expectMessage, joinChat, joinTwo } from "./dialect_probe.ts";

const TONGUE: DialectProbe = {
  hello: (name) => utf8Bytes(`USER ${name}\n`),
  say: (text) => utf8Bytes(`MSG ${text}\n`),
  // The sheet shows no newline from the server, so none is asked for here (D17 does).
  received: (text, from) =>
    new RegExp(
      `MSG ${from === undefined ? "\\S+" : literalPattern(from)} ${literalPattern(text)}\\n?`,
    ),
  expectedText: (text, from) => `MSG ${from} ${text}\\n`,
};

const MESSAGES: CommonSources = {
  [TALK]: ["required", "R89", "R90", "R91"],
  everyone: ["required", "R88"],
  "no-copy": ["required", "R88"],
  "two-pieces": ["required", "R90"],
  "byte-by-byte": ["required", "R90"],
  "one-packet": ["required", "R90"],
  "one-and-a-half": ["required", "R90"],
  "name-and-message": ["required", "R89", "R90"],
  long: ["required", "R90", "R91"],
  "very-long": ["advised", "R90", "D18"],
  "short-after-long": ["required", "R91"],
  unchanged: ["required", "R90", "R91"],
  order: ["required", "R93"],
};

const LEAVING: CommonSources = {
  silent: ["required", "R93"],
  "half-said": ["required", "R93"],
  "never-registered": ["required", "R88"],
  vanishes: ["required", "R88"],
  reset: ["required", "R88"],
  sigpipe: ["required", "R88", "R100"],
  "last-words": ["advised", "R90", "D13"],
  closes: ["advised", "R96", "R98"],
  "taken-name": ["advised", "R89", "D6"],
  deaf: ["advised", "R93"],
};

const OWN: readonly ServerCheck[] = [
  {
    check: {
      id: "newline",
      title: "Ends each message with a newline",
      level: "advised",
      sources: ["R91", "D17"],
    },
    needs: [TALK],
    async run(stage) {
      const { ana, bob } = await joinTwo(stage, TONGUE);
      const text = "One line.";
      await ana.send(TONGUE.say(text));
      await bob.expect(new RegExp(literalPattern(`MSG ${ana.name} ${text}\n`)), {
        expected: TONGUE.expectedText(text, ana.name),
        hint:
          "Without a newline a client cannot tell where one message ends and the next one begins: send MSG, the name, the text and \\n, and no \\0",
      });
    },
  },
  {
    check: {
      id: "crlf",
      title: "Takes a line that ends with CR LF, as nc -C and telnet send it",
      level: "advised",
      sources: ["R100", "D13"],
    },
    needs: [TALK],
    async run(stage) {
      const { bob } = await joinTwo(stage, TONGUE);
      const carol = await stage.connect("carol");
      const text = "From telnet.";
      await carol.send(utf8Bytes(`USER ${carol.name}\r\n`));
      await stage.pause("apartMs");
      await carol.send(utf8Bytes(`MSG ${text}\r\n`));
      await expectMessage(
        TONGUE,
        { speaker: carol, listener: bob, text },
        "The carriage return becomes part of the name: leave out a \\r in front of the newline",
      );
    },
  },
  {
    check: {
      id: "no-name",
      title: "Lives on when somebody speaks before USER, or says what is no command",
      level: "required",
      sources: ["R89", "R90"],
    },
    needs: [TALK],
    ifItDies:
      "A line that is not expected ends the server: look at what strtok(), strchr() or sscanf() answers before you use it",
    async run(stage) {
      const { ana, bob } = await joinTwo(stage, TONGUE);
      const mute = await stage.connect("mute");
      await mute.send(utf8Bytes("MSG who am I?\n\nUSER\nMSG\nHELP me\nMSG \n"));
      const carol = await joinChat(stage, TONGUE, "carol");
      for (const speaker of [ana, carol]) {
        const text = `It goes on with ${speaker.name}.`;
        await speaker.send(TONGUE.say(text));
        await expectMessage(
          TONGUE,
          { speaker, listener: bob, text },
          "After a line that it does not know the server serves the others no more: ignore the line, or close that connection alone",
        );
      }
    },
  },
];

/** All of them, in the order in which they are played. */
export const USERMSG_CHECKS: readonly ServerCheck[] = [
  ...commonChecks(MESSAGE_CHECKS, TONGUE, MESSAGES),
  ...OWN,
  ...commonChecks(LEAVING_CHECKS, TONGUE, LEAVING),
];
