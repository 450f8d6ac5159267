// The files of this repository, for tests that hold all of them to a rule.

/** The root of the repository. */
export const REPOSITORY = new URL("../", import.meta.url);

/** Paths, from the root, of all files below `folder` (default all) whose names end so, sorted. */
export function repositoryPaths(endings: readonly string[], folder = ""): string[] {
  return [...Deno.readDirSync(new URL(folder, REPOSITORY))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) {
      const notOurs = name.startsWith(".") || ["coverage", "dist", "node_modules"].includes(name);
      return notOurs ? [] : repositoryPaths(endings, `${folder}${name}/`);
    }
    return endings.some((ending) => name.endsWith(ending)) ? [folder + name] : [];
  }).sort();
}

/** Paths of all TypeScript sources, from the root. */
export function sourcePaths(): string[] {
  return repositoryPaths([".ts"]);
}
