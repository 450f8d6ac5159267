// `minichat history`: finds a history of this user, reads it page by page and prints it, or a
// summary of it (`info`).

import { resolve } from "node:path";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import type { MessageEvent } from "../../protocol/events.ts";
import { quotedPath, visible } from "../../protocol/sanitize.ts";
import { DATABASE_FILE } from "../../server/store/data_directory_check.ts";
import type { Problem } from "../../protocol/problem.ts";
import {
  Archive,
  type ArchiveRange,
  type ArchiveSummary,
  WHOLE_ARCHIVE,
} from "../../server/history/archive.ts";
import { errorText } from "../../shared/errors.ts";
import { writeAll } from "../../shared/write_all.ts";
import { type Formatter, formatterFor, localTime } from "./formats.ts";
import { runBackup, runHistoryCheck } from "./copy_and_check.ts";
import { chosenTexts } from "../language.ts";
import { wordMatcher } from "./match_words.ts";
import type { HistoryVerbOptions } from "./options.ts";
import { type HistoryEnvironment, stateDirectory } from "../history_directory.ts";
import type { HistoryPosition } from "./parse_when.ts";
import { print } from "../print.ts";
import { ProgressLine } from "../progress_line.ts";

const USAGE =
  "Usage: minichat history info|export [--data DIR | --port PORT] [--since WHEN] [--until WHEN] " +
  "[--format FORMAT | --json] [--private], or history search WORDS..., history backup FILE " +
  "[--force], history check [FILE]";

/** Progress is shown after this time, in milliseconds. */
const PROGRESS_AFTER_MS = 1_000;

/** Runs the verb; returns the exit code. */
export async function runHistory(given: HistoryVerbOptions): Promise<number> {
  const misuse = misuseOf(given);
  if (misuse !== undefined) {
    print(Deno.stderr, `${USAGE}\nError: ${misuse.error}`);
    return 2;
  }
  const options = given.json ? { ...given, format: "json" as const } : given;
  const directory = directoryOf(options, Deno.env);
  if (directory === undefined) return failed("HOME is not set: give --data DIR");
  const { action, words: [file] } = options;
  const json = options.format === "json";
  if (action === "check") return runHistoryCheck(file ?? directory, { json });
  if (action === "backup") {
    return runBackup(directory, { file: file ?? "", force: options.force === true, json });
  }
  const archive = Archive.open(directory);
  if ("error" in archive) return failed(archive.error + others(options, Deno.env));
  try {
    if (options.action === "info") {
      const info = { directory, ...archive.summary() };
      print(Deno.stdout, options.format === "json" ? infoJson(info) : infoText(info));
      return 0;
    }
    return await printMessages(archive, options);
  } catch (error) {
    return failed(`Cannot read the history in ${quotedPath(directory)}: ${errorText(error)}`);
  } finally {
    archive.close();
  }
}

function misuseOf(
  { action, words, data, port, format, json, force }: HistoryVerbOptions,
): Problem | undefined {
  if (data !== undefined && port !== undefined) return { error: "Give --data or --port, not both" };
  if (action === "search" && words.length === 0) {
    return { error: "Missing WORDS: search needs some" };
  }
  if (action === "backup" && words.length !== 1) {
    return { error: "Name one FILE: backup copies the history into it" };
  }
  if (action === "check" && words.length > 1) return { error: "Name one FILE, or none" };
  if (words.some((word) => word === "") && action !== "search") {
    return { error: "Missing FILE: its name is empty" };
  }
  if ((action === "info" || action === "export") && words.length > 0) {
    return { error: `Too many words: ${action} takes none` };
  }
  if (force && action !== "backup") return { error: "--force is for backup" };
  if ((action === "backup" || action === "check") && format === "md") {
    return { error: `${action} has no Markdown: text or json` };
  }
  if (json && (format ?? "json") !== "json") return { error: "Give --json or --format, not both" };
  if (action !== "info" || format !== "md") return undefined;
  return { error: "info has no Markdown: text or json" };
}

function directoryOf(
  { data, port = DEFAULT_PORT }: HistoryVerbOptions,
  env: HistoryEnvironment,
): string | undefined {
  if (data !== undefined) return resolve(data);
  const state = stateDirectory(env);
  return state && `${state}/${port}`;
}

