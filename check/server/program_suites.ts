// Which checks of a program each sheet asks for, with their level and sources.

import type { DialectName } from "../../protocol/dialect.ts";
import type { UntitledCheck } from "./common_checks.ts";
import { CONSOLE_CHECKS } from "./console_checks.ts";
import type { DialectProbe } from "./dialect_probe.ts";
import { LAUNCH_CHECKS } from "./launch_checks.ts";
import { type ProgramCheckId, programChecks, type ProgramSources } from "./program_checks.ts";
import { SCREEN_CHECKS } from "./screen_checks.ts";
import { SIGNAL_CHECKS } from "./signal_checks.ts";
import { TURNS_CHECKS, TURNS_PROBE } from "./turns_checks.ts";

/** Every check of a program but those of sheet 002, in the order in which they run. */
const ROWS = [...SCREEN_CHECKS, ...CONSOLE_CHECKS, ...SIGNAL_CHECKS, ...LAUNCH_CHECKS];

const ASKED: Readonly<Record<DialectName, ProgramSources>> = {
  native: { "same-port": ["advised", "R47"] },
  framed: {
    "first-message": ["required", "R5", "R6"],
    "socket-removed": ["required", "R7"],
    rounds: ["required", "R15"],
    endless: ["required", "R18"],
    sigint: ["required", "R19"],
    sigterm: ["required", "R19"],
    screen: ["required", "R20"],
  },
  usermsg: { "same-port": ["advised", "R47"] },
  etx: {
    "sigint-eot": ["required", "R86"],
    "sigterm-eot": ["required", "R86"],
    "same-port": ["advised", "R47"],
  },
  plain: {
    usage: ["required", "R38"],
    "wrong-port": ["advised", "R38"],
    "shows-address": ["required", "R40"],
    "operator-commands": ["required", "R44"],
    wall: ["required", "R41"],
    kick: ["required", "R42"],
    shutdown: ["required", "R43"],
    "same-port": ["advised", "R47"],
  },
};

const ASKED_IN_TURNS: ProgramSources = {
  "port-8080": ["required", "R45"],
  "line-shown": ["required", "R46", "R48"],
  "line-in-pieces": ["advised", "R46"],
  "answer-typed": ["required", "R50"],
  "in-turns": ["required", "R50", "R51"],
  "both-ways": ["required", "R53"],
  "same-port": ["required", "R47"],
};

/** The checks of a program that speaks this dialect. */
export function servedChecks(
  name: DialectName,
  dialect: DialectProbe,
): readonly UntitledCheck<ProgramCheckId>[] {
  return programChecks(ROWS, dialect, ASKED[name]);
}

/** The checks of a server of sheet 002. */
export function turnsChecks(): readonly UntitledCheck<ProgramCheckId>[] {
  return programChecks([...TURNS_CHECKS, ...LAUNCH_CHECKS], TURNS_PROBE, ASKED_IN_TURNS);
}
