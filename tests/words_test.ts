// Searches comments, documents and texts that people read for the words of tools/banned_words.ts.

import { assertEquals } from "@std/assert";
import {
  BANNED_WORDS,
  bannedWords,
  commentsOf,
  literalsOf,
  type Passage,
} from "../tools/banned_words.ts";
import { lineAt, type SourceFile, sourceFile } from "../tools/source_file.ts";
import { REPOSITORY, repositoryPaths, sourcePaths } from "./source_paths.ts";

/** The list of banned words holds them all. */
const LIST = "tools/banned_words.ts";

const CHANGELOG = "CHANGELOG.md";

/** A call that defines a test, up to the end of its title. */
const TITLE_REGEXP =
  /\b(?:Deno\.test|tlsTest|systemTest)\(\s*(?:\{\s*name:\s*)?("(?:\\.|[^"\\])*"|`[^`]*`)/g;

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, REPOSITORY));
}

const SOURCES = sourcePaths().map((path) => sourceFile(path, read(path)));

Deno.test("Comments use the words of the field", () => {
  assertEquals(SOURCES.flatMap((file) => bannedWords(file.path, commentsOf(file))), []);
});

Deno.test("Texts that people read use the words of the field", () => {
  const programs = SOURCES.filter(({ path }) => !path.startsWith("tests/") && path !== LIST);
  assertEquals(programs.flatMap((file) => bannedWords(file.path, literalsOf(file))), []);
});

Deno.test("Titles of tests use the words of the field", () => {
  const tests = SOURCES.filter(({ path }) => path.startsWith("tests/"));
  assertEquals(tests.flatMap((file) => bannedWords(file.path, titlesOf(file))), []);
});

Deno.test("Documents use the words of the field", () => {
  const documents = repositoryPaths([".md", ".1"]);
  assertEquals(
    documents.flatMap((path) => bannedWords(path, [{ line: 1, text: proseOf(path) }])),
    [],
  );
});

/** The part of a document that is held to the rules: not the releases that are history. */
function proseOf(path: string): string {
  const text = read(path);
  if (path === CHANGELOG) return text.split(/^## \[\d/m)[0] ?? "";
  return text;
}

/** The titles of the tests in a source, where they are written out. */
function titlesOf({ text, uncommented }: SourceFile): Passage[] {
  return [...uncommented.matchAll(TITLE_REGEXP)].map(({ index, 1: title = "" }) => ({
    line: lineAt(text, index),
    text: title,
  }));
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
