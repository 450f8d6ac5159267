// Recognises that the files of a running server's history were deleted or replaced, by their
// numbers in the file system: the database would go on writing to files without a name.

import { DATABASE_FILE, LOCK_FILE, LOG_FILE } from "./data_directory_check.ts";

/** A file's device and number there. */
type Identity = `${number} ${number | null}`;

/** The files of an open data directory. */
export class DataFiles {
  readonly #directory: string;
  readonly #known = new Map<string, Identity>();

  constructor(directory: string) {
    this.#directory = directory;
    this.lost();
  }

  /** How the files are no longer those that were there before; undefined if they still are. */
  lost(): string | undefined {
    for (const name of [DATABASE_FILE, LOCK_FILE, LOG_FILE]) {
      const known = this.#known.get(name);
      const found = identityOf(`${this.#directory}/${name}`);
      const isNews = known === undefined && found !== undefined && found !== "unknown";
      if (isNews) this.#known.set(name, found);
      if (known === undefined || known === found || found === "unknown") continue;
      return `${name} was ${found === undefined ? "deleted or moved" : "replaced"}`;
    }
    return undefined;
  }
}

function identityOf(path: string): Identity | "unknown" | undefined {
  try {
    const { dev, ino } = Deno.lstatSync(path);
    return `${dev} ${ino}`;
  } catch (problem) {
    const isAbsent = problem instanceof Deno.errors.NotFound ||
      problem instanceof Deno.errors.NotADirectory;
    return isAbsent ? undefined : "unknown";
  }
}
