// How a client of sheet 003 is checked: hello, typed lines untouched, texts up to ETX, the end at EOT,
// bye in every case (R55-R69, D14, D15).

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { listening, LONG_TEXT, step, unasked } from "./step_builders.ts";
import { crashText, decodedText, quotedData } from "./describe_exit.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;
const ID = 7;

const UNTOUCHED =
  "A typed line is sent as it is, with its newline: nothing in front, nothing removed";
const UNTIL_ETX =
  "A text ends at ETX (\\x03) and nowhere else: a newline is part of it, and one recv " +
  "may return half of it, or the end of one and the start of the next";
const BYE = "However the client ends, it first sends the command bye (q), then closes the socket";

/** What is remembered of a client: its name, its prompt, and what it says when it leaves. */
const NAME = "name";
const PROMPT = "prompt";
const FAREWELL = "farewell";

/** Waits for hello and answers with the id and the name (R57, R58, D15). */
async function greet(stage: ClientProbe): Promise<StepOutcome> {
  const { wire, patience } = stage;
  await stage.firstBytes();
  await wire.until(
    () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
    patience.answerMs,
  );
  const [line, name] = /^hello(?: +(\S+))? *\n/.exec(decodedText(wire.unread)) ?? [];
  if (line === undefined) {
    return miss(
      '"hello\\n" or "hello NAME\\n"',
      stage.received(wire.take()),
      "The first thing on the connection is the command hello on a line of its own: the answer to " +
        "it is the id",
    );
  }
  stage.learnName(name ?? "");
  wire.take(line.length);
  const known = name ?? `user${ID}`;
  stage.memory.notes.set(NAME, known);
  await stage.sends(`${ID} ${known}\n`);
  await tellsName(stage);
  const tail = stage.driver.screen()?.split("\n").at(-1) ?? "";
  stage.memory.notes.set(PROMPT, tail);
  await stage.settle();
  return undefined;
}

/** Answers get_name (R60), as often as a client may reasonably ask for its prompt. */
async function tellsName(stage: ClientProbe): Promise<void> {
  const { wire } = stage;
  for (let left = 3; left > 0; left--) {
    await wire.quiet(stage.patience.quietMs);
    const [question] = /^(?:w|get_name)\S* *\n/.exec(decodedText(wire.unread)) ?? [];
    if (question === undefined) return;
    wire.take(question.length);
    // A newline for those who still read lines, as during the start of a session (R87).
    await stage.sends(`${stage.memory.notes.get(NAME)}\n\x03`);
  }
}

async function types(stage: ClientProbe, line: string): Promise<StepOutcome> {
  await tellsName(stage);
  return await stage.types(line, [`${line}\n`], UNTOUCHED);
}

/** Packets, and the texts that must be on the screen after them. */
function flows(parts: readonly string[], texts: readonly string[], hint = UNTIL_ETX) {
  return listening((stage) => types(stage, "h"), async (stage) => {
    await stage.sends(...parts);
    return await stage.shows(texts, hint);
  });
}

async function promptAgain(stage: ClientProbe): Promise<StepOutcome> {
  const prompt = stage.memory.notes.get(PROMPT) ?? "";
  if (prompt.trim() === "") {
    return { kind: "skip", because: "it shows no prompt when its input is a pipe" };
  }
  await stage.sends("bob: and the prompt?\x03");
  await tellsName(stage);
  const shown = await stage.shows(
    ["bob: and the prompt?", prompt],
    `At ETX the prompt ${quotedData(prompt)} is printed again`,
  );
  if (shown !== undefined) return shown;
  const screen = stage.driver.screen() ?? "";
  if (screen.lastIndexOf(prompt) > screen.indexOf("bob: and")) return undefined;
  return miss(
    "the prompt behind the text",
    quotedData(screen),
    "At ETX the prompt is printed again",
  );
}

async function endsAtEot(stage: ClientProbe): Promise<StepOutcome> {
  const { driver, patience } = stage;
  await stage.sends("-- Goodbye: the server stops\x03\x04");
  const ending = await driver.ended(patience.endMs);
  if (ending === "unseen") return { kind: "skip", because: "nobody could tell whether it ended" };
  const received = ending === "running" ? "it still runs" : crashText(ending, driver.screen());
  return received === undefined ? undefined : miss(
    "the program ends",
    received,
    "EOT (\\x04) closes the session: listener and sender both end, whatever the keyboard does",
  );
}

/** Leaves in one of three ways; each time the server is told, and the connection is closed (R67). */
function leaves(how: (stage: ClientProbe) => Promise<unknown>, isNormal: boolean) {
  return async (stage: ClientProbe): Promise<StepOutcome> => {
    const { wire, driver, patience } = stage;
    await how(stage);
    await wire.until(
      () => wire.unread.length > 0 || wire.end !== "open" || undefined,
      patience.endMs,
    );
    await stage.sends("\x04"); // the session's end, for a client that waits for it
    const open = await closes(stage, BYE);
    if (open !== undefined) return open;
    const said = decodedText(wire.take());
    if (said.trim() === "") return miss('"q", then the end', "the end alone", BYE);
    stage.memory.notes.set(FAREWELL, said);
    if (isNormal) return await exitsWithZero(stage);
    const ending = await driver.ended(patience.endMs);
    const crash = typeof ending === "string" ? undefined : crashText(ending, driver.screen());
    if (ending === "running") return miss("the program ends", "it still runs", BYE);
    return crash === undefined ? undefined : miss("a clean end", crash, BYE);
  };
}

