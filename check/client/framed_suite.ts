// The checks of a client of sheet 000: frames out in any of six layouts, ok and broadcasts in
// (R8-R14, R22, D1-D4). Frames sent to the client have its own layout.

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
  layoutOf,
  register,
  showFrames,
} from "./framed_registration.ts";
import { otherNames } from "./name_steps.ts";
import { pastedLines } from "./pasted_lines.ts";
import { typingSteps } from "./typing_steps.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { LONG_TEXT, stepBuilder } from "./step_builders.ts";
import { encodedText } from "./encoded_text.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";

/** Key of the note on the most packets that one frame of the client came in. */
const PACKETS = "packets";
/** Key of the note on the broadcasts that the client shows: frames (the default), bare text, or none. */
const FORM = "form";
const BARE_TEXT = "bare text";
const NONE = "none";

/** Types a line, or the rest of the `whole` line, and expects a frame; a newline or NUL may end it. */
async function typesFrame(probe: ClientProbe, line: string, whole = line): Promise<StepOutcome> {
  probe.driver.clearOutput();
  await probe.driver.type(line);
  const accepted = ["", "\n", "\0", "\n\0"].map((ending) => framedMessage(probe, whole + ending));
  const { headerBytes } = layoutOf(probe);
  return await probe.expectBytes({
    accepted,
    hint: probe.texts.framed.frame,
    canonical: (got) => headerBytes === 16 && got.length > 16 ? paddingCleared(got) : got,
    onReads: (reads) => probe.traits.notes.set(PACKETS, String(Math.max(packets(probe), reads))),
  });
}

/** Clears the padding of each frame of 16 bytes, which may have any value. */
function paddingCleared(got: Uint8Array): Uint8Array {
  const cleared = got.slice();
  const view = new DataView(cleared.buffer);
  for (let at = 0; at + 16 <= cleared.length;) {
    cleared.fill(0, at + 4, at + 8);
    const [little, big] = [view.getBigUint64(at + 8, true), view.getBigUint64(at + 8)];
    at += 16 + Number(little < big ? little : big);
  }
  return cleared;
}

/** Types two lines and expects two frames; a client may wait for ok before the second. */
async function pastesFrames(probe: ClientProbe, lines: readonly string[]): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  await probe.driver.type(...lines);
  const hasCome = () => wire.unread.length > 0 || wire.end !== "open" || undefined;
  await wire.until(hasCome, timeouts.answerMs);
  await wire.quiet(timeouts.quietMs);
  await probe.send("okok");
  const accepted = ["", "\n", "\0", "\n\0"].map((ending) =>
    Uint8Array.of(...lines.flatMap((line) => [...framedMessage(probe, line + ending)]))
  );
  const { headerBytes } = layoutOf(probe);
  const canonical = headerBytes === 16 ? paddingCleared : undefined;
  return await probe.expectBytes({
    accepted,
    hint: probe.texts.framed.frame,
    ...canonical === undefined ? {} : { canonical },
  });
}

function packets(probe: ClientProbe): number {
  return Number(probe.traits.notes.get(PACKETS) ?? 0);
}

async function typesAndGetsOk(probe: ClientProbe, line: string): Promise<StepOutcome> {
  const outcome = await typesFrame(probe, line);
  if (outcome !== undefined) return outcome;
  await probe.send("ok");
  // A late ko would pass for an early one of the next line; that it comes is checked by the step `ko`.
  if (!probe.driver.byHand) await probe.driver.waitForOutput(["ko"]);
  return undefined;
}

/** Expects `ko` on the screen after `ok` was sent, not before (R13, R14, D1). */
async function koAfterOk(probe: ClientProbe): Promise<StepOutcome> {
  const early = await typesFrame(probe, "third line") ??
    await probe.expectNoOutput("ko", probe.texts.framed.koEarly);
  if (early !== undefined) return early;
  await probe.send("ok");
  return await probe.expectOutput(["ko"], probe.texts.framed.koAfterOk);
}

/** Sends a broadcast as a frame, then as bare text: the sheet leaves open which (D4). */
async function broadcast(probe: ClientProbe): Promise<StepOutcome> {
  const { notes } = probe.traits;
  await probe.send(framedMessage(probe, "bob: good morning"));
  const asFrame = await probe.expectOutput(["bob", "good morning"], probe.texts.framed.broadcast);
  const isClean = !(probe.driver.screen() ?? "").includes("\x01");
  if (!isClean) notes.set(FORM, BARE_TEXT);
  if (asFrame?.kind !== "miss") return asFrame;
  // A new client, so that the bytes of the frame do not fail the second try.
  await probe.stop();
  const again = await probe.connect() ?? await awaitRegistration(probe);
  if (again !== undefined) return again;
  await probe.send("bob: good morning\n");
  const asText = await probe.expectOutput(["bob", "good morning"], probe.texts.framed.broadcast);
  notes.set(FORM, asText === undefined ? BARE_TEXT : NONE);
  return asText === undefined ? undefined : asFrame;
}

/** Sends frames cut and joined; skips a client that does not show frames. */
function cut(parts: (probe: ClientProbe) => Uint8Array[], texts: readonly string[]) {
  return async (probe: ClientProbe): Promise<StepOutcome> => {
    const { framed } = probe.texts;
    const form = probe.traits.notes.get(FORM);
    if (form !== undefined) return skip(form === NONE ? framed.noBroadcast : framed.bareText);
    await probe.send(...parts(probe));
    const shown = await probe.expectOutput(texts, framed.whole);
    return shown ??
      (probe.driver.byHand ? undefined : await probe.expectNoOutput("\x01", framed.whole));
  };
}

