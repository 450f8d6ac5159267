// Each source opens with a comment of at most two lines of 100 columns: what it does and how.

import { assertEquals } from "@std/assert";
import { REPOSITORY, repositoryPaths } from "./source_paths.ts";

const MAX_LINES = 2;
const MAX_COLUMNS = 100;

/** What is wrong with the comment that `text` opens with, as lines that start with `path`. */
function openingProblems(path: string, text: string): string[] {
  const lines = openingLines(text.replace(/^#![^\n]*\n/, ""), path.endsWith(".py"));
  return [
    ...lines.length > MAX_LINES ? [`${path}: opens with ${lines.length} lines of comment`] : [],
    ...lines.filter((line) => line.length > MAX_COLUMNS).map((line) =>
      `${path}: too wide: ${line}`
    ),
  ];
}

/** The lines of the comments at the start of `text`; in Python also those of the docstring. */
function openingLines(text: string, python: boolean): string[] {
  const comments = python
    ? /^(?:#[^\n]*\n)*(?:"""[^]*?"""\n)?/
    : /^(?:\/\/[^\n]*\n|\/\*[^]*?\*\/\s*?\n)*/;
  return (comments.exec(text)?.[0] ?? "").split("\n").slice(0, -1);
}

Deno.test("Each source opens with at most two lines of comment", () => {
  const paths = repositoryPaths([".ts", ".c", ".h", ".py"]);
  const problems = paths.flatMap((path) =>
    openingProblems(path, Deno.readTextFileSync(new URL(path, REPOSITORY)))
  );
  assertEquals(problems, []);
});

Deno.test("A third line of comment is found in each kind of source; #! and later comments pass", () => {
  const found = (path: string, text: string) => openingProblems(path, text).length;
  assertEquals(found("a.ts", "// 1\n// 2\n// 3\n"), 1);
  assertEquals(found("a.ts", "/* 1\n * 2\n * 3 */\nf();\n"), 1);
  assertEquals(found("a.ts", "/** 1 */\n// 2\n// 3\nf();\n"), 1);
  assertEquals(found("a.c", "/* 1\n   2 */\n// 3\n"), 1);
  assertEquals(found("a.py", "#!/bin/sh\n# 1\n# 2\n# 3\n"), 1);
  assertEquals(found("a.py", '"""1\n\n2\n"""\nimport sys\n'), 1);
  assertEquals(found("a.ts", `// ${"1".repeat(98)}\n`), 1);
  assertEquals(found("a.ts", "#!/bin/deno\n// 1\n// 2\n\n// 3\n"), 0);
  assertEquals(found("a.c", "/* 1\n   2 */\n#include <stdio.h>\n/* 3 */\n"), 0);
  assertEquals(found("a.py", "# 1\n# 2\nimport sys\n# 3\n"), 0);
});
