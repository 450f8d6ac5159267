// The first frame of a client of sheet 000: whether it registers a pseudo, and in which of six layouts
// (R9, R10, D2). Everything sent to the client afterwards has that layout.

import { frame, guessLayout, type Layout, LAYOUTS, settleLayout } from "../../protocol/frames.ts";
import { MAX_FRAME_BYTES, MAX_SERVER_FRAME_BYTES } from "../../protocol/limits.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { decodedText } from "./describe_exit.ts";
import { visibleBytes, visibleFrames } from "../visible.ts";

/** What a frame is, for whoever sends something else. */
export const HEADER_HINT =
  "A frame is an int (0 registers, 1 is a message), a size_t with the length of the " +
  "text in bytes, and exactly so many bytes of text";

/** Where the layout is remembered. */
const LAYOUT = "layout";

/** Waits for the registration (R9, R10) and finds out the layout (D2). */
export async function awaitRegistration(stage: ClientProbe): Promise<StepOutcome> {
  await stage.firstBytes();
  const { wire } = stage;
  await wire.until(
    () => isSettled(wire.unread) || wire.end !== "open" || undefined,
    stage.patience.answerMs,
  );
  await wire.quiet(stage.patience.quietMs);
  const head = wire.unread;
  const settled = settleLayout(head, MAX_FRAME_BYTES);
  const layout = typeof settled === "string" ? guessLayout(head, MAX_FRAME_BYTES) : settled;
  if (layout === undefined) {
    return miss(
      "a frame: an int 0, the length of the pseudo, the pseudo",
      stage.received(wire.take()),
      HEADER_HINT,
    );
  }
  remember(stage, layout);
  const { nature, length } = header(layout, head);
  const end = layout.headerBytes + length;
  const name = decodedText(head.subarray(layout.headerBytes, end)).replace(/(?:\r?\n)?\0?$/, "");
  const isWhole = head.length >= end;
  if (isWhole) stage.learnName(name);
  const isAlone = head.length === end || stage.nameIsText;
  if (nature !== 0 || !isWhole || !isAlone || name === "" || name.includes("\0")) {
    const wanted = `an int 0, a length, as many bytes of pseudo; the header is ${
      layoutText(layout)
    }`;
    return miss(
      wanted,
      stage.received(wire.take()),
      registrationHint({ nature, length, head, end, name }),
    );
  }
  await stage.settle();
  return undefined;
}

/** What the first frame was. */
interface Registration {
  readonly nature: number;
  readonly length: number;
  readonly head: Uint8Array;
  readonly end: number;
  readonly name: string;
}

function registrationHint({ nature, length, head, end, name }: Registration): string {
  if (nature !== 0) return "The first frame registers the pseudo: its int is 0";
  if (head.length < end) {
    const came = length - (end - head.length);
    return `The header says ${length} bytes of text and ${came} came: the length is strlen(pseudo)`;
  }
  if (name === "" || name.includes("\0")) {
    return "The text is the pseudo alone: its length is strlen(pseudo)";
  }
  return `The header says ${length} bytes of text and more came: write the header and as many bytes ` +
    "as it says, not the whole buffer";
}

/** The same, and names the layout that was seen (D2). */
export async function register(stage: ClientProbe): Promise<StepOutcome> {
  const outcome = await awaitRegistration(stage);
  if (outcome !== undefined) return outcome;
  return {
    kind: "noted",
    title: `Registers its pseudo first; its header is ${layoutText(layoutOf(stage))}`,
  };
}

function layoutText({ headerBytes, littleEndian }: Layout): string {
  const parts = {
    16: "an int, 4 bytes of padding and a 64-bit length (a C struct)",
    12: "an int and a 64-bit length",
    8: "an int and a 32-bit length",
  };
  return `${headerBytes} bytes: ${parts[headerBytes]}, ${littleEndian ? "little" : "big"}-endian`;
}

/** A message in the client's layout. */
export function framedMessage(stage: ClientProbe, text: string): Uint8Array {
  return frame(layoutOf(stage), 1, text);
}

function remember(stage: ClientProbe, layout: Layout): void {
  stage.memory.notes.set(LAYOUT, String(LAYOUTS.indexOf(layout)));
  stage.show = visibleFrames(layout);
}

/** The layout the client registered in. */
export function layoutOf(stage: ClientProbe): Layout {
  const layout = LAYOUTS[Number(stage.memory.notes.get(LAYOUT))];
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

/** Frames of any layout as such, everything else as text: a transcript has both. */
export function showFrames(bytes: Uint8Array): string {
  const layout = guessLayout(bytes, MAX_SERVER_FRAME_BYTES);
  return layout === undefined ? visibleBytes(bytes) : visibleFrames(layout)(bytes);
}
