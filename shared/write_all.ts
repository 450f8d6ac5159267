// Writes whole arrays of bytes to streams and files, which may take only the first bytes of each
// write.

/** Writes all of `bytes`, in as many writes as needed; throws what the target throws. */
export async function writeAll(
  target: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await target.write(bytes.subarray(at));
}

/** The same, synchronously. */
export function writeAllSync(
  target: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += target.writeSync(bytes.subarray(at));
}
