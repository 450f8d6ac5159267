// The names to try where one is taken. Pure.

/** Most characters of a name on our own server (protocol.md, Names). */
const MAX_CHARS = 32;

/** The last number that is tried. */
const LAST = 99;

/** `bob_2` after `bob`, `bob_3` after that, up to `bob_99`; undefined after the last. */
export function nextNumberedName(taken: string): string | undefined {
  const [, base = taken, number = "1"] = /^(.+)_(\d{1,2})$/su.exec(taken) ?? [];
  const next = Number(number) + 1;
  if (next > LAST) return undefined;
  const suffix = `_${next}`;
  return [...base].slice(0, MAX_CHARS - suffix.length).join("") + suffix;
}
