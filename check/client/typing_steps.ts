// The steps in which a message comes while a line is being typed, on a terminal: the message is
// shown, and the line survives it (R94, D23). Every dialect has them.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { TerminalView } from "./client_driver.ts";
import type { ClientStep, ClientSuite } from "./client_suite.ts";
import type { Requirement } from "./ending_checks.ts";
import { isSynchronous } from "./step_builders.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** The line that is typed, and where the message comes. */
const [FIRST_HALF, SECOND_HALF] = ["half a li", "ne"];
const AUTHOR = "bob";
const MESSAGE = "right-in-the-middle";

/** A client at rest uses less than this share of a processor; how often that is looked at. */
const REST_SHARE = 0.2;
const MAX_LOOKS = 10;

/** Note on the terminal's line after the message: this if it was whole, else what it shows. */
const LINE = "line being typed";
const WHOLE = "whole";

/** How a dialect introduces a client, and what crosses the wire. */
export interface TypingDialect {
  readonly greet: ClientSuite["greet"];
  /** Sends the client a message. */
  message(probe: ClientProbe, author: string, text: string): Promise<void>;
  /** Types the rest of a line and Enter, and expects that the client sends the `whole` line. */
  finish(probe: ClientProbe, rest: string, whole: string): Promise<StepOutcome>;
}

/** The two steps: what the sheet asks for, at the level of `requirement`, and the advised redrawing. */
export function typingSteps(
  { titles: { typing: titles } }: ClientCheckTexts,
  requirement: Requirement,
  dialect: TypingDialect,
): readonly ClientStep[] {
  return [
    {
      needs: "chatting",
      leaves: "off",
      types: true,
      check: { ...requirement, id: "while-typing", title: titles["while-typing"] },
      run: (probe) =>
        requirement.level === "advised" && isSynchronous(probe)
          ? Promise.resolve(skip(probe.texts.typing.synchronous))
          : whileTyping(probe, dialect),
    },
    {
      needs: "off",
      leaves: "off",
      check: {
        id: "line-redrawn",
        sources: [...new Set([...requirement.sources, "D23"])],
        title: titles["line-redrawn"],
        level: "advised",
      },
      run: (probe) => Promise.resolve(redrawn(probe)),
    },
  ];
}

async function whileTyping(probe: ClientProbe, dialect: TypingDialect): Promise<StepOutcome> {
  const { driver, texts } = probe;
  if (driver.onTerminal) return await interruptedLine(probe, dialect);
  if (!driver.useTerminal(true)) return skip(texts.typing.noTerminal);
  await probe.stop();
  try {
    return await probe.connect() ?? await dialect.greet(probe) ??
      await interruptedLine(probe, dialect);
  } finally {
    await probe.stop();
    driver.useTerminal(false);
  }
}

async function interruptedLine(probe: ClientProbe, dialect: TypingDialect): Promise<StepOutcome> {
  const { driver, texts: { typing } } = probe;
  await atRest(probe);
  await driver.typePart(FIRST_HALF);
  await probe.pause();
  driver.clearOutput();
  await dialect.message(probe, AUTHOR, MESSAGE);
  const shown = await probe.expectOutput([AUTHOR, MESSAGE], typing.shows);
  if (shown?.kind === "miss") return shown;
  await probe.pause();
  const view = driver.terminal();
  if (view !== undefined) probe.traits.notes.set(LINE, lineIn(view, probe));
  const sent = await dialect.finish(probe, SECOND_HALF, FIRST_HALF + SECOND_HALF);
  return sent?.kind === "miss" ? { ...sent, hint: typing.survives } : sent ?? shown;
}

/** Waits until the client has set up its terminal: keys that come before may be lost. */
async function atRest({ driver, timeouts }: ClientProbe): Promise<void> {
  if (driver.byHand) return;
  for (let left = MAX_LOOKS; left > 0; left--) {
    if ((await driver.load(timeouts.quietMs) ?? 0) < REST_SHARE) return;
  }
}

/** Whether the line is whole where the cursor is, or at least after the message. */
function lineIn({ rows, cursorLine }: TerminalView, probe: ClientProbe): string {
  const isWhole = (row: string): boolean => row.includes(FIRST_HALF) && !row.includes(MESSAGE);
  const at = rows.findLastIndex(isWhole);
  const isAfter = at > rows.findLastIndex((row) => row.includes(MESSAGE));
  return isWhole(cursorLine) || isAfter ? WHOLE : probe.quoted(cursorLine);
}

function redrawn({ traits, texts: { typing } }: ClientProbe): StepOutcome {
  const line = traits.notes.get(LINE);
  if (line === undefined) return skip(typing.notSeen);
  return line === WHOLE
    ? undefined
    : miss(typing.lineAfter(FIRST_HALF), typing.cursorLine(line), typing.redraw);
}
