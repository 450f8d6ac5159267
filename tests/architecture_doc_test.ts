// Holds docs/architecture.md against the repository: each file it names exists, each folder is
// listed, and each verb, dialect and limit has its row.

import { assert, assertEquals } from "@std/assert";
import { lexer, type Token, type Tokens } from "marked";
import { DIALECT_NAMES } from "../protocol/dialects.ts";
import { LIMITS } from "../server/limits/limits.ts";
import { makeWorld, runProgram } from "./harness.ts";

const ROOT = new URL("../", import.meta.url);
const PAGE = Deno.readTextFileSync(new URL("docs/architecture.md", ROOT));

/** First cells of the table that follows a heading, without backticks. */
function firstColumn(heading: string): string[] {
  const tokens = lexer(PAGE);
  const from = tokens.findIndex((token) => token.type === "heading" && token.text === heading);
  assert(from >= 0, `No heading "${heading}"`);
  const table = tokens.slice(from).find((token: Token): token is Tokens.Table =>
    token.type === "table"
  );
  return (table?.rows ?? []).map((row) => (row[0]?.text ?? "").replaceAll("`", ""));
}

/** Everything in backticks that is a path from the root, and the rows of the table of folders. */
function namedPaths(): string[] {
  const quoted = [...PAGE.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "");
  const paths = quoted.filter((text) => /^[\w.-]+\/[\w.-]/.test(text));
  return [...new Set([...paths, ...firstColumn("Folders")])].filter((path) => path !== "cli/VERB/");
}

/** Folders directly in the root, with a slash at the end. */
function folders(): string[] {
  const ours = ({ name, isDirectory }: Deno.DirEntry): boolean =>
    isDirectory && !name.startsWith(".") &&
    !["coverage", "dist", "node_modules"].includes(name);
  return [...Deno.readDirSync(ROOT)].filter(ours).map(({ name }) => `${name}/`);
}

Deno.test("docs/architecture.md names only files and folders that exist", () => {
  const missing = namedPaths().filter((path) => {
    try {
      return Deno.statSync(new URL(path, ROOT)).isDirectory !== path.endsWith("/");
    } catch {
      return true;
    }
  });
  assertEquals(missing, []);
});

Deno.test("docs/architecture.md lists every folder of the repository and of the server", () => {
  const listed = new Set(firstColumn("Folders"));
  const server = [...Deno.readDirSync(new URL("server/", ROOT))]
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => `server/${name}/`);
  const covered = (folder: string): boolean =>
    listed.has(folder) || [...listed].some((one) => one.startsWith(folder));
  assertEquals([...folders(), ...server].filter((folder) => !covered(folder)), []);
});

Deno.test("docs/architecture.md has a row for every verb of the program", async () => {
  using world = makeWorld();
  const { stdout } = await runProgram(world, ["--help"]);
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map((match) => match[1] ?? "");
  assert(verbs.includes("serve"), stdout);
  const rows = firstColumn("A verb of the command line");
  assertEquals(verbs.filter((verb) => !rows.includes(verb) && verb !== "help"), []);
});

Deno.test("docs/architecture.md has a row for every dialect and every limit", () => {
  const dialects = firstColumn("A dialect");
  assertEquals(DIALECT_NAMES.filter((name) => !dialects.includes(name)), []);
  const limits = firstColumn("A limit");
  assertEquals(limits, Object.values(LIMITS).map(({ name }) => name));
});