/** Names other histories of this user, for an error message about one that does not exist. */
function others({ data, port }: HistoryVerbOptions, env: HistoryEnvironment): string {
  const state = stateDirectory(env);
  if (data !== undefined || state === undefined) return "";
  const labels: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(state)) {
      if (exists(`${state}/${name}/${DATABASE_FILE}`) && name !== `${port ?? DEFAULT_PORT}`) {
        labels.push(name);
      }
    }
  } catch {
    // the directory does not exist
  }
  const ports = labels.filter((label) => /^\d+$/.test(label)).sort((a, b) => +a - +b);
  const rest = labels.filter((label) => !/^\d+$/.test(label)).sort();
  const ways = [
    ...ports.map((label) => `--port ${label}`),
    ...rest.map((label) => `--data ${quotedPath(`${state}/${label}`)}`),
  ];
  return ways.length === 0 ? "" : `, or ${ways.slice(0, 5).join(", ")}`;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Prints a range of messages, with one page of them in memory. */
async function printMessages(archive: Archive, options: HistoryVerbOptions): Promise<number> {
  const range = rangeOf(options);
  const { newest } = archive.summary();
  const end = Math.min(range.upTo, newest?.seq ?? 0);
  const format = formatterFor(options.format ?? "text", chosenTexts().events);
  const matches = wordMatcher(options.words);
  // On a terminal that shows the messages, progress would be printed among them.
  const isWatched = !Deno.stdout.isTerminal();
  const progress = new ProgressLine(Deno.stderr, isWatched ? Deno.env.get("TERM") : "dumb");
  const showFrom = performance.now() + PROGRESS_AFTER_MS;
  let { after } = range;
  let printed = 0;
  try {
    for (let page = archive.page(range); page.length > 0;) {
      const found = page.filter(matches);
      printed += found.length;
      if (!await write(found, format)) return 0;
      after = page.at(-1)?.seq ?? end;
      if (performance.now() > showFrom) {
        const text = `${printed.toLocaleString("en")} messages`;
        const done = (after - range.after) / (end - range.after);
        progress.show({ phase: options.action, done, text });
      }
      page = archive.page({ ...range, after });
    }
  } finally {
    progress.clear();
  }
  return options.action === "search" && printed === 0 ? 1 : 0;
}

function rangeOf({ since, until, ...options }: HistoryVerbOptions): ArchiveRange {
  return {
    ...WHOLE_ARCHIVE,
    ...boundOf(since, "after", "from"),
    ...boundOf(until, "upTo", "before"),
    private: options.private === true,
  };
}

function boundOf<Seq extends string, Time extends string>(
  when: HistoryPosition | undefined,
  seq: Seq,
  time: Time,
): { [Key in Seq | Time]?: number } {
  if (when === undefined) return {};
  const bound = when.kind === "seq" ? { [seq]: when.seq } : { [time]: when.ms };
  return bound as { [Key in Seq | Time]?: number };
}

/** Writes messages to standard output; returns false if the reader has closed, which is no failure. */
async function write(messages: readonly MessageEvent[], format: Formatter): Promise<boolean> {
  const bytes = new TextEncoder().encode(messages.map(format).join(""));
  try {
    await writeAll(Deno.stdout, bytes);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

/** The summary of a history, and its directory. */
interface HistoryInfo extends ArchiveSummary {
  readonly directory: string;
}

function infoText(info: HistoryInfo): string {
  const { messages, oldest, newest } = info;
  const ends = oldest && newest
    ? [
      ["from", `${dateAndTime(oldest.at)}, number ${oldest.seq}`],
      ["to", `${dateAndTime(newest.at)}, number ${newest.seq}`],
    ]
    : [];
  const rows = [
    ["directory", visible(info.directory)],
    ["messages", `${grouped(messages)}, of them ${grouped(info.private)} private or in groups`],
    ...ends,
    ["size", `${(info.bytes / 1024 / 1024).toFixed(1)} MiB`],
    ["schema", `version ${info.schema}`],
  ];
  return rows.map(([name = "", value]) => `${name.padEnd(9)}  ${value}`).join("\n");
}

function infoJson({ oldest, newest, ...info }: HistoryInfo): string {
  return JSON.stringify({ ...info, oldest: oldest ?? null, newest: newest ?? null });
}

/** A number with its digits in groups: `1,204`. */
function grouped(count: number): string {
  return count.toLocaleString("en");
}

function dateAndTime(at: string): string {
  const { date, clock, zone } = localTime(at);
  return `${date} ${clock}${zone}`;
}

function failed(error: string): number {
  print(Deno.stderr, `minichat history: ${error}`);
  return 1;
}
