// Frames as C programs write them: with garbage in the padding of the struct.

import type { Layout } from "../../protocol/frame_layouts.ts";
import { frame, type Nature } from "../../protocol/frames.ts";

/** `16 little`, for the titles of tests. */
export function layoutName({ headerBytes, littleEndian }: Layout): string {
  return `${headerBytes} ${littleEndian ? "little" : "big"}`;
}

/** A frame with that padding, an unsigned 32-bit number, if its layout has padding. */
export function framePadded(
  layout: Layout,
  { nature, text, padding }: { nature: Nature; text: string; padding: number },
): Uint8Array<ArrayBuffer> {
  const whole = frame(layout, nature, text);
  if (layout.headerBytes === 16) new DataView(whole.buffer).setUint32(4, padding, true);
  return whole;
}
