// Holds the manual page against the program: docs/minichat.1 has a tagged paragraph for every
// command and option that a help lists, spelled the same, and for nothing else.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { typedHelp } from "../client/parse_input.ts";
import { VERSION } from "../cli/version.ts";
import { DIALECT_NAMES, OWN_DIALECT } from "../protocol/dialects.ts";
import { markdownSections } from "../terminal/markdown.ts";
import { makeWorld, runProgram } from "./harness.ts";
import { EN } from "../texts/en.ts";

const PAGE = Deno.readTextFileSync(new URL("../docs/minichat.1", import.meta.url));

/** Sections of the page, and the arguments that print the same list. */
const SECTIONS: readonly (readonly [section: string, args: string[]])[] = [
  ["COMMANDS", ["--help"]],
  ["SERVE", ["serve", "--help"]],
  ["CONNECT", ["connect", "--help"]],
  ["ADMIN", ["admin", "--help"]],
  ["HISTORY", ["history", "--help"]],
  ["EXPLAIN", ["explain", "--help"]],
  ["BENCH", ["bench", "--help"]],
  ["CHECK", ["check", "--help"]],
  ["CERT", ["cert", "--help"]],
];

/** The tags of one section, without fonts: `-p, --port PORT`. */
function tagsOf(section: string, page: string): string[] {
  const tags: string[] = [];
  let inside = false;
  let isTag = false;
  for (const line of page.split("\n")) {
    const heading = /^\.S[HS] "?([^"]*)"?$/.exec(line)?.[1];
    if (heading !== undefined) inside = heading === section;
    if (inside && isTag) tags.push(line.replace(/\\f[BIR]/g, "").replaceAll("\\-", "-"));
    isTag = line === ".TP";
  }
  return tags;
}

/** The entries that a help lists: an indent of two, the entry, a gap, its explanation. */
function entriesOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(\S+(?: \S+)*)(?: {2}|$)/gm)].map((match) => match[1] ?? "");
}

for (const [section, args] of SECTIONS) {
  Deno.test(`The manual page's ${section} has what minichat ${args.join(" ")} lists`, async () => {
    using world = makeWorld();
    const { code, stdout } = await runProgram(world, args);
    assertStrictEquals(code, 0);
    const entries = entriesOf(stdout);
    assert(entries.some((entry) => entry.includes("--help")), stdout);
    assertEquals(tagsOf(section, PAGE).sort(), entries.sort());
  });
}

Deno.test("The manual page has the commands that can be typed in a chat", () => {
  assertEquals(tagsOf("What can be typed", PAGE), typedHelp(EN).map(({ usage }) => usage));
});

Deno.test("The manual page is of this version", () => {
  const title = PAGE.split("\n").find((line) => line.startsWith(".TH"));
  assertMatch(title ?? "", new RegExp(`"minichat ${RegExp.escape(VERSION)}"`));
});

Deno.test("docs/dialects.md has a section for each dialect but native, one for all lines, and one for connect", () => {
  const page = Deno.readTextFileSync(new URL("../docs/dialects.md", import.meta.url));
  const others = DIALECT_NAMES.filter((name) => name !== OWN_DIALECT.name);
  assertEquals([...markdownSections(page).keys()].sort(), [
    "Lines of text",
    "What connect finds out",
    ...others.sort(),
  ]);
});
