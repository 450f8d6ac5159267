import { assertEquals, assertStrictEquals } from "@std/assert";
import { commonPrefix, listing, MAX_CANDIDATES_LISTED } from "../../terminal/tab_completion.ts";
import { EN } from "../../texts/en.ts";

Deno.test("commonPrefix() is in whole grapheme clusters", () => {
  assertStrictEquals(commonPrefix([]), "");
  assertStrictEquals(commonPrefix(["one"]), "one");
  assertStrictEquals(commonPrefix(["/who", "/whois", "/whale"]), "/wh");
  assertStrictEquals(commonPrefix(["a", "b"]), "");
  assertStrictEquals(commonPrefix(["x👍🏽", "x👍🏿"]), "x");
});

Deno.test("listing() aligns columns by what is seen and keeps within the width", () => {
  assertStrictEquals(listing(["/who ", "@界", "#a", "@bob"], 14), "/who  @界\n#a    @bob");
  assertStrictEquals(listing(["aaa", "bbb"], 8), "aaa  bbb");
  assertStrictEquals(listing(["aaa", "bbb"], 7), "aaa\nbbb");
  assertStrictEquals(listing(["a-long-name", "b"], 4), "a-long-name\nb");
});

Deno.test("listing() says the number of those it does not name", () => {
  const lines = listing(
    Array.from({ length: MAX_CANDIDATES_LISTED + 3 }, (_, i) => `n${i}`),
    1,
    EN.events.andMore,
  )
    .split("\n");
  assertEquals(lines.slice(-2), [`n${MAX_CANDIDATES_LISTED - 1}`, "... and 3 more"]);
});
