// Searches comments, documents and texts that people read for the words of tools/banned_words.ts.

import { assertEquals } from "@std/assert";
import {
  BANNED_WORDS,
  bannedWords,
  commentsOf,
  literalsOf,
  type Passage,
} from "../tools/banned_words.ts";
import { sourceFile } from "../tools/source_file.ts";

const ROOT = new URL("../", import.meta.url);

/** The list of banned words holds them all. */
const LIST = "tools/banned_words.ts";

const CHANGELOG = "CHANGELOG.md";

/** Titles of tests, which docs/requirements.md quotes in its tables, are no prose. */
const QUOTES_TITLES = "docs/requirements.md";

/** Folders (with a final slash) and files whose comments are still to be rewritten. */
const PENDING_FOLDERS: readonly string[] = ["tests/"];

function isPending(path: string): boolean {
  return PENDING_FOLDERS.some((entry) =>
    entry === path || (entry.endsWith("/") && path.startsWith(entry))
  );
}

/** Paths, from the root, of all files under `folder` with one of those endings. */
function paths(endings: readonly string[], folder = ""): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) {
      const notOurs = name.startsWith(".") || ["coverage", "dist", "node_modules"].includes(name);
      return notOurs ? [] : paths(endings, `${folder}${name}/`);
    }
    return endings.some((ending) => name.endsWith(ending)) ? [folder + name] : [];
  }).sort();
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

const SOURCES = paths([".ts"]).filter((path) => !isPending(path)).map((path) =>
  sourceFile(path, read(path))
);

Deno.test("Comments use the words of the field", () => {
  assertEquals(SOURCES.flatMap((file) => bannedWords(file.path, commentsOf(file))), []);
});

Deno.test("Texts that people read use the words of the field", () => {
  const programs = SOURCES.filter(({ path }) => !path.startsWith("tests/") && path !== LIST);
  assertEquals(programs.flatMap((file) => bannedWords(file.path, literalsOf(file))), []);
});

Deno.test("Documents use the words of the field", () => {
  const documents = paths([".md", ".1"]).filter((path) => !isPending(path));
  assertEquals(
    documents.flatMap((path) => bannedWords(path, [{ line: 1, text: proseOf(path) }])),
    [],
  );
});

/** The part of a document that is held to the rules: not the releases that are history. */
function proseOf(path: string): string {
  const text = read(path);
  if (path === CHANGELOG) return text.split(/^## \[\d/m)[0] ?? "";
  return path === QUOTES_TITLES ? withoutLastColumn(text) : text;
}

/** A document whose tables lose their last column, which names tests. */
function withoutLastColumn(text: string): string {
  return text.replace(/^(\|.*\|)[^|]*\|$/gm, "$1");
}

const passages = (...texts: string[]): Passage[] => texts.map((text) => ({ line: 1, text }));

Deno.test("bannedWords() finds a phrase over two lines of a comment, with its line and remedy", () => {
  const file = sourceFile("a.ts", "// One.\n// Sends all of it at\n// once.\nf();\n");
  const remedy = BANNED_WORDS.find(({ pattern }) => pattern.test("at once"))?.instead;
  assertEquals(bannedWords("a.ts", commentsOf(file)), [`a.ts:2: "at once": ${remedy}`]);
});

Deno.test("bannedWords() lets an allowed phrase pass, and no other use of its word", () => {
  assertEquals(
    bannedWords(
      "a.md",
      passages("A reader that falls\nbehind, behind a NAT.", "It leaves one behind."),
    ),
    [],
  );
  assertEquals(bannedWords("a.md", passages("the bytes after it, behind the name")).length, 1);
});

Deno.test("bannedWords() takes no id or name for a word", () => {
  assertEquals(bannedWords("a.ts", passages("half-said, @nobody.here")), []);
});

Deno.test("bannedWords() lets the catalogue speak of people in the room", () => {
  const text = passages("There is somebody here");
  assertEquals(bannedWords("texts/en/client.ts", text), []);
  assertEquals(bannedWords("client/a.ts", text).length, 1);
});

Deno.test("commentsOf() and literalsOf() tell text from code", () => {
  const text = 'import "./said.ts"; /* a */ const said = "b"; // c\nf(`d${said}e`, /said/);\n';
  const file = sourceFile("a.ts", text);
  assertEquals(commentsOf(file).map((found) => found.text), ["/* a */", "// c"]);
  assertEquals(literalsOf(file).map((found) => found.text), ["b", "d", "e"]);
});
