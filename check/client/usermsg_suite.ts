// How a client of sheet 004 is checked: USER and MSG lines out, MSG lines with an author in (R89-R94).

import {
  endOfInput,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { listening, LONG_TEXT, step, unasked } from "./step_builders.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { decodedText, encodedText } from "./describe_exit.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;

const ONE_READ =
  "What one read returns is no message: it may be half of one, or several. Keep what " +
  'came in a buffer, and take a line out of it at each "\\n"';
const AS_TYPED = "A typed line is sent as MSG, a space, the line and one newline, in UTF-8";
const SHOWS_MSG = "The client reads MSG name text and shows the name and the text";

/** Whether the client shows a line as it came, `MSG` and all; that has the author's name too. */
const SHOWS_RAW = "shows MSG";

/** Waits for `USER name` (R89, R92). */
async function greet(stage: ClientProbe): Promise<StepOutcome> {
  await stage.firstBytes();
  const { wire } = stage;
  await wire.until(() => wire.unread.includes(LF) || wire.end !== "open" || undefined, 2_000);
  await wire.quiet(stage.patience.quietMs);
  const said = decodedText(wire.unread);
  const [line = "", name] = /^USER ([^\s\0]+)\n/.exec(said) ?? [];
  if (name !== undefined) stage.learnName(name);
  if (name === undefined || (line !== said && !stage.nameIsText)) {
    return miss('"USER name\\n" and nothing else', stage.received(wire.take()), userHint(said));
  }
  await stage.settle();
  return undefined;
}

function userHint(said: string): string {
  if (said.includes("\0")) {
    return "The NUL that ends a C string is sent too: send strlen(line) bytes";
  }
  if (/^USER \S+$/.test(said)) return 'The newline is missing: send "USER name\\n"';
  if (/^USER \S*\r/.test(said)) return 'The line ends with "\\n" alone, without "\\r"';
  if (said.startsWith("USER ")) return "One line with one word as the name, and nothing behind it";
  return "The first input of the user is the name: send it as USER, a space, the name, a newline";
}

/** `MSG name text` as one packet, and the texts that must be seen. */
async function hearsFrom(
  stage: ClientProbe,
  name: string,
  text: string,
  hint: string,
): Promise<StepOutcome> {
  await stage.sends(`MSG ${name} ${text}\n`);
  return await stage.shows([name, text], hint);
}

async function beforeTyping(stage: ClientProbe): Promise<StepOutcome> {
  const outcome = await hearsFrom(
    stage,
    "bob",
    "good morning",
    `${SHOWS_MSG}, also while it waits for the keyboard: watch both with select, poll or a thread`,
  );
  const raw = stage.driver.screen()?.includes("MSG bob") === true;
  stage.memory.notes.set(SHOWS_RAW, String(raw));
  return outcome;
}

async function twoInOne(stage: ClientProbe): Promise<StepOutcome> {
  await stage.sends("MSG bob first-of-two\nMSG eve second-of-two\n");
  const shown = await stage.shows(["bob", "first-of-two", "eve", "second-of-two"], ONE_READ);
  if (shown !== undefined || stage.memory.notes.get(SHOWS_RAW) !== "false") return shown;
  return await stage.hides("MSG eve", ONE_READ);
}

async function inThree(stage: ClientProbe): Promise<StepOutcome> {
  await stage.sends("MSG bo", "b in-three-pie", "ces\n");
  return await stage.shows(["bob", "in-three-pieces"], ONE_READ);
}

async function splitCharacter(stage: ClientProbe): Promise<StepOutcome> {
  const line = encodedText("MSG bob café-noir\n");
  const cut = line.indexOf(0xc3) + 1;
  await stage.sends(line.subarray(0, cut), line.subarray(cut));
  return await stage.shows(["bob", "café-noir"], `${ONE_READ}; only a whole line is decoded`);
}

/** For a client that hears the server only after typing. */
function hearing(run: (stage: ClientProbe) => Promise<StepOutcome>) {
  return listening((stage) => stage.types("anybody?", ["MSG anybody?\n"], AS_TYPED), run);
}

/** Sheet 004. */
export const usermsgSuite: ClientSuite = {
  title: "usermsg (sheet 004)",
  show: visibleBytes,
  asksName: true,
  greet,
  steps: [
    step("connects", ["R92"], "Connects to the address it is given", {
      needs: "off",
      leaves: "connected",
      run: (stage) => stage.connects(),
    }),
    step("user-first", ["R89", "R92"], "Sends USER and the name, once it has the name", {
      needs: "connected",
      run: greet,
    }),
    step("shows-at-once", ["R91", "R93"], "Shows a message that comes before anything is typed", {
      run: unasked(beforeTyping),
    }),
    step("sends", ["R90"], "Sends a typed line as MSG and the text", {
      run: (stage) => stage.types("hello everyone", ["MSG hello everyone\n"], AS_TYPED),
    }),
    step("sends-again", ["R93"], "Sends a second line the same way", {
      run: (stage) => stage.types("a second line", ["MSG a second line\n"], AS_TYPED),
    }),
    step("shows-after-typing", ["R93"], "Shows a message that comes between two typed lines", {
      run: hearing((stage) => hearsFrom(stage, "eve", "still here", SHOWS_MSG)),
    }),
    step("two-in-one", ["R91", "R93"], "Shows two messages that come in one packet", {
      run: hearing(twoInOne),
    }),
    step("in-pieces", ["R91", "R93"], "Shows a message that comes in three pieces as one", {
      run: hearing(inThree),
    }),
    step("utf8-out", ["D18"], "Sends accents and emoji as they were typed", {
      level: "advised",
      run: (stage) => stage.types("déjà vu ☕", ["MSG déjà vu ☕\n"], AS_TYPED),
    }),
    step("utf8-in", ["D18"], "Shows a letter whose two bytes come in two packets", {
      level: "advised",
      run: hearing(splitCharacter),
    }),
    step("long-in", ["D18"], `Shows a message of ${LONG_TEXT.length} bytes whole`, {
      level: "advised",
      byHand: false,
      run: hearing((stage) =>
        hearsFrom(
          stage,
          "bob",
          LONG_TEXT,
          "The buffer is shorter than a message: read until the newline",
        )
      ),
    }),
    step("long-out", ["D18"], `Sends a line of ${LONG_TEXT.length} bytes as one message`, {
      level: "advised",
      byHand: false,
      run: (stage) =>
        stage.types(
          LONG_TEXT,
          [`MSG ${LONG_TEXT}\n`],
          "A line that is longer than the buffer is " +
            "sent in parts: read it to its end first (getline)",
        ),
    }),
    idles({ sources: ["R93"], level: "advised" }),
    endOfInput({ sources: ["R33"], level: "advised" }),
    serverCloses({ sources: ["R26"], level: "advised" }),
    serverVanishes({ sources: ["R93"], level: "required" }, () => "MSG bob half a mess"),
    inputAfterClose({ sources: ["R93"], level: "advised" }),
  ],
};
