// Types of the functions of @std/cli that are used here, simpler than in its own source: the
// result's type does not depend on the options. Code that these accept, the original accepts too.

/** The flags that {@linkcode parseArgs} accepts. */
export interface ParseOptions {
  /** Other names of a flag, by its name. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags without a value: true if given, else false; `=false` makes one false. */
  boolean?: readonly string[];
  /** Flags whose value stays text, even if it looks like a number; "" if it is missing. */
  string?: readonly string[];
  /** Called with an argument that is no flag, or with an unknown flag, its name and value. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags by name, the last one taking effect, and all other arguments as `_`. */
export interface Args {
  [flag: string]: unknown;
  _: (string | number)[];
}

/**
 * Parses arguments such as `--name value`, `--name=value`, `-n` and words; after `--` only words.
 */
export function parseArgs(args: string[], options?: ParseOptions): Args;
