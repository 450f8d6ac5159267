// How a client of sheets 001 and 002 is checked: lines both ways, alternating at least, a half-closed
// end (R24-R27, R33, R34, R49). The sheet's own synchronous client passes what is required.

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  interrupted,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { listening, LONG_TEXT, step, unasked } from "./step_builders.ts";
import { quotedData } from "./describe_exit.ts";
import { visibleBytes } from "../visible.ts";

const AS_TYPED = "Each typed line is sent as it is, with its newline";
const SHOWS = "What recv returns is written to standard output, whole, until it returns nothing";
const ASYNC = "The client waits for the keyboard and hears nothing meanwhile: watch both with " +
  "select (the sheet: make it asynchronous)";

/** Whether the client first waits for a welcome, which servers of sheet 001 may send. */
const WELCOME = "waits for a welcome";
const WELCOME_LINE = "-- Welcome\n";

/** A client may say its name without being asked: that is no line its user has typed. */
async function greet(stage: ClientProbe): Promise<StepOutcome> {
  const { wire, patience } = stage;
  if (stage.memory.notes.has(WELCOME)) await stage.sends(WELCOME_LINE);
  await wire.until(
    () => wire.unread.length > 0 || wire.end !== "open" || undefined,
    3 * patience.quietMs,
  );
  await stage.settle();
  return undefined;
}

/** A typed line and the reply that a synchronous client waits for (R27). */
async function talks(stage: ClientProbe, line: string, reply: string): Promise<StepOutcome> {
  const sent = await stage.types(line, [`${line}\n`, `${line}\r\n`], AS_TYPED);
  if (sent !== undefined) return sent;
  await stage.sends(reply);
  return await stage.shows([reply.trimEnd()], SHOWS);
}

/** The first line: a client that stays silent may be waiting for a welcome. */
async function firstLine(stage: ClientProbe): Promise<StepOutcome> {
  const { wire, patience } = stage;
  await stage.driver.type("hello everyone");
  const come = () => wire.unread.length > 0 || wire.end !== "open" || undefined;
  if (await wire.until(come, patience.answerMs) === undefined) {
    stage.memory.notes.set(WELCOME, "yes");
    await stage.sends(WELCOME_LINE);
  }
  const accepted = ["hello everyone\n", "hello everyone\r\n"].map((line) =>
    new TextEncoder().encode(line)
  );
  const heard = await stage.hears({ accepted, hint: AS_TYPED });
  if (heard !== undefined) stage.memory.notes.delete(WELCOME);
  else await stage.sends("-- received\n");
  return heard;
}

/** No arguments: an explanation and an exit code that tells (R24, R39). */
async function usage(stage: ClientProbe): Promise<StepOutcome> {
  const run = await stage.driver.runWithBadArguments("no-address");
  if (run === undefined) {
    return { kind: "skip", because: "it was not run without its arguments, or did not end" };
  }
  const { ending, said } = run;
  if (ending.code === 0) {
    return miss("an exit code that is not 0", "0", "Wrong arguments end the program: exit(1)");
  }
  if (/usage|utilisation|syntax/i.test(said)) return undefined;
  return miss(
    'a line with "Usage:"',
    quotedData(said),
    "Without its arguments it shows Usage: PROGRAM HOST PORT",
  );
}

async function halfClose(stage: ClientProbe): Promise<StepOutcome> {
  await stage.driver.endInput();
  return await closes(
    stage,
    "At the end of standard input: shutdown(SHUT_WR), which tells the server " +
      "that no more will come",
  ) ?? await exitsWithZero(stage);
}

/** What was said before the end of the input is answered after it. */
async function lastReply(stage: ClientProbe): Promise<StepOutcome> {
  const { wire } = stage;
  await stage.driver.endInput();
  const open = await closes(stage, "At the end of standard input: shutdown(SHUT_WR)");
  if (open !== undefined) return open;
  await stage.sends("bob: one last word\n");
  await wire.finish();
  return await stage.shows(
    ["one last word"],
    "After shutdown(SHUT_WR) the other direction is open " +
      "still: read until recv returns nothing, then close",
  );
}

/** Sheets 001 and 002. */
export const plainSuite: ClientSuite = {
  title: "plain (sheets 001 and 002)",
  show: visibleBytes,
  asksName: false,
  greet,
  steps: [
    step(
      "usage",
      ["R24", "R39"],
      "Explains itself when its arguments are missing, and exits with a failure",
      {
        needs: "off",
        leaves: "off",
        run: usage,
      },
    ),
    step("connects", ["R24", "R25"], "Connects to the host and port it is given", {
      needs: "off",
      leaves: "connected",
      run: (stage) => stage.connects(),
    }),
    step("sends", ["R49"], "Sends a typed line", { run: firstLine }),
    step("shows-reply", ["R25", "R50"], "Shows the reply to a line", {
      run: (stage) => talks(stage, "a second line", "bob: the answer to it\n"),
    }),
    step("goes-on", ["R51"], "Goes on: a third line, a third reply, accents whole", {
      run: (stage) => talks(stage, "déjà vu", "bob: ça va ☕\n"),
    }),
    step("long-reply", ["R25"], "Shows a reply of 3,000 bytes whole", {
      byHand: false,
      run: (stage) => talks(stage, "a long one, please", LONG_TEXT.slice(0, 2_999) + "\n"),
    }),
    step("unasked", ["R27"], "Shows what comes while nothing is typed", {
      level: "advised",
      run: unasked(async (stage) => {
        await stage.sends("bob: nobody asked me\n");
        return await stage.shows(["bob: nobody asked me"], ASYNC);
      }),
    }),
    step("two-in-one", ["R27", "R53"], "Shows two lines that come in one packet", {
      level: "advised",
      run: listening(
        (stage) => stage.types("anybody?", ["anybody?\n"], AS_TYPED),
        async (stage) => {
          await stage.sends("bob: first of two\neve: second of two\n");
          return await stage.shows(["bob: first of two", "eve: second of two"], SHOWS);
        },
      ),
    }),
    idles({ sources: ["R27"], level: "advised" }),
    step(
      "end-of-input",
      ["R26", "R33"],
      "At the end of its input (CTRL-D) closes its side and exits with 0",
      {
        leaves: "off",
        run: halfClose,
      },
    ),
    step("last-reply", ["R26"], "Shows a reply that comes after the end of its input", {
      level: "advised",
      leaves: "off",
      run: lastReply,
    }),
    serverCloses({ sources: ["R26"], level: "required" }, "waits for input"),
    interrupted({ sources: ["R34"], level: "required" }),
    serverVanishes({ sources: ["R26"], level: "required" }, () => "bob: half a li"),
    inputAfterClose({ sources: ["R26"], level: "advised" }),
  ],
};