function byeLetter(stage: ClientProbe): Promise<StepOutcome> {
  const said = stage.memory.notes.get(FAREWELL);
  if (said === undefined) return Promise.resolve({ kind: "skip", because: "it has not said bye" });
  return Promise.resolve(
    /^q\s*$/.test(said) ? undefined : miss(
      '"q" or "q\\n"',
      quotedData(said),
      "minichat's server knows bye as the single letter q: any other word is another command there",
    ),
  );
}

/** A port that is none: an explanation, and an exit code that tells (R55). */
async function badPort(stage: ClientProbe): Promise<StepOutcome> {
  const run = await stage.driver.runWithBadArguments("bad-port");
  if (run === undefined) {
    return { kind: "skip", because: "it was not run with a wrong port, or did not end" };
  }
  const { ending, said } = run;
  const hint = "Wrong arguments end the program early, with an explanation and exit(1)";
  if (ending.code === 0) return miss("an exit code that is not 0", "0", hint);
  return said.trim() === "" ? miss("an explanation", "nothing", hint) : undefined;
}

/** Sheet 003. */
export const etxSuite: ClientSuite = {
  title: "etx (sheet 003)",
  show: visibleBytes,
  asksName: true,
  greet,
  steps: [
    step("usage", ["R55"], "Explains itself when the port is 99999, and exits with a failure", {
      needs: "off",
      leaves: "off",
      run: badPort,
    }),
    step("connects", ["R57"], "Connects to the address it is given", {
      needs: "off",
      leaves: "connected",
      run: (stage) => stage.connects(),
    }),
    step("hello", ["R57", "R87"], "Sends hello first, ended by a newline", {
      needs: "connected",
      run: greet,
    }),
    step("shows", ["R61", "R63"], "Shows a text when its ETX comes, though nothing is typed", {
      run: unasked(flows(
        ["bob: good morning\x03"],
        ["bob: good morning"],
        "The listener shows what comes while the " +
          "sender waits for the keyboard",
      )),
    }),
    step("sends", ["R65", "R69"], "Sends a typed line untouched", {
      run: (stage) => types(stage, "hippopotame"),
    }),
    step("sends-again", ["R65", "R69"], "Sends a second one untouched, spaces and accents too", {
      run: (stage) => types(stage, "b  déjà   vu"),
    }),
    step("several-lines", ["R63", "R75"], "Shows a text of several lines whole", {
      run: flows(["number 1 is ana\nnumber 2 is bob\x03"], ["number 1 is ana", "number 2 is bob"]),
    }),
    step("in-pieces", ["R62", "R63"], "Shows a text that comes in three pieces as one", {
      run: flows(["bob: in thr", "ee pie", "ces\x03"], ["bob: in three pieces"]),
    }),
    step("two-in-one", ["R63", "R85"], "Shows two texts that come in one packet", {
      run: flows(["bob: first of two\x03eve: second of two\x03"], [
        "bob: first of two",
        "eve: second of two",
      ]),
    }),
    step("etx-unseen", ["R63"], "Does not print the ETX byte", {
      level: "advised",
      byHand: false,
      run: async (stage) =>
        await flows(["bob: no end in sight\x03"], ["bob: no end in sight"])(stage) ??
          await stage.hides("\x03", "ETX marks the end and is no text: leave it out"),
    }),
    step("prompt-again", ["R60", "R63"], "Prints its prompt again behind a text", {
      level: "advised",
      byHand: false,
      run: promptAgain,
    }),
    step("long", ["R75"], `Shows a text of ${LONG_TEXT.length} bytes whole`, {
      byHand: false,
      run: flows([`${LONG_TEXT}\x03`], [LONG_TEXT]),
    }),
    idles({ sources: ["R61"], level: "advised" }),
    step("eot", ["R64"], "Ends at EOT", { leaves: "off", run: endsAtEot }),
    step("end-of-input", ["R67"], "At the end of its input (CTRL-D) says bye and exits with 0", {
      leaves: "off",
      run: leaves((stage) => stage.driver.endInput(), true),
    }),
    step("interrupt", ["R66", "R67"], "At CTRL-C (SIGINT) says bye and ends", {
      leaves: "off",
      run: leaves((stage) => stage.driver.signal("SIGINT"), false),
    }),
    step("terminate", ["R66", "R67"], "At SIGTERM says bye and ends", {
      leaves: "off",
      run: leaves((stage) => stage.driver.signal("SIGTERM"), false),
    }),
    step("bye", ["R82", "D14"], "Says bye as the single character q", {
      level: "advised",
      needs: "off",
      leaves: "off",
      run: byeLetter,
    }),
    serverCloses({ sources: ["R61"], level: "required" }),
    serverVanishes({ sources: ["R61"], level: "required" }, () => "bob: half a te"),
    inputAfterClose({ sources: ["R65"], level: "advised" }),
  ],
};
