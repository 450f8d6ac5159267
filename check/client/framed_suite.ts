// How a client of sheet 000 is checked: frames out in any of six layouts, ok and broadcasts in
// (R8-R14, R22, D1-D4). Whatever is sent to it has the layout it uses itself.

import {
  endOfInput,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import {
  awaitRegistration,
  framedMessage,
  HEADER_HINT,
  layoutOf,
  register,
  showFrames,
} from "./framed_registration.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { LONG_TEXT, step } from "./step_builders.ts";
import { encodedText } from "./describe_exit.ts";

const WHOLE = "One read may return half a frame or several: read until the header is whole, then " +
  "until as many bytes of text have come as it says, and keep what is behind";
const SHOWS_BROADCAST =
  "What the server sends to all is shown with the pseudo in front, also while " +
  "the client waits for the keyboard: watch both with select";

/** What is remembered of a client: its reads a frame, and the broadcasts it takes. */
const PIECES = "pieces";
const FORM = "form";
const TAKES_FRAMES = "";

/** Expects a message frame for a typed line; its newline or NUL may be part of it. */
async function typesFrame(stage: ClientProbe, line: string): Promise<StepOutcome> {
  stage.driver.clearOutput();
  await stage.driver.type(line);
  const accepted = ["", "\n", "\0", "\n\0"].map((ending) => framedMessage(stage, line + ending));
  const { headerBytes } = layoutOf(stage);
  return await stage.hears({
    accepted,
    hint: HEADER_HINT,
    canonical: (got) => headerBytes === 16 && got.length > 16 ? paddingCleared(got) : got,
    onReads: (reads) => stage.memory.notes.set(PIECES, String(Math.max(pieces(stage), reads))),
  });
}

function paddingCleared(got: Uint8Array): Uint8Array {
  return got.slice().fill(0, 4, 8);
}

function pieces(stage: ClientProbe): number {
  return Number(stage.memory.notes.get(PIECES) ?? 0);
}

async function says(stage: ClientProbe, line: string): Promise<StepOutcome> {
  const outcome = await typesFrame(stage, line);
  if (outcome !== undefined) return outcome;
  await stage.sends("ok");
  // Lest this ko be taken for an early one of the next line; that it comes is another check's business.
  if (!stage.driver.byHand) await stage.driver.waitForOutput(["ko"]);
  return undefined;
}

/** The sheet's `ko`, not before the `ok` (R13, R14, D1). */
async function koAfterOk(stage: ClientProbe): Promise<StepOutcome> {
  const early = await typesFrame(stage, "third line") ??
    await stage.hides(
      "ko",
      "ko tells that the message was received: show it when ok was read, not before",
    );
  if (early !== undefined) return early;
  await stage.sends("ok");
  return await stage.shows(["ko"], "Once the two bytes ok have been read, the client shows ko");
}

/** As a frame, or else as bare text: the sheet leaves open which (D4). */
async function broadcast(stage: ClientProbe): Promise<StepOutcome> {
  const { notes } = stage.memory;
  await stage.sends(framedMessage(stage, "bob: good morning"));
  const asFrame = await stage.shows(["bob", "good morning"], SHOWS_BROADCAST);
  const isClean = !(stage.driver.screen() ?? "").includes("\x01");
  notes.set(FORM, isClean ? TAKES_FRAMES : "it takes broadcasts as bare text, not as frames");
  if (asFrame?.kind !== "miss") return asFrame;
  // What it made of the frame must not spoil the second try.
  await stage.over();
  const again = await stage.connects() ?? await awaitRegistration(stage);
  if (again !== undefined) return again;
  await stage.sends("bob: good morning\n");
  const asText = await stage.shows(["bob", "good morning"], SHOWS_BROADCAST);
  notes.set(
    FORM,
    asText === undefined ? "it takes broadcasts as bare text" : "it shows no broadcast",
  );
  return asText === undefined ? undefined : asFrame;
}

/** Frames cut and joined; not for a client that takes bare text. */
function cut(parts: (stage: ClientProbe) => Uint8Array[], texts: readonly string[]) {
  return async (stage: ClientProbe): Promise<StepOutcome> => {
    const because = stage.memory.notes.get(FORM) ?? TAKES_FRAMES;
    if (because !== TAKES_FRAMES) return { kind: "skip", because };
    await stage.sends(...parts(stage));
    const shown = await stage.shows(texts, WHOLE);
    return shown ?? (stage.driver.byHand ? undefined : await stage.hides("\x01", WHOLE));
  };
}

async function okAndFrame(stage: ClientProbe): Promise<StepOutcome> {
  const typed = await typesFrame(stage, "fourth line");
  if (typed !== undefined) return typed;
  return await cut(
    () => [joined(encodedText("ok"), framedMessage(stage, "bob: behind the answer"))],
    ["bob: behind the answer"],
  )(stage);
}

function oneWrite(stage: ClientProbe): Promise<StepOutcome> {
  const reads = pieces(stage);
  if (reads === 0) return Promise.resolve({ kind: "skip", because: "no frame of its own came" });
  return Promise.resolve(
    reads === 1 ? undefined : miss(
      "header and text in one packet",
      `${reads} packets for one frame`,
      "Put header and text into one buffer and write it once (or use writev): between two writes " +
        "another program's bytes can come, and the reader sees half a frame",
    ),
  );
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.of(...one, ...other);
}

/** Sheet 000. */
export const framedSuite: ClientSuite = {
  title: "framed (sheet 000)",
  show: showFrames,
  asksName: true,
  greet: awaitRegistration,
  steps: [
    step("connects", ["R3", "R8"], "Connects to the address it is given", {
      needs: "off",
      leaves: "connected",
      run: (stage) => stage.connects(),
    }),
    step("registers", ["R9", "R10", "D2"], "Registers its pseudo first, in one consistent frame", {
      needs: "connected",
      run: register,
    }),
    step("sends", ["R9", "R12"], "Sends a typed line as a frame of nature 1", {
      run: (stage) => says(stage, "hello everyone"),
    }),
    step("sends-again", ["R12"], "Sends a second line the same way, in UTF-8", {
      run: (stage) => says(stage, "déjà vu"),
    }),
    step("ko", ["R13", "R14", "D1"], "Shows ko when it has read ok, not before", {
      run: koAfterOk,
    }),
    step("one-write", ["R11"], "Writes header and text at once", {
      level: "advised",
      byHand: false,
      run: oneWrite,
    }),
    step("broadcast", ["R22", "D4"], "Shows a broadcast with its sender, though nothing is typed", {
      run: broadcast,
    }),
    step("split-header", ["R22"], "Reads a frame that is cut in its header", {
      run: cut((stage) => {
        const whole = framedMessage(stage, "bob: cut in the header");
        return [whole.subarray(0, 3), whole.subarray(3, 7), whole.subarray(7)];
      }, ["bob: cut in the header"]),
    }),
    step("split-text", ["R22"], "Reads a frame that is cut in its text, in an accent even", {
      run: cut((stage) => {
        const whole = framedMessage(stage, "bob: coupé ici");
        const at = whole.indexOf(0xc3) + 1;
        return [whole.subarray(0, at), whole.subarray(at)];
      }, ["bob: coupé ici"]),
    }),
    step("two-in-one", ["R22"], "Reads two frames that come in one packet", {
      run: cut(
        (
          stage,
        ) => [
          joined(
            framedMessage(stage, "bob: first of two"),
            framedMessage(stage, "eve: second of two"),
          ),
        ],
        ["bob: first of two", "eve: second of two"],
      ),
    }),
    step("ok-and-frame", ["R14", "R22", "D4"], "Tells ok from the frame behind it in one packet", {
      run: okAndFrame,
    }),
    step("long", ["D18"], `Shows a broadcast of ${LONG_TEXT.length} bytes whole`, {
      level: "advised",
      byHand: false,
      run: cut((stage) => [framedMessage(stage, `bob: ${LONG_TEXT}`)], [LONG_TEXT]),
    }),
    idles({ sources: ["R3"], level: "advised" }),
    endOfInput({ sources: ["R33"], level: "advised" }),
    serverCloses({ sources: ["R26"], level: "advised" }),
    serverVanishes({ sources: ["R22"], level: "required" }, (stage) => {
      const whole = framedMessage(stage, "bob: half a message");
      return whole.subarray(0, whole.length - 8);
    }),
    inputAfterClose({ sources: ["R12"], level: "advised" }),
  ],
};
