// The checks of a server of sheet 003: `hello`, commands of one letter, flows that end with ETX
// (R57-R87). The sheet names only `h`; the other letters are those of its help, or of D14.

import { literalPattern } from "../bytes.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { joinTwo, nameAlone } from "./dialect_probe.ts";
import { etxCommandChecks } from "./etx_command_checks.ts";
import { etxGroupChecks } from "./etx_group_checks.ts";
import { EtxProbe, flowWith } from "./etx_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import { servedChecks } from "./program_suites.ts";
import type { ServerProbe } from "./server_probe.ts";

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

const advised = (etx: EtxProbe): readonly UntitledCheck<ServerCheckId<"etx">>[] => [
  {
    check: {
      id: "shows-name",
      level: "advised",
      sources: ["R78", "D15"],
    },
    needs: [TALK],
    async run(probe) {
      const { ana, bob } = await joinTwo(probe, etx);
      const text = "Guess who.";
      await ana.send(etx.say(text));
      // Any layout in which the name stands before the text (D27): `ana (all)> Guess who.`
      const named = flowWith(`${nameAlone(ana.name)}[^\\x03]*${literalPattern(text)}`);
      await bob.expect(named, {
        expected: etx.expectedText(text, ana.name),
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
      const { ana, bob } = await joinTwo(probe, etx);
      await ana.send(etx.say("One\x03 two\x04 three."));
      await bob.expect(ONE_FLOW, {
        expected: probe.texts.expected.etx.oneFlow,
        hint: probe.texts.hints.etx.controlCharacters,
      });
    },
  },
];

/** All checks of sheet 003, in the order in which they run. */
export function etxChecks(): readonly UntitledCheck<
  ServerCheckId<"common" | "etx" | "program">
>[] {
  const etx = new EtxProbe();
  const checks = [
    ...etxCommandChecks(etx),
    ...commonChecks(MESSAGE_CHECKS, etx, MESSAGES),
    ...etxGroupChecks(etx),
    ...advised(etx),
    ...commonChecks(LEAVING_CHECKS, etx, LEAVING),
    ...servedChecks("etx", etx),
  ];
  return checks.map((check) => ({
    ...check,
    run: (probe: ServerProbe) => etx.judge(probe, () => check.run(probe)),
  }));
}
