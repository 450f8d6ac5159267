// A configuration file is a command line written down: its keys are long flags, turned into arguments
// for the same parser. Knows TOML through toml.ts, and flags only as data.

import { formatMessage } from "@optique/core/message";
import { type Parser, parseSync } from "@optique/core/parser";
import { quoted } from "../../protocol/failures.ts";
import { nearest } from "../../protocol/nearest.ts";
import { limitNamed } from "../../server/limits/limit_values.ts";
import { systemErrorText } from "../../shared/errors.ts";
import { type Flag, flagsOf, type GivenFlag, givenFlags } from "../flags.ts";
import { parseToml, type TomlDocument, tomlLine, type TomlValue } from "./toml.ts";

/** A parser of flags. */
export type FlagParser<Options> = Parser<"sync", Options, unknown>;

/** The flag that names a file. */
const CONFIG = "--config";

/** Flags that are about files, or ask instead of setting: a file cannot hold them. */
const NOT_IN_FILES: ReadonlySet<string> = new Set([CONFIG, "--print-config", "--limits"]);

/** Flags that may also be a table: each key is one, with its value. */
const TABLES: ReadonlySet<string> = new Set(["--limit"]);

/** One key of a file as arguments. */
interface Entry {
  readonly flag: Flag;
  readonly args: readonly string[];
  readonly line: number;
}

type Problem = { readonly error: string };

/** What the arguments come to with the file they name; as they are when they name none. */
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
  const behind = entries.filter(({ flag }) =>
    TABLES.has(flag.name) || !given.some((one) => one.flag === flag)
  );
  const merged = [...behind.flatMap((entry) => entry.args), ...args];
  if (parseSync(parser, merged).success) return merged;
  // Which key is to blame shows when each is given alone; if none is, it is the command line.
  for (const entry of behind) {
    const alone = parseSync(parser, entry.args);
    if (alone.success) continue;
    // The library names the flag, in all its forms; the line names the key.
    const why = sentence(alone.error).replace(/^(`[^`]*`\/?)+: /, "");
    return { error: `${path}:${entry.line}: ${entry.flag.name.slice(2)}: ${why}` };
  }
  return merged;
}

/** The options the arguments and their file give now, or what is wrong with them. */
export function reloadOptions<Options>(
  args: readonly string[],
  parser: FlagParser<Options>,
): { readonly options: Options } | Problem {
  const merged = withConfig(args, parser);
  if ("error" in merged) return merged;
  const parsed = parseSync(parser, merged);
  return parsed.success ? { options: parsed.value } : { error: sentence(parsed.error) };
}

function sentence(error: Parameters<typeof formatMessage>[0]): string {
  return formatMessage(error, { colors: false, quotes: true }).replace(/\.?\s*$/, "");
}

function readEntries(path: string, flags: readonly Flag[]): Entry[] | Problem {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
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
): Entry[] | { readonly error: string; readonly line: number } {
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

/** The flags among the arguments as lines of a file; what is no setting, and what `skip` holds, not. */
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
