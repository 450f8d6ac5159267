// Arguments of an operator's command: options separated from words, and durations parsed. Pure.

import { quoted } from "../protocol/failures.ts";
import { nearest } from "../protocol/nearest.ts";
import { splitArguments } from "../shared/arguments.ts";
import { parseDuration } from "../shared/duration.ts";
import type { OperatorTexts } from "../texts/texts.ts";

/** The parsed arguments of a command, or an error message. */
export type ParsedArguments<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly error: string };

/** The options of a command, with their dashes: a `flag` has no value, a `value` takes one word. */
export type OptionKinds = Readonly<Record<string, "flag" | "value">>;

/** Arguments by kind: a flag that was given has the value "". */
export interface SortedArguments {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Separates options from words. Only `--name` is an option, so `-5` is a word; `--name=VALUE` and
 * `--name VALUE` are the same; everything after a `--` is a word.
 */
export function sortArguments(
  args: readonly string[],
  kinds: OptionKinds,
  texts: OperatorTexts,
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
        const near = nearest(name, Object.keys(kinds));
        return invalidArguments(texts.unknownOption(quoted(name), near));
      }
      words.push(piece.text);
    } else {
      const { name, value } = piece;
      const isFlag = kindOf(name) === "flag";
      if (isFlag && value !== undefined) {
        return invalidArguments(texts.optionTakesNoValue(name, quoted(`${name}=${value}`)));
      }
      if (!isFlag && value === undefined) {
        return invalidArguments(texts.missingValue(name));
      }
      options.set(name, value ?? "");
    }
  }
  return parsedArguments({ words, options });
}

/**
 * Splits what was typed after a command into arguments: words, or `wordsBeforeText` of them and then
 * the rest as one argument, which a `--` marks as text.
 */
export function typedArguments(typed: string, wordsBeforeText?: number): readonly string[] {
  let rest = typed.trim();
  if (rest === "") return [];
  if (wordsBeforeText === undefined) return rest.split(/\s+/);
  const words: string[] = [];
  while (words.length < wordsBeforeText) {
    const [, word = "", after = ""] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
    words.push(word);
    rest = after;
  }
  return [...words, "--", rest];
}

/** Removes the `--` before a text, if it is at most `wordsBeforeText` words from the start. */
export function withoutMark(args: readonly string[], wordsBeforeText: number): readonly string[] {
  const at = args.indexOf("--");
  return at === -1 || at > wordsBeforeText ? args : args.toSpliced(at, 1);
}

/**
 * Parses a duration such as `10m` or `1h30m`, or a number of seconds, into whole seconds from `least`
 * to `most`; a fraction of a second is rounded up.
 */
export function parseSeconds(
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
  texts: OperatorTexts,
): ParsedArguments<number> {
  const rules = { least: least * 1000, most: most * 1000, bareSeconds: true };
  const ms = parseDuration(text, rules);
  return typeof ms === "number"
    ? parsedArguments(Math.ceil(ms / 1000))
    : invalidArguments(texts.notDuration(quoted(text), ms.remedy));
}

/** The refusal of an argument that a command does not take. */
export function unexpectedArgument(arg: string, texts: OperatorTexts): ParsedArguments<never> {
  return invalidArguments(texts.unexpectedArgument(quoted(arg)));
}

/** Arguments that a command takes, as a {@linkcode ParsedArguments}. */
export function parsedArguments<Input>(input: Input): ParsedArguments<Input> {
  return { ok: true, input };
}

/** A refusal, as a {@linkcode ParsedArguments}. */
export function invalidArguments(error: string): ParsedArguments<never> {
  return { ok: false, error };
}
