// The arguments of an operator's command: options told from words, and durations read. Pure;
// knows nothing of which commands there are.

import { quoted } from "../protocol/failures.ts";
import { nearest } from "../protocol/nearest.ts";
import { splitArguments } from "../shared/arguments.ts";
import { parseDuration } from "../shared/duration.ts";

/** What a command takes, or one sentence saying what is wrong with what was given. */
export type ParsedArguments<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly error: string };

/** Which options a command has, with their dashes: `flag` alone, `value` with a word behind it. */
export type OptionKinds = Readonly<Record<string, "flag" | "value">>;

/** Arguments sorted: a flag that was given has the value "". */
export interface SortedArguments {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Tells options from words. Only `--name` is an option, so `-5` is a word; `--name=VALUE` and
 * `--name VALUE` are one; all that follows a `--` is words.
 */
export function sortArguments(
  args: readonly string[],
  kinds: OptionKinds,
): ParsedArguments<SortedArguments> {
  const words: string[] = [];
  const options = new Map<string, string>();
  const kindOf = (name: string) => Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const takesValue = (name: string) => {
    const kind = kindOf(name);
    return kind === undefined ? undefined : kind === "value";
  };
  for (const piece of splitArguments(args, { takesValue })) {
    if (piece.kind === "rest") words.push(...piece.words);
    else if (piece.kind === "word") {
      const [name = ""] = piece.text.split("=", 1);
      if (name.startsWith("--")) {
        return invalidArguments(unknown("option", name, Object.keys(kinds)));
      }
      words.push(piece.text);
    } else {
      const { name, value } = piece;
      const isFlag = kindOf(name) === "flag";
      if (isFlag && value !== undefined) {
        return invalidArguments(`Option ${name} takes no value: ${quoted(`${name}=${value}`)}`);
      }
      if (!isFlag && value === undefined) {
        return invalidArguments(`Missing value: ${name} needs one`);
      }
      options.set(name, value ?? "");
    }
  }
  return parsedArguments({ words, options });
}

/**
 * What was typed behind a command as its arguments: words, or `wordsBeforeText` of them and then the
 * rest as one argument, marked as text by a `--`.
 */
export function typedArguments(typed: string, wordsBeforeText?: number): readonly string[] {
  let rest = typed.trim();
  if (rest === "") return [];
  if (wordsBeforeText === undefined) return rest.split(/\s+/);
  const words: string[] = [];
  while (words.length < wordsBeforeText) {
    const [, word = "", behind = ""] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
    words.push(word);
    rest = behind;
  }
  return [...words, "--", rest];
}

/** Takes out the `--` that stands before a text, at most `wordsBeforeText` words from the start. */
export function withoutMark(args: readonly string[], wordsBeforeText: number): readonly string[] {
  const at = args.indexOf("--");
  return at === -1 || at > wordsBeforeText ? args : args.toSpliced(at, 1);
}

/**
 * A duration such as `10m` or `1h30m`, or a number of seconds, in whole seconds from `least` to `most`;
 * a part of a second counts as one.
 */
export function parseSeconds(
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): ParsedArguments<number> {
  const rules = { least: least * 1000, most: most * 1000, bareSeconds: true };
  const ms = parseDuration(text, rules);
  return typeof ms === "number"
    ? parsedArguments(Math.ceil(ms / 1000))
    : invalidArguments(`Not a duration: ${quoted(text)}, ${ms.remedy}`);
}

/** "Unknown option ...", with what was probably meant among `known`. */
export function unknown(what: string, given: string, known: readonly string[]): string {
  const closest = nearest(given, known);
  const hint = closest === undefined ? "" : `, did you mean ${closest}?`;
  return `Unknown ${what}: ${quoted(given)}${hint}`;
}

/** The refusal of an argument too many. */
export function unexpected(arg: string): string {
  return `Unexpected argument: ${quoted(arg)}`;
}

/** What was understood, as a {@linkcode ParsedArguments}. */
export function parsedArguments<Input>(input: Input): ParsedArguments<Input> {
  return { ok: true, input };
}

/** A refusal, as a {@linkcode ParsedArguments}. */
export function invalidArguments(error: string): ParsedArguments<never> {
  return { ok: false, error };
}
