import { assert, assertEquals, assertMatch } from "@std/assert";
import { limitsText } from "../../../cli/serve/limits_help.ts";
import { formatLimitValue, formatRange } from "../../../server/limits/limit_values.ts";
import { DEFAULT_LIMITS, LIMIT_KEYS, LIMITS } from "../../../server/limits/limits.ts";

Deno.test("limitsText() shows each limit with its value, and the default where it differs", () => {
  const text = limitsText({ ...DEFAULT_LIMITS, messageRate: 200 });
  for (const key of LIMIT_KEYS) assert(text.includes(`\n    ${LIMITS[key].help}`), key);
  assertMatch(text, /^message-rate +200\/s \(default 50\/s\) +1\/s to 10000000\/s$/m);
  assertMatch(text, /^stalled +10s +1s to 1d$/m);
});

/** The row that docs/limits.md must have for a limit, without padding. */
function rowOf(key: typeof LIMIT_KEYS[number]): string {
  const row = LIMITS[key];
  const when = "fixed" in row ? "at the next start" : "immediately";
  const cells = [
    `\`${row.name}\``,
    formatLimitValue(row, row.usual),
    formatRange(row),
    when,
    row.help,
  ];
  return `| ${cells.join(" | ")} |`;
}

Deno.test("docs/limits.md has the limits as they are", () => {
  const page = Deno.readTextFileSync(new URL("../../../docs/limits.md", import.meta.url));
  const [, table = ""] = page.split(/^\| limit .*\n\| -.*\n/m);
  const rows = table.split("\n\n")[0]?.split("\n").map((line) => line.replace(/ +\|/g, " |"));
  assertEquals(rows, LIMIT_KEYS.map(rowOf));
});
