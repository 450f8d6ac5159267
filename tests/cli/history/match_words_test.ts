import { assert, assertStrictEquals } from "@std/assert";
import { wordMatcher } from "../../../cli/history/match_words.ts";

function finds(words: readonly string[], text: string, from = "ann"): boolean {
  return wordMatcher(words)({ from, text });
}

Deno.test("wordMatcher() finds a word in whatever form its letters are written (O6)", () => {
  const forms = [
    ["café", "cafe\u0301"],
    ["Straße", "STRASSE"],
    ["ab", "ａｂ"],
    ["fi", "ﬁ"],
    ["ΟΔΟΣ", "οδος"],
    ["한", "\u1112\u1161\u11ab"],
    ["İzmir", "izmir"],
    ["GRÜ", "Grüße"],
  ] as const;
  for (const [one, other] of forms) {
    assert(finds([one], `x ${other} y`), `${one} in ${other}`);
    if (one !== "GRÜ") assert(finds([other], `x ${one} y`), `${other} in ${one}`);
  }
});

Deno.test("wordMatcher() finds the part of a word, with any sigma (O6)", () => {
  assert(finds(["ΛΟΓΟΣ"], "λογοσκοπος"));
});

Deno.test("wordMatcher() wants all the words, in the name or the text", () => {
  assert(finds([], "x"));
  assert(finds(["ANN", "soup"], "Soup today"));
  assertStrictEquals(finds(["soup", "bread"], "Soup today"), false);
  assertStrictEquals(finds(["cafe"], "café"), false);
});
