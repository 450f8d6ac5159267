// Writing whole arrays of bytes: a write to a stream or file may take only the first of them.

/** Writes all of `bytes`, in as many writes as that takes; throws what the target throws. */
export async function writeAll(
  target: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await target.write(bytes.subarray(at));
}

/** The same, waiting for the target in place. */
export function writeAllSync(
  target: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += target.writeSync(bytes.subarray(at));
}
