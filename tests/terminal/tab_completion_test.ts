import assert from "node:assert/strict";
import { commonPrefix, listing, MAX_CANDIDATES_LISTED } from "../../terminal/tab_completion.ts";
import { EN } from "../../texts/en.ts";

Deno.test("commonPrefix() is in whole grapheme clusters", () => {
  assert.equal(commonPrefix([]), "");
  assert.equal(commonPrefix(["one"]), "one");
  assert.equal(commonPrefix(["/who", "/whois", "/whale"]), "/wh");
  assert.equal(commonPrefix(["a", "b"]), "");
  assert.equal(commonPrefix(["x👍🏽", "x👍🏿"]), "x");
});

Deno.test("listing() aligns columns by what is seen and keeps within the width", () => {
  assert.equal(listing(["/who ", "@界", "#a", "@bob"], 14), "/who  @界\n#a    @bob");
  assert.equal(listing(["aaa", "bbb"], 8), "aaa  bbb");
  assert.equal(listing(["aaa", "bbb"], 7), "aaa\nbbb");
  assert.equal(listing(["a-long-name", "b"], 4), "a-long-name\nb");
});

Deno.test("listing() says the number of those it does not name", () => {
  const lines = listing(
    Array.from({ length: MAX_CANDIDATES_LISTED + 3 }, (_, i) => `n${i}`),
    1,
    EN.events.andMore,
  )
    .split("\n");
  assert.deepEqual(lines.slice(-2), [`n${MAX_CANDIDATES_LISTED - 1}`, "... and 3 more"]);
});
