// Files in memory; a directory exists if a file is in it, or if it is listed.

import type { FileAccess, FileFacts } from "../../doctor/file_access.ts";

/** What is at a path: a text, a link, or a file with given facts. */
export type FakeFile = string | { readonly link: string } | Partial<FileFacts>;

const FACTS: FileFacts = { kind: "file", uid: 1000, mode: 0o600, modified: 0, bytes: 0 };

/** Files by path; nothing may be created in the directories in `locked`. */
export function fakeFiles(
  files: Readonly<Record<string, FakeFile>>,
  locked: readonly string[] = [],
): FileAccess {
  const paths = Object.keys(files);
  const names = (directory: string) => {
    const below = paths.filter((path) => path.startsWith(`${directory}/`));
    return [...new Set(below.map((path) => path.slice(directory.length + 1).split("/")[0] ?? ""))];
  };
  return {
    text(path) {
      const file = files[path];
      return typeof file === "string" ? file : undefined;
    },
    names,
    target(path) {
      const file = files[path];
      return typeof file === "object" && "link" in file ? file.link : undefined;
    },
    facts(path) {
      const file = files[path];
      if (typeof file === "object" && !("link" in file)) return { ...FACTS, ...file };
      if (file !== undefined) return FACTS;
      return names(path).length > 0 ? { ...FACTS, kind: "directory" } : undefined;
    },
    mayWrite: (directory) => !locked.includes(directory),
  };
}
