// How the bytes of one step arrive: the ways of cutting them that must make no difference.

/** How the bytes of a step arrive. */
export const CHUNKINGS = ["whole", "in two", "byte by byte"] as const;
/** One of them. */
export type Chunking = typeof CHUNKINGS[number];

/** Longer steps arrive in pieces of a prime size instead of byte by byte. */
const MAX_SINGLE_BYTES = 2_048;
const PIECE_BYTES = 61;

/** The bytes as that delivery hands them over; `cut` says where, in the one that cuts in two. */
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
