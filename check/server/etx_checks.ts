// The checks of a server of sheet 003: `hello`, commands of one letter, flows that end with ETX
// (R57-R87). The sheet names only the letter `h`; the others are those of D14.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { joinTwo, nameAlone } from "./dialect_probe.ts";
import { ETX_COMMAND_CHECKS } from "./etx_command_checks.ts";
import { ETX_GROUP_CHECKS } from "./etx_group_checks.ts";
import { ETX_PROBE, flowWith } from "./etx_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { servedChecks } from "./program_suites.ts";

const MESSAGES: CommonSources = {
  [TALK]: ["required", "R78", "R85"],
  everyone: ["required", "R78"],
  "no-copy": ["required", "R78"],
  "two-pieces": ["required", "R65", "R73"],
  "byte-by-byte": ["required", "R65", "R73"],
  "one-packet": ["required", "R72", "R73"],
  "one-and-a-half": ["required", "R72", "R73"],
  "name-and-message": ["required", "R84"],
  long: ["required", "R65", "R78"],
  "very-long": ["advised", "R65", "D18"],
  "short-after-long": ["required", "R78", "R85"],
  unchanged: ["advised", "R65", "R73"],
  order: ["required", "R72"],
};

const LEAVING: CommonSources = {
  silent: ["required", "R72"],
  "half-said": ["required", "R72"],
  "never-registered": ["required", "R83"],
  vanishes: ["required", "R83"],
  reset: ["required", "R83"],
  sigpipe: ["required", "R83"],
  "last-words": ["advised", "R65", "R83"],
  closes: ["required", "R83"],
  deaf: ["advised", "R72"],
};

/** Between the three words, anything but the end of a flow or of the session. */
const INSIDE = "[^\\x03\\x04]*";
const ONE_FLOW = new RegExp(`One${INSIDE}two${INSIDE}three\\.${INSIDE}\\x03`);

const ADVISED: readonly UntitledCheck<ServerCheckId<"etx">>[] = [
  {
    check: {
      id: "shows-name",
      level: "advised",
      sources: ["R78", "D15"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, ETX_PROBE);
      const text = "Guess who.";
      await ana.send(ETX_PROBE.say(text));
      // Any layout in which the name stands before the text (D27): `ana (all)> Guess who.`
      const named = flowWith(`${nameAlone(ana.name)}[^\\x03]*${literalPattern(text)}`);
      await bob.expect(named, {
        expected: ETX_PROBE.expectedText(text, ana.name, probe.texts),
        hint: probe.texts.hints.etx.showName,
      });
    },
  },
  {
    check: {
      id: "etx-inside",
      level: "advised",
      sources: ["R63", "D16"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, ETX_PROBE);
      await ana.send(utf8Bytes("b One\x03 two\x04 three.\n"));
      await bob.expect(ONE_FLOW, {
        expected: probe.texts.expected.etx.oneFlow,
        hint: probe.texts.hints.etx.controlCharacters,
      });
    },
  },
];

/** All checks of sheet 003, in the order in which they run. */
export const ETX_CHECKS: readonly UntitledCheck<ServerCheckId<"common" | "etx" | "program">>[] = [
  ...ETX_COMMAND_CHECKS,
  ...commonChecks(MESSAGE_CHECKS, ETX_PROBE, MESSAGES),
  ...ETX_GROUP_CHECKS,
  ...ADVISED,
  ...commonChecks(LEAVING_CHECKS, ETX_PROBE, LEAVING),
  ...servedChecks("etx", ETX_PROBE),
];
