// The one file that knows the TOML library: a document as plain values, and where a key stands in it.

import { parse, stringify, TomlError, type TomlValue } from "smol-toml";

export type { TomlValue };

/** A document that was read. */
export interface TomlDocument {
  readonly values: Readonly<Record<string, TomlValue>>;
  /** The line, counted from 1, on which a key was given a value; the first line when it is not found. */
  lineOf(...path: string[]): number;
}

/** Reads a document, or tells what is wrong with it and on which line. */
export function parseToml(
  text: string,
): TomlDocument | { readonly error: string; readonly line: number } {
  try {
    const values = parse(text);
    return { values, lineOf: (...path) => lineOf(text, path) };
  } catch (problem) {
    if (!(problem instanceof TomlError)) throw problem;
    // Behind the first line the library draws the place.
    const [first = ""] = problem.message.split("\n");
    return { error: first.replace(/^Invalid TOML document: /, "Not TOML: "), line: problem.line };
  }
}

/** One key with its value, as a line without its end. */
export function tomlLine(key: string, value: TomlValue): string {
  return stringify({ [key]: value }).trimEnd();
}

function lineOf(text: string, path: readonly string[]): number {
  let table: readonly string[] = [];
  let nearest = 1;
  for (const [at, line] of text.split("\n").entries()) {
    const header = /^\s*\[\s*([^[\]]+?)\s*\]/.exec(line)?.[1];
    const key = /^\s*([^=#[\]]+?)\s*=/.exec(line)?.[1];
    if (header !== undefined) table = parts(header);
    const here = header !== undefined ? table : key !== undefined ? [...table, ...parts(key)] : [];
    if (here.length === 0 || !here.every((part, index) => part === path[index])) continue;
    nearest = at + 1;
    if (here.length === path.length) return nearest;
  }
  return nearest;
}

/** A dotted key's parts, without quotes. */
function parts(dotted: string): string[] {
  return dotted.split(".").map((part) => part.trim().replace(/^(["'])(.*)\1$/, "$2"));
}
