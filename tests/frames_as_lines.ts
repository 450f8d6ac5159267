// Turns what is received in dialects without lines into lines, so that one script reads all of
// them.

const ETX = 0x03;
const EOT = 0x04;
const LF = 0x0a;
const HEADER_BYTES = 16;
const GOODBYE = new TextEncoder().encode("EOT\n");

/** A line for each line of a text; ETX ends the last one, if it has no end. `EOT` ends the session. */
export function etxLines(): TransformStream<Uint8Array, Uint8Array> {
  let last = LF;
  return new TransformStream({
    transform(chunk, controller) {
      const end = chunk.indexOf(EOT);
      const bytes: number[] = [];
      for (const byte of end === -1 ? chunk : chunk.subarray(0, end)) {
        if (byte !== ETX) bytes.push(last = byte);
        else if (last !== LF) bytes.push(last = LF);
      }
      controller.enqueue(Uint8Array.from(bytes));
      if (end !== -1) controller.enqueue(GOODBYE);
    },
  });
}

/**
 * A line for the text of each frame with a header of 16 bytes, and for each `ok`; lines stay as
 * they are.
 */
export function framedLines(): TransformStream<Uint8Array, Uint8Array> {
  let rest = new Uint8Array(0);
  return new TransformStream({
    transform(chunk, controller) {
      rest = Uint8Array.from([...rest, ...chunk]);
      for (let item; (item = firstItem(rest)) !== undefined;) {
        controller.enqueue(Uint8Array.from([...rest.subarray(item.start, item.end), LF]));
        rest = rest.slice(item.next);
      }
    },
    flush(controller) {
      controller.enqueue(rest);
    },
  });
}

/** The first whole item in `head`: where its text is, and where the next one begins. */
function firstItem(head: Uint8Array): { start: number; end: number; next: number } | undefined {
  if (head[0] === 1) {
    if (head.length < HEADER_BYTES) return undefined;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(8, true);
    const end = HEADER_BYTES + length;
    return head.length < end ? undefined : { start: HEADER_BYTES, end, next: end };
  }
  if (head[0] === 0x6f && head[1] === 0x6b) return { start: 0, end: 2, next: 2 };
  const end = head.indexOf(LF);
  return end === -1 ? undefined : { start: 0, end, next: end + 1 };
}
