// The first frame of a client of sheet 000: checks that it registers a pseudo, and finds out which
// of the six layouts it has (R9, R10, D2). All frames sent to the client have the same layout.

import { type Layout, LAYOUTS } from "../../protocol/frame_layouts.ts";
import { frame, guessLayout, settleLayout } from "../../protocol/frames.ts";
import { MAX_FRAME_BYTES, MAX_SERVER_FRAME_BYTES } from "../../protocol/limits.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { withNaming } from "./name_steps.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { decodedText } from "./encoded_text.ts";
import { visibleBytes, visibleFrames } from "../visible.ts";

/** Key of the note on the layout: its index in LAYOUTS. */
const LAYOUT = "layout";

/** Waits for the registration (R9, R10) and finds out the layout (D2). */
export async function awaitRegistration(probe: ClientProbe): Promise<StepOutcome> {
  await probe.waitForFirstBytes();
  const { wire } = probe;
  await wire.until(
    () => isSettled(wire.unread) || wire.end !== "open" || undefined,
    probe.timeouts.answerMs,
  );
  await wire.quiet(probe.timeouts.quietMs);
  const head = wire.unread;
  const settled = settleLayout(head, MAX_FRAME_BYTES);
  const layout = typeof settled === "string" ? guessLayout(head, MAX_FRAME_BYTES) : settled;
  if (layout === undefined) {
    return miss(
      probe.texts.framed.registration,
      probe.received(wire.take()),
      probe.texts.framed.frame,
    );
  }
  remember(probe, layout);
  const { nature, length } = header(layout, head);
  const end = layout.headerBytes + length;
  const name = decodedText(head.subarray(layout.headerBytes, end)).replace(/(?:\r?\n)?\0?$/, "");
  const isWhole = head.length >= end;
  if (isWhole) probe.learnName(name);
  const isAlone = head.length === end || probe.nameIsText;
  if (nature !== 0 || !isWhole || !isAlone || name === "" || name.includes("\0")) {
    return miss(
      probe.texts.framed.registrationIn(layoutText(layout, probe.texts)),
      probe.received(wire.take()),
      registrationHint({ nature, length, head, end, name }, probe.texts),
    );
  }
  await probe.settle();
  return undefined;
}

/** The first frame, `head` being all bytes that came and `end` where the frame ends. */
interface Registration {
  readonly nature: number;
  readonly length: number;
  readonly head: Uint8Array;
  readonly end: number;
  readonly name: string;
}

function registrationHint(
  { nature, length, head, end, name }: Registration,
  { framed }: ClientCheckTexts,
): string {
  if (nature !== 0) return framed.firstInt;
  if (head.length < end) return framed.tooShort(length, length - (end - head.length));
  return name === "" || name.includes("\0") ? framed.pseudoAlone : framed.tooLong(length);
}

/** The same; the title of the finding names the layout (D2). */
export async function register(probe: ClientProbe): Promise<StepOutcome> {
  const outcome = await awaitRegistration(probe);
  if (outcome !== undefined) return outcome;
  const { texts } = probe;
  return withNaming(probe, texts.framed.registersIn(layoutText(layoutOf(probe), texts)));
}

function layoutText({ headerBytes, littleEndian }: Layout, { framed }: ClientCheckTexts): string {
  return framed.header(headerBytes, littleEndian);
}

/** A message in the client's layout. */
export function framedMessage(probe: ClientProbe, text: string): Uint8Array {
  return frame(layoutOf(probe), 1, text);
}

function remember(probe: ClientProbe, layout: Layout): void {
  probe.traits.notes.set(LAYOUT, String(LAYOUTS.indexOf(layout)));
  probe.show = visibleFrames(layout);
}

/** The layout of the client's registration; throws before that. */
export function layoutOf(probe: ClientProbe): Layout {
  const layout = LAYOUTS[Number(probe.traits.notes.get(LAYOUT))];
  if (layout === undefined) throw new Error("The layout is not known before the registration");
  return layout;
}

function isSettled(head: Uint8Array): true | undefined {
  const layout = settleLayout(head, MAX_FRAME_BYTES);
  if (typeof layout === "string") return undefined;
  return head.length >= layout.headerBytes + header(layout, head).length || undefined;
}

function header({ headerBytes, littleEndian }: Layout, head: Uint8Array) {
  const view = new DataView(head.slice(0, headerBytes).buffer);
  const length = headerBytes === 8
    ? view.getUint32(4, littleEndian)
    : Number(view.getBigUint64(headerBytes - 8, littleEndian));
  return { nature: view.getUint32(0, littleEndian), length };
}

/** Shows frames of any layout as frames, and other bytes as text: a transcript has both. */
export function showFrames(bytes: Uint8Array): string {
  const layout = guessLayout(bytes, MAX_SERVER_FRAME_BYTES);
  return layout === undefined ? visibleBytes(bytes) : visibleFrames(layout)(bytes);
}
