// The checks of a client of sheet 004: USER and MSG lines out, MSG lines with an author in
// (R89-R94).

import {
  endOfInput,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { isSynchronous, listening, LONG_TEXT, stepBuilder, unasked } from "./step_builders.ts";
import { otherNames, withNaming } from "./name_steps.ts";
import { pastedLines } from "./pasted_lines.ts";
import { typingSteps } from "./typing_steps.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { decodedText, encodedText } from "./encoded_text.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;

/** Note of a client that shows lines as they came, `MSG` included: "true" or "false". */
const SHOWS_RAW = "shows MSG";

/** Waits for `USER name` (R89, R92). */
async function greet(probe: ClientProbe): Promise<StepOutcome> {
  await probe.waitForFirstBytes();
  const { wire } = probe;
  await wire.until(() => wire.unread.includes(LF) || wire.end !== "open" || undefined, 2_000);
  await wire.quiet(probe.timeouts.quietMs);
  const first = decodedText(wire.unread);
  const [line = "", name] = /^USER ([^\s\0]+)\n/.exec(first) ?? [];
  if (name !== undefined) probe.learnName(name);
  if (name === undefined || (line !== first && !probe.nameIsText)) {
    return miss(
      probe.texts.usermsg.userLine,
      probe.received(wire.take()),
      userHint(first, probe.texts),
    );
  }
  await probe.settle();
  return undefined;
}

/** What is wrong with the first bytes of a client. */
function userHint(first: string, { usermsg }: ClientCheckTexts): string {
  if (first.includes("\0")) return usermsg.nul;
  if (first.startsWith("\ufeff")) return usermsg.byteOrderMark;
  if (/^USER \S+$/.test(first)) return usermsg.noNewline;
  if (/^USER \S*\r/.test(first)) return usermsg.carriageReturn;
  return first.startsWith("USER ") ? usermsg.oneWord : usermsg.user;
}

/** Sends `MSG name text` as one packet and expects name and text in the output. */
async function showsFrom(
  probe: ClientProbe,
  name: string,
  text: string,
  hint: string,
): Promise<StepOutcome> {
  await probe.send(`MSG ${name} ${text}\n`);
  return await probe.expectOutput([name, text], hint);
}

async function beforeTyping(probe: ClientProbe): Promise<StepOutcome> {
  const outcome = await showsFrom(
    probe,
    "bob",
    "good morning",
    probe.texts.usermsg.showsUnasked,
  );
  const isRaw = probe.driver.screen()?.includes("MSG bob") === true;
  probe.traits.notes.set(SHOWS_RAW, String(isRaw));
  return outcome;
}

async function twoInOne(probe: ClientProbe): Promise<StepOutcome> {
  await probe.send("MSG bob first-of-two\nMSG eve second-of-two\n");
  const shown = await probe.expectOutput(
    ["bob", "first-of-two", "eve", "second-of-two"],
    probe.texts.usermsg.oneRead,
  );
  if (shown !== undefined || probe.traits.notes.get(SHOWS_RAW) !== "false") return shown;
  return await probe.expectNoOutput("MSG eve", probe.texts.usermsg.oneRead);
}

async function inThree(probe: ClientProbe): Promise<StepOutcome> {
  await probe.send("MSG bo", "b in-three-pie", "ces\n");
  return await probe.expectOutput(["bob", "in-three-pieces"], probe.texts.usermsg.oneRead);
}

async function splitCharacter(probe: ClientProbe): Promise<StepOutcome> {
  const line = encodedText("MSG bob café-noir\n");
  const cut = line.indexOf(0xc3) + 1;
  await probe.send(line.subarray(0, cut), line.subarray(cut));
  return await probe.expectOutput(["bob", "café-noir"], probe.texts.usermsg.wholeLines);
}

/** A typed line first, for a client that reads from the server only after typing. */
function afterNudge(run: (probe: ClientProbe) => Promise<StepOutcome>) {
  return listening(
    (probe) => probe.type("anybody?", ["MSG anybody?\n"], probe.texts.usermsg.asTyped),
    run,
  );
}

/** Sheet 004. */
export function usermsgSuite(texts: ClientCheckTexts): ClientSuite {
  const step = stepBuilder(texts.titles.usermsg);
  return {
    title: texts.usermsg.suite,
    show: visibleBytes,
    asksName: true,
    greet,
    steps: [
      step("connects", ["R92"], {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("user-first", ["R89", "R92"], {
        needs: "connected",
        run: async (probe) =>
          await greet(probe) ?? withNaming(probe, texts.titles.usermsg["user-first"]),
      }),
      step("shows-at-once", ["R91", "R93"], {
        run: unasked(beforeTyping),
      }),
      step("sends", ["R90"], {
        run: (probe) =>
          probe.type("hello everyone", ["MSG hello everyone\n"], probe.texts.usermsg.asTyped),
      }),
      step("sends-again", ["R93"], {
        types: true,
        run: (probe) =>
          probe.type("a second line", ["MSG a second line\n"], probe.texts.usermsg.asTyped),
      }),
      step("shows-after-typing", ["R93"], {
        run: afterNudge((probe) =>
          showsFrom(probe, "eve", "still here", probe.texts.usermsg.shows)
        ),
      }),
      step("two-in-one", ["R91", "R93"], {
        run: afterNudge(twoInOne),
      }),
      step("in-pieces", ["R91", "R93"], {
        run: afterNudge(inThree),
      }),
      step("utf8-out", ["D18"], {
        types: true,
        level: "advised",
        run: (probe) => probe.type("déjà vu ☕", ["MSG déjà vu ☕\n"], probe.texts.usermsg.asTyped),
      }),
      step("utf8-in", ["D18"], {
        level: "advised",
        run: afterNudge(splitCharacter),
      }),
      step("long-in", ["D18"], {
        level: "advised",
        byHand: false,
        run: afterNudge((probe) =>
          showsFrom(
            probe,
            "bob",
            LONG_TEXT,
            probe.texts.usermsg.longIn,
          )
        ),
      }),
      step("long-out", ["D18"], {
        types: true,
        level: "advised",
        byHand: false,
        run: (probe) =>
          probe.type(
            LONG_TEXT,
            [`MSG ${LONG_TEXT}\n`],
            probe.texts.usermsg.longOut,
          ),
      }),
      idles(texts, { sources: ["R93"], level: "advised" }),
      pastedLines(texts, ["R90", "R93"], async (probe, lines) => {
        if (isSynchronous(probe)) return skip(probe.texts.typing.synchronous);
        const messages = lines.map((line) => `MSG ${line}\n`).join("");
        return await probe.type(lines, [messages], probe.texts.usermsg.asTyped);
      }),
      otherNames(texts, ["R89", "R92", "D18"], greet),
      ...typingSteps(texts, { sources: ["R94"], level: "required" }, {
        greet,
        message: (probe, author, text) => probe.send(`MSG ${author} ${text}\n`),
        finish: (probe, rest, whole) =>
          probe.type(rest, [`MSG ${whole}\n`], probe.texts.usermsg.asTyped),
      }),
      endOfInput(texts, { sources: ["R33"], level: "advised" }),
      serverCloses(texts, { sources: ["R26"], level: "advised" }),
      serverVanishes(texts, { sources: ["R93"], level: "required" }, () => "MSG bob half a mess"),
      inputAfterClose(texts, { sources: ["R93"], level: "advised" }),
    ],
  };
}
