// Values made from a catalogue once per language, so that all who read one language share them.

import type { Texts } from "./texts.ts";

/** Returns a function that calls `make` once for each catalogue and returns the same value after that. */
export function perLanguage<Value>(make: (texts: Texts) => Value): (texts: Texts) => Value {
  const made = new Map<Texts, Value>();
  return (texts) => {
    const known = made.get(texts);
    if (known !== undefined) return known;
    const value = make(texts);
    made.set(texts, value);
    return value;
  };
}
