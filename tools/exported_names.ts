// Lists the names that sources export, those that several sources export, and those that no source
// imports. Pure.

import { resolveLocal } from "./import_graph.ts";
import { lineAt, type SourceFile } from "./source_file.ts";

/** A name that a source declares and exports. */
export interface ExportedName {
  readonly name: string;
  /** Path of the source, from the root of the repository. */
  readonly path: string;
  /** Line of the first declaration, from 1. */
  readonly line: number;
  /** Whether it is an interface or a type, and no value. */
  readonly typeOnly: boolean;
}

const DECLARATION =
  /(?<![\w$.])export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function\b\s*\*?|class\b|interface\b|type\b|enum\b|const\b|let\b|var\b)\s*([A-Za-z_$][\w$]*)/g;
/**
 * `export { a, b as c };` of names declared above; with `from` it re-exports another source's
 * names.
 */
const LIST = /(?<![\w$.])export\s+(type\s+)?\{([^}]*)\}(?!\s*from\b)/g;
/** The exported name in one element of such a list. */
const LISTED = /(?:\bas\s+)?([A-Za-z_$][\w$]*)\s*$/;

/** The names that `file` exports, each once, in the order of the text, without re-exports. */
export function exportedNames(file: SourceFile): ExportedName[] {
  const found = new Map<string, { index: number; typeOnly: boolean }>();
  for (const { 1: keyword = "", 2: name = "", index } of file.code.matchAll(DECLARATION)) {
    const typeOnly = keyword === "interface" || keyword === "type";
    if (!found.has(name)) found.set(name, { index, typeOnly });
  }
  for (const { 1: type, 2: list = "", index } of file.code.matchAll(LIST)) {
    for (const element of list.split(",")) {
      const name = LISTED.exec(element.trim())?.[1];
      if (name !== undefined && !found.has(name) && !imports(file, name)) {
        found.set(name, { index, typeOnly: type !== undefined });
      }
    }
  }
  return [...found].sort(([, a], [, b]) => a.index - b.index).map((
    [name, { index, typeOnly }],
  ) => ({
    name,
    path: file.path,
    line: lineAt(file.code, index),
    typeOnly,
  }));
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

/**
 * One message for each value that one of `files` exports and no other of them uses. Types count as
 * used: they may be part of the signature of another export. Declarations (`.d.ts`) are left out.
 */
export function unusedExports(files: readonly SourceFile[]): string[] {
  const importers = new Map<string, SourceFile[]>();
  const namespaces = new Set<string>();
  for (const file of files) {
    for (const { specifier, isNamespace } of file.imports) {
      if (!specifier.startsWith(".")) continue;
      const target = resolveLocal(file.path, specifier);
      if (isNamespace) namespaces.add(target);
      importers.set(target, [...importers.get(target) ?? [], file]);
    }
  }
  // An importer that contains the name uses it: exported names are unique. That covers `import()`,
  // too; `import * as` uses all names, since a namespace may be passed on.
  const isUsed = ({ path, name }: ExportedName) => {
    const word = new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`);
    return namespaces.has(path) ||
      (importers.get(path)?.some(({ code }) => word.test(code)) ?? false);
  };
  return files.filter(({ path }) => !path.endsWith(".d.ts")).flatMap(exportedNames)
    .filter((one) => !one.typeOnly && !isUsed(one))
    .map(({ path, line, name }) => `${path}:${line}: No file imports ${name}: do not export it`);
}
