// The checks of a client of sheet 003: hello, typed lines untouched, texts up to ETX, the end at
// EOT, bye in every case (R55-R69, D14, D15).

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { withNaming } from "./name_steps.ts";
import { pastedLines } from "./pasted_lines.ts";
import { typingSteps } from "./typing_steps.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { listening, LONG_TEXT, stepBuilder, unasked } from "./step_builders.ts";
import { decodedText } from "./encoded_text.ts";
import { crashText } from "../program_exit.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;
const ID = 7;

/** Keys of the notes on a client: its name, its prompt, and what it sends when it leaves. */
const NAME = "name";
const PROMPT = "prompt";
const FAREWELL = "farewell";

/** Waits for hello and answers with the id and the name (R57, R58, D15). */
async function greet(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  await probe.waitForFirstBytes();
  await wire.until(
    () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
    timeouts.answerMs,
  );
  const [line, name] = /^hello(?: +(\S+))? *\n/.exec(decodedText(wire.unread)) ?? [];
  if (line === undefined) {
    return miss(
      probe.texts.etx.helloLine,
      probe.received(wire.take()),
      probe.texts.etx.hello,
    );
  }
  probe.learnName(name ?? "");
  wire.take(line.length);
  const givenName = name ?? `user${ID}`;
  probe.traits.notes.set(NAME, givenName);
  await probe.send(`${ID} ${givenName}\n`);
  await answerGetName(probe);
  const tail = probe.driver.screen()?.split("\n").at(-1) ?? "";
  probe.traits.notes.set(PROMPT, tail);
  await probe.settle();
  return undefined;
}

/** Answers get_name (R60), which clients ask for their prompt; at most three times. */
async function answerGetName(probe: ClientProbe): Promise<void> {
  const { wire } = probe;
  for (let left = 3; left > 0; left--) {
    await wire.quiet(probe.timeouts.quietMs);
    const [question] = /^(?:w|get_name)\S* *\n/.exec(decodedText(wire.unread)) ?? [];
    if (question === undefined) return;
    wire.take(question.length);
    // With a newline, for clients that still read lines, as at the start of a session (R87).
    await probe.send(`${probe.traits.notes.get(NAME)}\n\x03`);
  }
}

async function types(probe: ClientProbe, line: string, whole = line): Promise<StepOutcome> {
  await answerGetName(probe);
  return await probe.type(line, [`${whole}\n`], probe.texts.etx.untouched);
}

/** Sends each part as one packet and expects the texts in the output. */
function shows(
  parts: readonly string[],
  texts: readonly string[],
  hintIn = ({ etx }: ClientCheckTexts): string => etx.untilEtx,
) {
  return listening((probe) => types(probe, "h"), async (probe) => {
    await probe.send(...parts);
    return await probe.expectOutput(texts, hintIn(probe.texts));
  });
}

async function promptAgain(probe: ClientProbe): Promise<StepOutcome> {
  const prompt = probe.traits.notes.get(PROMPT) ?? "";
  const { etx } = probe.texts;
  if (prompt.trim() === "") return skip(etx.noPrompt);
  await probe.send("bob: and the prompt?\x03");
  await answerGetName(probe);
  const shown = await probe.expectOutput(
    ["bob: and the prompt?", prompt],
    etx.thisPrompt(probe.quoted(prompt)),
  );
  if (shown !== undefined) return shown;
  const screen = probe.driver.screen() ?? "";
  if (screen.lastIndexOf(prompt) > screen.indexOf("bob: and")) return undefined;
  return miss(etx.promptAfterText, probe.quoted(screen), etx.prompt);
}

async function endsAtEot(probe: ClientProbe): Promise<StepOutcome> {
  const { driver, timeouts } = probe;
  await probe.send("-- Goodbye: the server stops\x03\x04");
  const ending = await driver.ended(timeouts.endMs);
  if (ending === "unseen") return skip(probe.texts.skipped.unknownEnd);
  const { endings, etx, exits } = probe.texts;
  const received = ending === "running" ? exits.running : crashText(ending, driver.screen(), exits);
  return received === undefined ? undefined : miss(endings.ends, received, etx.eot);
}

/** Makes the client leave by `how`: it sends bye and closes the connection (R67). */
function leaves(how: (probe: ClientProbe) => Promise<unknown>, isNormal: boolean) {
  return async (probe: ClientProbe): Promise<StepOutcome> => {
    const { wire, driver, timeouts } = probe;
    await how(probe);
    await wire.until(
      () => wire.unread.length > 0 || wire.end !== "open" || undefined,
      timeouts.endMs,
    );
    await probe.send("\x04"); // EOT, for a client that waits for the end of the session
    const { data, endings, etx, exits } = probe.texts;
    const open = await closes(probe, etx.bye);
    if (open !== undefined) return open;
    const farewell = decodedText(wire.take());
    if (farewell.trim() === "") return miss(etx.byeThenEnd, data.endAlone, etx.bye);
    probe.traits.notes.set(FAREWELL, farewell);
    if (isNormal) return await exitsWithZero(probe);
    const ending = await driver.ended(timeouts.endMs);
    if (ending === "running") return miss(endings.ends, exits.running, etx.bye);
    if (ending === "unseen") return undefined;
    const crash = crashText(ending, driver.screen(), exits);
    return crash === undefined ? undefined : miss(endings.endsCleanly, crash, etx.bye);
  };
}

