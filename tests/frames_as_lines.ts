// Turns what is received in dialects without lines into lines, so that one script reads all of
// them.

const ETX = 0x03;
const EOT = 0x04;
const LF = 0x0a;
const HEADER_BYTES = 16;
const GOODBYE = new TextEncoder().encode("EOT\n");

/** At least a line per flow, one for each of its lines; `EOT` ends the session. */
export function etxLines(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      const end = chunk.indexOf(EOT);
      const flows = end === -1 ? chunk : chunk.subarray(0, end);
      controller.enqueue(flows.map((byte) => byte === ETX ? LF : byte));
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
