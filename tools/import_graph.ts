// Finds import cycles among the repository's files. Pure.

import type { SourceFile } from "./source_file.ts";

/** The path from the root of `specifier` in the file at `path`. */
export function resolveLocal(path: string, specifier: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/**
 * The import cycles, each as the paths along it with the first one repeated at the end. Type-only
 * imports count: two files that need each other's types are one file. Every cycle is found, though
 * not every path through it.
 */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const targets = new Map(files.map((file) => [
    file.path,
    file.imports.filter((one) => one.specifier.startsWith("."))
      .map((one) => resolveLocal(file.path, one.specifier)),
  ]));
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) cycles.push([...trail.slice(at), path]);
    if (at !== -1 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}
