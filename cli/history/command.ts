// `minichat history`: finds a history of this user, reads it page by page and prints it. What is in it
// is the business of server/history, how it looks that of formats.ts.

import { resolve } from "node:path";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import type { MessageEvent } from "../../protocol/events.ts";
import { visible } from "../../protocol/sanitize.ts";
import { DATABASE_FILE } from "../../server/store/store.ts";
import { Archive, type ArchiveRange, WHOLE_ARCHIVE } from "../../server/history/archive.ts";
import { errorText } from "../../shared/errors.ts";
import { writeAll } from "../../shared/write_all.ts";
import { type Formatter, formatterFor } from "./formats.ts";
import { infoJson, infoText } from "./info.ts";
import type { HistoryVerbOptions } from "./options.ts";
import { type HistoryEnvironment, stateDirectory } from "../history_directory.ts";
import type { HistoryPosition } from "./parse_when.ts";
import { print } from "../print.ts";
import { ProgressLine } from "../progress_line.ts";

const USAGE =
  "Usage: minichat history info|export [--data DIR | --port PORT] [--since WHEN] [--until WHEN] " +
  "[--format FORMAT | --json] [--private], or history search WORDS...";

/** Shorter work needs no progress, in milliseconds. */
const PATIENCE_MS = 1_000;

/** Runs the verb; answers the exit code. */
export async function runHistory(given: HistoryVerbOptions): Promise<number> {
  const misuse = misuseOf(given);
  if (misuse !== undefined) {
    print(Deno.stderr, `${USAGE}\nError: ${misuse}`);
    return 2;
  }
  const options = given.json ? { ...given, format: "json" as const } : given;
  const directory = directoryOf(options, Deno.env);
  if (directory === undefined) return failed("HOME is not set: give --data DIR");
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
    return failed(`Cannot read the history in "${visible(directory)}": ${errorText(error)}`);
  } finally {
    archive.close();
  }
}

function misuseOf(
  { action, words, data, port, format, json }: HistoryVerbOptions,
): string | undefined {
  if (data !== undefined && port !== undefined) return "Give --data or --port, not both";
  if (action === "search" && words.length === 0) return "Missing WORDS: search needs some";
  if (action !== "search" && words.length > 0) return `Too many words: ${action} takes none`;
  if (json && (format ?? "json") !== "json") return "Give --json or --format, not both";
  return action === "info" && format === "md" ? "info has no Markdown: text or json" : undefined;
}

function directoryOf(
  { data, port = DEFAULT_PORT }: HistoryVerbOptions,
  env: HistoryEnvironment,
): string | undefined {
  if (data !== undefined) return resolve(data);
  const state = stateDirectory(env);
  return state && `${state}/${port}`;
}

/** The other histories of this user, for whoever has named none that is there. */
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
    // there is no such directory
  }
  const ports = labels.filter((label) => /^\d+$/.test(label)).sort((a, b) => +a - +b);
  const rest = labels.filter((label) => !/^\d+$/.test(label)).sort();
  const ways = [
    ...ports.map((label) => `--port ${label}`),
    ...rest.map((label) => `--data ${visible(`${state}/${label}`)}`),
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

/** Prints a range, holding one page of it in memory. */
async function printMessages(archive: Archive, options: HistoryVerbOptions): Promise<number> {
  const range = rangeOf(options);
  const { newest } = archive.summary();
  const end = Math.min(range.upTo, newest?.seq ?? 0);
  const format = formatterFor(options.format ?? "text");
  const matches = matcherFor(options.words);
  // On the terminal that shows the messages it would stand among them.
  const isWatched = !Deno.stdout.isTerminal();
  const progress = new ProgressLine(Deno.stderr, isWatched ? Deno.env.get("TERM") : "dumb");
  const showFrom = performance.now() + PATIENCE_MS;
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

/** Whether a message holds all the words. */
function matcherFor(words: readonly string[]): (message: MessageEvent) => boolean {
  const wanted = words.map((word) => word.toLowerCase());
  return ({ from, text }) => {
    const whole = `${from}\n${text}`.toLowerCase();
    return wanted.every((word) => whole.includes(word));
  };
}

/** Writes messages to standard output; false when nobody reads any more, which is no failure. */
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

function failed(sentence: string): number {
  print(Deno.stderr, `minichat history: ${sentence}`);
  return 1;
}