async function okAndFrame(probe: ClientProbe): Promise<StepOutcome> {
  const typed = await typesFrame(probe, "fourth line");
  if (typed !== undefined) return typed;
  return await cut(
    () => [joined(encodedText("ok"), framedMessage(probe, "bob: after the answer"))],
    ["bob: after the answer"],
  )(probe);
}

/**
 * Two packets for a frame show two writes; one packet shows nothing, because two writes in a row mostly
 * arrive together. So the writes are counted where strace is installed.
 */
async function oneWrite(probe: ClientProbe): Promise<StepOutcome> {
  const count = packets(probe);
  const { driver, texts: { framed } } = probe;
  if (count === 0) return skip(framed.noFrame);
  if (count > 1) return miss(framed.onePacket, framed.packets(count), framed.oneWrite);
  if (!driver.useTrace(true)) return skip(framed.noStrace);
  await probe.stop();
  try {
    return await tracedFrames(probe);
  } finally {
    await probe.stop();
    driver.useTrace(false);
  }
}

/** Counts the writes of the registration and of one typed line. */
async function tracedFrames(probe: ClientProbe): Promise<StepOutcome> {
  const { driver, texts: { framed } } = probe;
  const started = await probe.connect() ?? await awaitRegistration(probe);
  if (started?.kind === "miss") return skip(framed.straceFailed);
  const registration = driver.writes() ?? [];
  const typed = await typesFrame(probe, "written in one go");
  if (typed !== undefined) return skip(framed.straceFailed);
  const message = driver.writes()?.slice(registration.length) ?? [];
  if (registration.length === 0 || message.length === 0) return skip(framed.straceFailed);
  const frame = [probe.nameIsText ? [] : registration, message].find(({ length }) => length > 1);
  if (frame === undefined) return undefined;
  return miss(framed.oneCall, framed.calls(frame), framed.oneWrite);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.of(...one, ...other);
}

/** Sheet 000. */
export function framedSuite(texts: ClientCheckTexts): ClientSuite {
  const step = stepBuilder(texts.titles.framed);
  return {
    title: texts.framed.suite,
    show: showFrames,
    asksName: true,
    greet: awaitRegistration,
    steps: [
      step("connects", ["R3", "R8"], {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("registers", ["R9", "R10", "D2"], {
        needs: "connected",
        run: register,
      }),
      step("sends", ["R9", "R12"], {
        run: (probe) => typesAndGetsOk(probe, "hello everyone"),
      }),
      step("sends-again", ["R12"], {
        types: true,
        run: (probe) => typesAndGetsOk(probe, "déjà vu"),
      }),
      step("ko", ["R13", "R14", "D1"], {
        types: true,
        run: koAfterOk,
      }),
      step("one-write", ["R11"], {
        level: "advised",
        leaves: "off",
        types: true,
        byHand: false,
        run: oneWrite,
      }),
      step("broadcast", ["R22", "D4"], {
        run: broadcast,
      }),
      step("split-header", ["R22"], {
        run: cut((probe) => {
          const whole = framedMessage(probe, "bob: cut in the header");
          return [whole.subarray(0, 3), whole.subarray(3, 7), whole.subarray(7)];
        }, ["bob: cut in the header"]),
      }),
      step("split-text", ["R22"], {
        run: cut((probe) => {
          const whole = framedMessage(probe, "bob: coupé ici");
          const at = whole.indexOf(0xc3) + 1;
          return [whole.subarray(0, at), whole.subarray(at)];
        }, ["bob: coupé ici"]),
      }),
      step("two-in-one", ["R22"], {
        run: cut(
          (
            probe,
          ) => [
            joined(
              framedMessage(probe, "bob: first of two"),
              framedMessage(probe, "eve: second of two"),
            ),
          ],
          ["bob: first of two", "eve: second of two"],
        ),
      }),
      step("ok-and-frame", ["R14", "R22", "D4"], {
        types: true,
        run: okAndFrame,
      }),
      step("long", ["D18"], {
        level: "advised",
        byHand: false,
        run: cut((probe) => [framedMessage(probe, `bob: ${LONG_TEXT}`)], [LONG_TEXT]),
      }),
      idles(texts, { sources: ["R3"], level: "advised" }),
      pastedLines(texts, ["R12"], pastesFrames),
      otherNames(texts, ["R10", "D18"], awaitRegistration),
      ...typingSteps(texts, { sources: ["R3", "D23"], level: "advised" }, {
        greet: awaitRegistration,
        message: (probe, author, text) => probe.send(framedMessage(probe, `${author}: ${text}`)),
        finish: typesFrame,
      }),
      endOfInput(texts, { sources: ["R33"], level: "advised" }),
      serverCloses(texts, { sources: ["R26"], level: "advised" }),
      serverVanishes(texts, { sources: ["R22"], level: "required" }, (probe) => {
        const whole = framedMessage(probe, "bob: half a message");
        return whole.subarray(0, whole.length - 8);
      }),
      inputAfterClose(texts, { sources: ["R12"], level: "advised" }),
    ],
  };
}
