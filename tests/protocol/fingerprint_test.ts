import { assertStrictEquals, assertThrows } from "@std/assert";
import { formatFingerprint, parseFingerprint } from "../../protocol/fingerprint.ts";

const PAIRS = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, "0"));
const WANT = `SHA256:${PAIRS.join(":").toUpperCase()}`;

for (
  const text of [
    WANT,
    PAIRS.join(""),
    PAIRS.join(":"),
    `sha256:${PAIRS.join("")}`,
    `SHA-256=${PAIRS.join(":")}`,
  ]
) {
  Deno.test(`parseFingerprint() takes ${text.slice(0, 20)}...`, () => {
    assertStrictEquals(parseFingerprint(text), WANT);
    assertStrictEquals(formatFingerprint(text), WANT);
  });
}

for (
  const text of ["", "SHA256:", PAIRS.slice(1).join(":"), `${PAIRS.join("")}0`, "g".repeat(64)]
) {
  Deno.test(`parseFingerprint() refuses "${text.slice(0, 20)}"`, () => {
    assertStrictEquals(parseFingerprint(text), undefined);
    assertThrows(() => formatFingerprint(text), TypeError);
  });
}
