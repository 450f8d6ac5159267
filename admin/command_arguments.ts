// The arguments of an operator's command: options told from words, durations and numbers read. Pure;
// knows nothing of which commands there are.

import { quoted } from "../protocol/failures.ts";
import { MAX_SHUTDOWN_SECONDS } from "../protocol/limits.ts";
import { nearest } from "../protocol/nearest.ts";

/** What a command takes, or one sentence saying what is wrong with what was given. */
export type Parsed<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly error: string };

/** Which options a command has, with their dashes: `flag` alone, `value` with a word behind it. */
export type OptionKinds = Readonly<Record<string, "flag" | "value">>;

/** Arguments sorted: a flag that was given has the value "". */
export interface SortedArguments {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Longest ban that can be asked for: what is meant to last longer is meant to last for good. */
const MAX_DURATION_SECONDS = 365 * 86_400;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Tells options from words. Only `--name` is an option, so `-5` is a word; `--name=VALUE` and
 * `--name VALUE` are one; all that follows a `--` is words.
 */
export function sortArguments(
  args: readonly string[],
  kinds: OptionKinds,
): Parsed<SortedArguments> {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      words.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("--")) {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const name = equals === -1 ? arg : arg.slice(0, equals);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return refused(unknown("option", name, Object.keys(kinds)));
    if (kind === "flag") {
      if (equals !== -1) return refused(`Option ${name} takes no value: ${quoted(arg)}`);
      options.set(name, "");
      continue;
    }
    const value = equals === -1 ? args[++at] : arg.slice(equals + 1);
    if (value === undefined) return refused(`Missing value: ${name} needs one`);
    options.set(name, value);
  }
  return given({ words, options });
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

/** `90`, `90s`, `10m`, `2h` or `1d` in seconds: at least 1, at most a year. */
export function parseDuration(text: string): Parsed<number> {
  const [, digits, unit = "s"] = /^(\d+)([smhd])?$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? NaN);
  return seconds >= 1 && seconds <= MAX_DURATION_SECONDS
    ? given(seconds)
    : refused(`Not a duration: ${quoted(text)}, expected 90s, 10m, 2h or up to 365d`);
}

/** A countdown: a whole number of seconds from 0 to 86400 (D10). */
export function parseCountdown(text: string): Parsed<number> {
  if (/^\d+$/.test(text) && Number(text) <= MAX_SHUTDOWN_SECONDS) return given(Number(text));
  return refused(`Not a number of seconds: ${quoted(text)}, expected 0 to ${MAX_SHUTDOWN_SECONDS}`);
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

/** What was understood, as a {@linkcode Parsed}. */
export function given<Input>(input: Input): Parsed<Input> {
  return { ok: true, input };
}

/** A refusal, as a {@linkcode Parsed}. */
export function refused(error: string): Parsed<never> {
  return { ok: false, error };
}
