import { assertEquals } from "@std/assert";
import { complete } from "../../client/completion_candidates.ts";

const KNOWN = {
  commands: ["help", "history", "join", "msg"],
  names: ["Alice", "alan", "bob"],
  groups: ["cooks", "coders"],
};

const CASES: readonly [line: string, from: number, candidates: string[]][] = [
  ["/h", 0, ["/help ", "/history "]],
  ["/", 0, ["/help ", "/history ", "/join ", "/msg "]],
  ["/x", 0, []],
  ["@al", 0, ["@Alice ", "@alan "]],
  ["hi @B", 3, ["@bob "]],
  ["@c", 0, ["@cooks ", "@coders "]],
  ["#co", 0, ["#cooks ", "#coders "]],
  ["see #cod", 4, ["#coders "]],
  ["/msg a", 5, ["Alice ", "alan "]],
  ["/msg ", 5, ["Alice ", "alan ", "bob ", "cooks ", "coders "]],
  ["/tell b", 6, ["bob "]],
  ["/nick a", 6, []],
  ["/msg bob a", 9, []],
  ["/join co", 6, ["cooks ", "coders "]],
  ["/join #coo", 6, ["#cooks "]],
  ["say /h", 4, []],
  ["al", 0, []],
  ["", 0, []],
];

for (const [line, from, candidates] of CASES) {
  Deno.test(`complete() offers ${candidates.length} for ${JSON.stringify(line)}`, () => {
    assertEquals(complete(line, line.length, KNOWN), { from, candidates });
  });
}

Deno.test("complete() looks at what stands before the cursor only", () => {
  assertEquals(complete("@bo rest", 3, KNOWN), { from: 0, candidates: ["@bob "] });
});
