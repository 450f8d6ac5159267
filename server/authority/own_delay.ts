// The delay of a connection after its own wrong secrets. Pure.

/**
 * In milliseconds: a connection's delay after its first wrong secret, doubled with each further
 * one, and its maximum.
 */
const OWN_MS = 500;
const OWN_MOST_MS = 8_000;

/** The delay of a connection after its `failures`-th wrong secret, in milliseconds. */
export function ownDelayMs(failures: number): number {
  return Math.min(OWN_MOST_MS, OWN_MS * 2 ** (failures - 1));
}
