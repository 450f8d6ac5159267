import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { markdownSections, renderMarkdown } from "../../terminal/markdown.ts";

function plain(source: string, columns = 40): string {
  return renderMarkdown(source, { columns, colour: false });
}

function coloured(source: string, columns = 40): string {
  return renderMarkdown(source, { columns, colour: true });
}

Deno.test("renderMarkdown() without colours underlines headings and keeps the marks of code", () => {
  assertStrictEquals(
    plain("# The title\n\nIt says `ok`, **always**.\n## `etx`: more\nEnd."),
    "The title\n=========\n\nIt says `ok`, always.\n\n`etx`: more\n-----------\n\nEnd.",
  );
});

Deno.test("renderMarkdown() with colours shows headings bold and code cyan", () => {
  assertStrictEquals(
    coloured("## `etx`\n\nsay `h e` now"),
    "\x1b[1m\x1b[36metx\x1b[39m\x1b[22m\n\nsay \x1b[36mh e\x1b[39m now",
  );
  assertStrictEquals(
    coloured("```\nif x:\n\n  y\n```"),
    [
      "    \x1b[36mif x:\x1b[39m",
      "",
      "    \x1b[36m  y\x1b[39m",
    ].join("\n"),
  );
});

Deno.test("renderMarkdown() never changes code, however long its lines", () => {
  const line = "> 00 00 00 00  01 00 00 00   registers bob, *really*, <b>";
  assertStrictEquals(plain("```\n" + line + "\n```", 20), "    " + line);
});

Deno.test("renderMarkdown() hangs the lines of lists, in lists too", () => {
  assertStrictEquals(
    plain("- one two three four\n- five\n  - six seven eight\n\nEnd", 14),
    "- one two\n  three four\n- five\n  - six seven\n    eight\n\nEnd",
  );
  assertStrictEquals(plain("9. nine\n10. ten"), "9. nine\n10. ten");
});

const TABLE = "| a | long heading |\n| - | - |\n| `x` | 日本語 |\n| yy | one two three |\n";

Deno.test("renderMarkdown() aligns the columns of tables by what is seen", () => {
  const rows = [
    "a    long heading",
    "───  ─────────────",
    "`x`  日本語",
    "yy   one two three",
  ];
  assertStrictEquals(plain(TABLE), rows.join("\n"));
  assertStrictEquals(
    stripVTControlCharacters(coloured(TABLE)),
    "a   long heading\n──  ─────────────\nx   日本語\nyy  one two three",
  );
});

Deno.test("renderMarkdown() wraps the widest column of a table that does not fit", () => {
  assertStrictEquals(
    plain(TABLE, 12),
    "a    long\n     heading\n───  ───────\n`x`  日本語\nyy   one two\n     three",
  );
  assert(plain(TABLE, 3).length > 0); // a terminal of three columns does not make it throw
});

Deno.test("renderMarkdown() leaves comments out and shows a link by its text", () => {
  assertStrictEquals(plain("<!-- x -->\n\nSee [the page](p.md#there)\\*.\n"), "See the page*.");
});

Deno.test("markdownSections() gives each section of depth 2 as it is in the source", () => {
  const page = "# Page\n\nIntro.\n\n## `one`: first\n\nText.\n\n### Deeper\n\n- x\n\n## two\nEnd\n";
  assertEquals(
    [...markdownSections(page)],
    [["one", "## `one`: first\n\nText.\n\n### Deeper\n\n- x\n\n"], ["two", "## two\nEnd\n"]],
  );
});
