// How the bytes of one step are cut into chunks: it must make no difference.

/** The ways to cut the bytes of a step. */
export const CHUNKINGS = ["whole", "in two", "byte by byte"] as const;
/** A way to cut the bytes of a step. */
export type Chunking = typeof CHUNKINGS[number];

/** Longer steps arrive in pieces of a prime size instead of byte by byte. */
const MAX_SINGLE_BYTES = 2_048;
const PIECE_BYTES = 61;

/** The chunks of `bytes` in that delivery; `cut` is where "in two" cuts. */
export function chunked(bytes: Uint8Array, delivery: Chunking, cut: number): Uint8Array[] {
  if (delivery === "whole" || bytes.length < 2) return [bytes];
  if (delivery === "in two") {
    const at = 1 + cut % (bytes.length - 1);
    return [bytes.subarray(0, at), bytes.subarray(at)];
  }
  const size = bytes.length > MAX_SINGLE_BYTES ? PIECE_BYTES : 1;
  return Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) => bytes.subarray(index * size, (index + 1) * size),
  );
}
