// Lists the names that sources export, and those that several sources export. Pure.

import { lineAt, type SourceFile } from "./source_file.ts";

/** A name that a source declares and exports. */
export interface ExportedName {
  readonly name: string;
  /** Path of the source, from the root of the repository. */
  readonly path: string;
  /** Line of the first declaration, from 1. */
  readonly line: number;
}

const DECLARATION =
  /(?<![\w$.])export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\b\s*\*?|class\b|interface\b|type\b|enum\b|const\b|let\b|var\b)\s*([A-Za-z_$][\w$]*)/g;
/**
 * `export { a, b as c };` of names declared above; with `from` it re-exports another source's
 * names.
 */
const LIST = /(?<![\w$.])export\s+(?:type\s+)?\{([^}]*)\}(?!\s*from\b)/g;
/** The exported name in one element of such a list. */
const LISTED = /(?:\bas\s+)?([A-Za-z_$][\w$]*)\s*$/;

/** The names that `file` exports, each once, in the order of the text, without re-exports. */
export function exportedNames(file: SourceFile): ExportedName[] {
  const found = new Map<string, number>();
  for (const { 1: name = "", index } of file.code.matchAll(DECLARATION)) {
    if (!found.has(name)) found.set(name, index);
  }
  for (const { 1: list = "", index } of file.code.matchAll(LIST)) {
    for (const element of list.split(",")) {
      const name = LISTED.exec(element.trim())?.[1];
      if (name !== undefined && !found.has(name) && !imports(file, name)) found.set(name, index);
    }
  }
  return [...found].sort(([, a], [, b]) => a - b)
    .map(([name, index]) => ({ name, path: file.path, line: lineAt(file.code, index) }));
}

/** Whether `file` imports `name`, so that exporting it is a re-export. */
function imports(file: SourceFile, name: string): boolean {
  return new RegExp(`\\bimport\\b[^;]*?\\{[^}]*\\b${name.replaceAll("$", "\\$")}\\b[^}]*\\}`).test(
    file.code,
  );
}

/** One message for each name that several of `files` export, with all places, sorted by name. */
export function sharedNames(files: readonly SourceFile[]): string[] {
  const places = new Map<string, string[]>();
  for (const { name, path, line } of files.flatMap(exportedNames)) {
    places.set(name, [...places.get(name) ?? [], `${path}:${line}`]);
  }
  return [...places].filter(([, at]) => at.length > 1)
    .map(([name, at]) => `${name} is exported by ${at.join(" and ")}`).sort();
}
