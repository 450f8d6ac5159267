// Parses the command line of a tool with @std/cli; unknown flags, missing values and words are
// errors here.

import { type Args, parseArgs } from "@std/cli";

/** Names of a tool's flags, without dashes. */
export interface FlagNames<Text extends string, Switch extends string> {
  /** Flags with a value. */
  readonly text: readonly Text[];
  /** Flags without one. */
  readonly switches: readonly Switch[];
}

/** The value of each flag that has one, undefined if absent; whether each switch was given. */
export type Flags<Text extends string, Switch extends string> =
  & { readonly [name in Text]: string | undefined }
  & { readonly [name in Switch | "help"]: boolean };

/**
 * Parses `args`; `--help` and `-h` are always known. Throws an Error with a message for wrong
 * usage.
 */
export function parseFlags<Text extends string = never, Switch extends string = never>(
  args: readonly string[],
  { text, switches }: FlagNames<Text, Switch>,
): Flags<Text, Switch> {
  const names: readonly string[] = text;
  const { _: words, ...values }: Args = parseArgs([...args], {
    string: names,
    boolean: [...switches as readonly string[], "help"],
    alias: { help: "h" },
    unknown: (arg, key) => {
      throw new Error(
        key === undefined ? `Unexpected argument: "${arg}"` : `Unknown flag: "${arg}"`,
      );
    },
  });
  if (words.length > 0) throw new Error(`Unexpected argument: "${words[0]}"`);
  const empty = names.find((name) => values[name] === "");
  if (empty !== undefined) throw new Error(`Give --${empty} a value`);
  return values as Flags<Text, Switch>;
}
