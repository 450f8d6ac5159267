// Types of what is used here of @std/cli, simpler than in its own source: the result is not computed
// from the options. Code that these accept, the original accepts too.

/** What {@linkcode parseArgs} knows of the flags. */
export interface ParseOptions {
  /** Other names of a flag, by its name. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags that are true when given, false when not; `=false` after one makes it false. */
  boolean?: readonly string[];
  /** Flags whose value stays text, even when it looks like a number: "" when it is missing. */
  string?: readonly string[];
  /** Called with an argument that is no flag, or with an unknown flag, its name and value. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags by name, the last one winning, and all other arguments as `_`. */
export interface Args {
  [flag: string]: unknown;
  _: (string | number)[];
}

/** Reads arguments such as `--name value`, `--name=value`, `-n` and words; after `--` words alone. */
export function parseArgs(args: string[], options?: ParseOptions): Args;
