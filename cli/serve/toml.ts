// Parses and writes TOML with the TOML library: a document as plain values with the lines of its
// keys.

import { parse, stringify, TomlError, type TomlValue } from "smol-toml";
import type { Problem } from "../../protocol/problem.ts";

export type { TomlValue };

/** A parsed document. */
export interface TomlDocument {
  readonly values: Readonly<Record<string, TomlValue>>;
  /** The line of a key, counted from 1; the nearest enclosing one if the key is not found. */
  lineOf(...path: string[]): number;
}

/** A problem on a line of a file, counted from 1. */
export type LineProblem = Problem & { readonly line: number };

/** Parses a document. */
export function parseToml(text: string): TomlDocument | LineProblem {
  try {
    const values = parse(text);
    return { values, lineOf: (...path) => lineOf(text, path) };
  } catch (problem) {
    if (!(problem instanceof TomlError)) throw problem;
    // After the first line the library quotes the document.
    const [first = ""] = problem.message.split("\n");
    return { error: first.replace(/^Invalid TOML document: /, "Not TOML: "), line: problem.line };
  }
}

/** Formats one key with its value, without a line end. */
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

/** Splits a dotted key into parts without quotes. */
function parts(dotted: string): string[] {
  return dotted.split(".").map((part) => part.trim().replace(/^(["'])(.*)\1$/, "$2"));
}