function byeLetter(probe: ClientProbe): Promise<StepOutcome> {
  const farewell = probe.traits.notes.get(FAREWELL);
  const { etx } = probe.texts;
  if (farewell === undefined) return Promise.resolve(skip(etx.noBye));
  return Promise.resolve(
    /^q\s*$/.test(farewell)
      ? undefined
      : miss(etx.byeLetters, probe.quoted(farewell), etx.byeLetter),
  );
}

/** With a port out of range the program prints an explanation and exits with a failure code (R55). */
async function badPort(probe: ClientProbe): Promise<StepOutcome> {
  const run = await probe.driver.runWithBadArguments("bad-port");
  const { data, etx } = probe.texts;
  if (run === undefined) return skip(etx.notRun);
  const { ending, output } = run;
  if (ending.code === 0) return miss(etx.failureCode, "0", etx.badPort);
  return output.trim() === "" ? miss(etx.explanation, data.nothing, etx.badPort) : undefined;
}

/** Sheet 003. */
export function etxSuite(texts: ClientCheckTexts): ClientSuite {
  const step = stepBuilder(texts.titles.etx);
  return {
    title: texts.etx.suite,
    show: visibleBytes,
    asksName: true,
    greet,
    steps: [
      step("usage", ["R55"], {
        needs: "off",
        leaves: "off",
        run: badPort,
      }),
      step("connects", ["R57"], {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("hello", ["R57", "R87"], {
        needs: "connected",
        run: async (probe) => await greet(probe) ?? withNaming(probe, texts.titles.etx.hello),
      }),
      step("shows", ["R61", "R63"], {
        run: unasked(shows(
          ["bob: good morning\x03"],
          ["bob: good morning"],
          ({ etx }) => etx.listener,
        )),
      }),
      step("sends", ["R65", "R69"], {
        run: (probe) => types(probe, "hippopotame"),
      }),
      step("sends-again", ["R65", "R69"], {
        types: true,
        run: (probe) => types(probe, "b  déjà   vu"),
      }),
      step("several-lines", ["R63", "R75"], {
        run: shows(["number 1 is ana\nnumber 2 is bob\x03"], [
          "number 1 is ana",
          "number 2 is bob",
        ]),
      }),
      step("in-pieces", ["R62", "R63"], {
        run: shows(["bob: in thr", "ee pie", "ces\x03"], ["bob: in three pieces"]),
      }),
      step("two-in-one", ["R63", "R85"], {
        run: shows(["bob: first of two\x03eve: second of two\x03"], [
          "bob: first of two",
          "eve: second of two",
        ]),
      }),
      step("etx-unseen", ["R63"], {
        level: "advised",
        byHand: false,
        run: async (probe) =>
          await shows(["bob: no end in sight\x03"], ["bob: no end in sight"])(probe) ??
            await probe.expectNoOutput("\x03", probe.texts.etx.etxByte),
      }),
      step("prompt-again", ["R60", "R63"], {
        level: "advised",
        byHand: false,
        run: promptAgain,
      }),
      step("long", ["R75"], {
        byHand: false,
        run: shows([`${LONG_TEXT}\x03`], [LONG_TEXT]),
      }),
      idles(texts, { sources: ["R61"], level: "advised" }),
      pastedLines(texts, ["R65"], async (probe, lines) => {
        await answerGetName(probe);
        const typed = lines.map((line) => `${line}\n`).join("");
        return await probe.type(lines, [typed], probe.texts.etx.untouched);
      }),
      ...typingSteps(texts, { sources: ["R61", "R62", "D23"], level: "advised" }, {
        greet,
        message: (probe, author, text) => probe.send(`${author}: ${text}\x03`),
        finish: types,
      }),
      step("eot", ["R64"], { leaves: "off", run: endsAtEot }),
      step("end-of-input", ["R67"], {
        leaves: "off",
        run: leaves((probe) => probe.driver.endInput(), true),
      }),
      step("interrupt", ["R66", "R67"], {
        leaves: "off",
        run: leaves((probe) => probe.driver.signal("SIGINT"), false),
      }),
      step("terminate", ["R66", "R67"], {
        leaves: "off",
        run: leaves((probe) => probe.driver.signal("SIGTERM"), false),
      }),
      step("bye", ["R82", "D14"], {
        level: "advised",
        needs: "off",
        leaves: "off",
        run: byeLetter,
      }),
      serverCloses(texts, { sources: ["R61"], level: "required" }),
      serverVanishes(texts, { sources: ["R61"], level: "required" }, () => "bob: half a te"),
      inputAfterClose(texts, { sources: ["R65"], level: "advised" }),
    ],
  };
}
