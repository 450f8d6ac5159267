// The checks of a server of sheet 004: `USER name`, `MSG text`, `MSG name text` (R88-R93).

import { literalPattern, utf8Bytes } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { type DialectProbe, expectMessage, joinChat, joinTwo } from "./dialect_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { NAME_CHECKS } from "./name_checks.ts";
import { servedChecks } from "./program_suites.ts";

const USERMSG_PROBE: DialectProbe = {
  hello: (name) => utf8Bytes(`USER ${name}\n`),
  say: (text) => utf8Bytes(`MSG ${text}\n`),
  // The sheet shows no newline from the server, so it is optional here; the check `newline` wants
  // it (D17).
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

const NAMES: CommonSources = {
  "name-length": ["advised", "R89"],
  "name-accents": ["advised", "R89"],
};

const LEAVING: CommonSources = {
  silent: ["required", "R93"],
  "half-said": ["required", "R93"],
  "never-registered": ["required", "R88"],
  vanishes: ["required", "R88"],
  reset: ["required", "R88"],
  sigpipe: ["required", "R88", "R100"],
  "last-words": ["advised", "R90", "D13"],
  closes: ["advised", "R88"],
  "taken-name": ["advised", "R89", "D6"],
  deaf: ["advised", "R93"],
};

const OWN: readonly UntitledCheck<ServerCheckId<"usermsg">>[] = [
  {
    check: {
      id: "newline",
      level: "advised",
      sources: ["R91", "D17"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, USERMSG_PROBE);
      const text = "One line.";
      await ana.send(USERMSG_PROBE.say(text));
      await bob.expect(new RegExp(literalPattern(`MSG ${ana.name} ${text}\n`)), {
        expected: USERMSG_PROBE.expectedText(text, ana.name, probe.texts),
        hint: probe.texts.hints.usermsg.newline,
      });
    },
  },
  {
    check: {
      id: "crlf",
      level: "advised",
      sources: ["R100", "D13"],
    },
    needs: [TALK],
    async run(probe) {
      const { bob } = await joinTwo(probe, USERMSG_PROBE);
      const carol = await probe.connect("cat");
      const text = "From telnet.";
      await carol.send(utf8Bytes(`USER ${carol.name}\r\n`));
      await probe.pause("apartMs");
      await carol.send(utf8Bytes(`MSG ${text}\r\n`));
      await expectMessage(
        USERMSG_PROBE,
        { speaker: carol, listener: bob, text },
        probe.texts.hints.usermsg.carriageReturn,
      );
    },
  },
  {
    check: {
      id: "no-name",
      level: "required",
      sources: ["R89", "R90"],
    },
    needs: [TALK],
    ifItDies: ({ usermsg }) => usermsg.diesOfLine,
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, USERMSG_PROBE);
      const mute = await probe.connect("mia");
      await mute.send(utf8Bytes("MSG who am I?\n\nUSER\nMSG\nHELP me\nMSG \n"));
      const carol = await joinChat(probe, USERMSG_PROBE, "cat");
      for (const speaker of [ana, carol]) {
        const text = `It goes on with ${speaker.name}.`;
        await speaker.send(USERMSG_PROBE.say(text));
        await expectMessage(
          USERMSG_PROBE,
          { speaker, listener: bob, text },
          probe.texts.hints.usermsg.unknownLine,
        );
      }
    },
  },
  {
    check: {
      id: "only-msg",
      level: "advised",
      sources: ["R90"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, USERMSG_PROBE);
      const [line, text] = ["HELLO everybody here", "This one is a message."];
      await ana.send(utf8Bytes(`${line}\n`));
      await probe.pause("apartMs");
      await ana.send(USERMSG_PROBE.say(text));
      const { onlyMsg } = probe.texts.hints.usermsg;
      const { before } = await expectMessage(
        USERMSG_PROBE,
        { speaker: ana, listener: bob, text },
        onlyMsg,
      );
      if (!/everybody here/.test(before)) return;
      throw bob.unexpectedData(before, {
        expected: probe.texts.expected.usermsg.noMessage(bob.name, line),
        hint: onlyMsg,
      });
    },
  },
];

/** All checks of sheet 004, in the order in which they run. */
export const USERMSG_CHECKS: readonly UntitledCheck<
  ServerCheckId<"common" | "usermsg" | "program">
>[] = [
  ...commonChecks(MESSAGE_CHECKS, USERMSG_PROBE, MESSAGES),
  ...OWN,
  ...commonChecks(NAME_CHECKS, USERMSG_PROBE, NAMES),
  ...commonChecks(LEAVING_CHECKS, USERMSG_PROBE, LEAVING),
  ...servedChecks("usermsg", USERMSG_PROBE),
];
