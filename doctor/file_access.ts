// The files an examination looks at, as it is given them. Nothing here changes any.

/** What is known of a file, a directory or whatever else has a path. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "socket" | "link" | "other";
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly bytes: number;
}

/** A look at files; whatever is not there, or not for us to see, is nothing. */
export interface FileAccess {
  text(path: string): string | undefined;
  names(directory: string): readonly string[];
  /** Where a symbolic link leads. */
  target(path: string): string | undefined;
  /** Of the path itself, also when it is a link. */
  facts(path: string): FileFacts | undefined;
  /** Whether this user may make files in that directory. */
  mayWrite(directory: string): boolean;
}
