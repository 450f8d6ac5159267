// Reads a configuration file (`--config`): its keys are long flags, which become arguments for the
// same parser.

import { formatMessage } from "@optique/core/message";
import { type Parser, parseSync } from "@optique/core/parser";
import { quoted } from "../../protocol/failures.ts";
import { nearest } from "../../protocol/nearest.ts";
import type { Problem } from "../../protocol/problem.ts";
import { limitNamed } from "../../server/limits/limit_values.ts";
import { systemErrorText } from "../../shared/errors.ts";
import { readOwnedText } from "../../shared/owned_files.ts";
import { type Flag, flagsOf, type GivenFlag, givenFlags } from "../flags.ts";
import {
  type LineProblem,
  parseToml,
  type TomlDocument,
  tomlLine,
  type TomlValue,
} from "./toml.ts";

/** A parser whose flags a file can hold. */
export type FlagParser<Options> = Parser<"sync", Options, unknown>;

const CONFIG = "--config";

/** Flags that a file cannot hold: they name a file, or print something. */
const NOT_IN_FILES: ReadonlySet<string> = new Set([CONFIG, "--print-config", "--limits"]);

/** Flags that may be a table: each key with its value is one use of the flag. */
const TABLES: ReadonlySet<string> = new Set(["--limit"]);

/** One key of a file as arguments. */
interface Entry {
  readonly flag: Flag;
  readonly args: readonly string[];
  readonly line: number;
}

/** Adds the flags of the file that the arguments name; without one, returns the arguments. */
export function withConfig<Options>(
  args: readonly string[],
  parser: FlagParser<Options>,
): readonly string[] | Problem {
  const flags = flagsOf(parser);
  const given = givenFlags(args, flags);
  const path = given.find(({ flag }) => flag.name === CONFIG)?.value;
  if (path === undefined) return args;
  const entries = readEntries(path, flags);
  if ("error" in entries) return entries;
  const added = entries.filter(({ flag }) =>
    TABLES.has(flag.name) || !given.some((one) => one.flag === flag)
  );
  const merged = [...added.flatMap((entry) => entry.args), ...args];
  if (parseSync(parser, merged).success) return merged;
  // Parsing each key alone finds the wrong one; if none is wrong, the command line is.
  for (const entry of added) {
    const alone = parseSync(parser, entry.args);
    if (alone.success) continue;
    // The library names the flag in all its forms; this message names the key.
    const why = errorLine(alone.error).replace(/^(`[^`]*`\/?)+: /, "");
    return { error: `${path}:${entry.line}: ${entry.flag.name.slice(2)}: ${why}` };
  }
  return merged;
}

/** Parses the arguments and reads their file again. */
export function reloadOptions<Options>(
  args: readonly string[],
  parser: FlagParser<Options>,
): { readonly options: Options } | Problem {
  const merged = withConfig(args, parser);
  if ("error" in merged) return merged;
  const parsed = parseSync(parser, merged);
  return parsed.success ? { options: parsed.value } : { error: errorLine(parsed.error) };
}

function errorLine(error: Parameters<typeof formatMessage>[0]): string {
  return formatMessage(error, { colors: false, quotes: true }).replace(/\.?\s*$/, "");
}

function readEntries(path: string, flags: readonly Flag[]): Entry[] | Problem {
  let text: string;
  try {
    text = readOwnedText(path);
  } catch (problem) {
    const why = systemErrorText(problem);
    return { error: `Cannot read ${quoted(path)}: ${why}: choose another ${CONFIG}` };
  }
  const document = parseToml(text);
  if ("error" in document) return { error: `${path}:${document.line}: ${document.error}` };
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(document.values)) {
    const read = readEntry(key, value, { flags, document });
    if ("error" in read) return { error: `${path}:${read.line}: ${read.error}` };
    entries.push(...read);
  }
  return entries;
}

function readEntry(
  key: string,
  value: TomlValue,
  { flags, document }: { readonly flags: readonly Flag[]; readonly document: TomlDocument },
): Entry[] | LineProblem {
  const line = document.lineOf(key);
  const known = flags.filter(({ name }) => !NOT_IN_FILES.has(name));
  const flag = known.find(({ name }) => name === `--${key}`);
  if (flag === undefined) return { error: unknownKey(key, known), line };
  if (TABLES.has(flag.name) && isTable(value)) {
    const entries: Entry[] = [];
    for (const [name, inner] of Object.entries(value)) {
      const at = document.lineOf(key, name);
      if (!isPlain(inner)) return { error: `Cannot set ${name}: expected one value`, line: at };
      entries.push({ flag, args: [`${flag.name}=${name}=${inner}`], line: at });
    }
    return entries;
  }
  if (!flag.takesValue) {
    if (typeof value !== "boolean") return { error: `Set ${key} to true or false`, line };
    return value ? [{ flag, args: [flag.name], line }] : [];
  }
  const values = flag.repeats && Array.isArray(value) ? value : [value];
  if (!values.every(isPlain)) {
    const what = flag.repeats ? "a text, or a list of texts" : "a number or a text";
    return { error: `Set ${key} to ${what}`, line };
  }
  return values.map((one) => ({ flag, args: [`${flag.name}=${one}`], line }));
}

function unknownKey(key: string, known: readonly Flag[]): string {
  if (typeof limitNamed(key) === "string") {
    return `Unknown key ${quoted(key)}: a limit belongs under [limit]`;
  }
  const meant = nearest(key, known.map(({ name }) => name.slice(2)));
  const remedy = meant === undefined
    ? "its keys are the long flags that --help lists, without --"
    : `did you mean ${meant}?`;
  return `Unknown key ${quoted(key)}: ${remedy}`;
}

function isPlain(value: TomlValue): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function isTable(value: TomlValue): value is Record<string, TomlValue> {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** Formats the flags among the arguments as lines of a file, except those in `skip`. */
export function configLines<Options>(
  args: readonly string[],
  parser: FlagParser<Options>,
  skip: ReadonlySet<string>,
): string[] {
  const lists = new Map<Flag, GivenFlag[]>();
  for (const given of givenFlags(args, flagsOf(parser))) {
    const { name } = given.flag;
    if (!NOT_IN_FILES.has(name) && !skip.has(name)) {
      lists.set(given.flag, [...lists.get(given.flag) ?? [], given]);
    }
  }
  return [...lists].map(([{ name, repeats }, given]) => {
    const values = given.map(({ value }) => value === undefined ? true : asToml(value));
    return tomlLine(name.slice(2), repeats ? values : values.at(-1) ?? true);
  });
}

function asToml(value: string): TomlValue {
  return /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
