import assert from "node:assert/strict";
import { limitsMarkdown, limitsText } from "../../cli/limits_text.ts";
import { DEFAULT_LIMITS, LIMIT_KEYS, LIMITS } from "../../server/limits.ts";

Deno.test("limitsText() shows each limit with its value, and the default where it differs", () => {
  const text = limitsText({ ...DEFAULT_LIMITS, messageRate: 200 });
  for (const key of LIMIT_KEYS) assert.ok(text.includes(`\n    ${LIMITS[key].help}`), key);
  assert.match(text, /^message-rate +200\/s \(default 50\/s\) +1\/s to 10000000\/s$/m);
  assert.match(text, /^stalled +10s +1s to 24h$/m);
});

Deno.test("docs/limits.md has the limits as they are", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/limits.md", import.meta.url));
  // The formatter aligns the columns.
  const bare = (table: string) =>
    table.split("\n").map((line) => line.replace(/ *\| */g, "|").replace(/-+/g, "-"));
  const [, rest = ""] = page.split("<!-- tests/cli/limits_text_test.ts");
  const table = rest.split("\n").filter((line) => line.startsWith("| ")).slice(
    0,
    LIMIT_KEYS.length + 2,
  );
  assert.deepEqual(bare(table.join("\n")), bare(limitsMarkdown()));
});
