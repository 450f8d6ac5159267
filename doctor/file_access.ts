// Read-only access to files for the checks; tests pass fake files.

/** Facts about a file, a directory or anything else with a path. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "socket" | "link" | "other";
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly bytes: number;
}

/** Reads files; returns undefined or an empty list for what does not exist or cannot be read. */
export interface FileAccess {
  text(path: string): string | undefined;
  names(directory: string): readonly string[];
  /** The target of a symbolic link. */
  target(path: string): string | undefined;
  /** Facts about the path itself, without following a link. */
  facts(path: string): FileFacts | undefined;
  /** Whether this user may make files in that directory. */
  mayWrite(directory: string): boolean;
}
