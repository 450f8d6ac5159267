// What a person types, as a request or something to do here. Pure; the commands themselves are in
// commands.ts, and sending is the business of whoever asks.

import { quoted } from "../protocol/failures.ts";
import {
  type Action,
  type CommandRow,
  COMMANDS,
  type InputContext,
  parseTarget,
  usageOf,
  wordsNeeded,
} from "./commands.ts";

const NOTHING: Action = Object.freeze({ kind: "nothing" });

/** Reads one typed line for a server without typed commands of its own. */
export function parseInput(line: string, context: InputContext): Action {
  if (line.trim() === "") return NOTHING;
  if (line.startsWith("//")) return say(line.slice(1));
  if (line.startsWith("/")) return parseCommand(line, context);
  if (!/^[@#]\S/.test(line)) return say(line);
  const addressed = parseAddressed(line);
  if (addressed) return addressed;
  return { kind: "error", message: `Nothing to say to ${quoted(line.trim())}: add the text` };
}

/** Reads one typed line for a server with commands of its own: only `/quit` is ours. */
export function parseRawInput(line: string): Action {
  if (line.trim() === "/quit") return { kind: "quit" };
  return { kind: "request", request: { verb: "line", text: line } };
}

/** A message to `@name` or `#group`; nothing when the line is not of that form. */
export function parseAddressed(line: string): (Action & { kind: "request" }) | undefined {
  const [, word, text] = /^([@#]\S+)\s+(.*\S.*)$/s.exec(line) ?? [];
  if (word === undefined || text === undefined) return undefined;
  return { kind: "request", request: { verb: "say", to: parseTarget(word), text } };
}

/** What is wrong with a name that no server could be told; servers judge the rest. */
export function nameProblem(name: string): string | undefined {
  // White space or a control character would end the name, or the line, in most dialects.
  if (name !== "" && !/[\s\p{Cc}]/u.test(name)) return undefined;
  return `Bad name ${quoted(name)}: use letters, digits, _ - . without spaces`;
}

function say(text: string): Action {
  return { kind: "request", request: { verb: "say", text } };
}

function parseCommand(line: string, context: InputContext): Action {
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line.trimEnd()) ?? [];
  const found = findCommands(word.toLowerCase());
  const [command] = found;
  if (command === undefined) return { kind: "error", message: unknownCommand(word) };
  if (found.length > 1) {
    const which = found.map((row) => "/" + row.word).join(" or ");
    return { kind: "error", message: `Ambiguous command ${quoted("/" + word)}: ${which}?` };
  }
  const needed = wordsNeeded(command);
  const given = rest === "" ? 0 : rest.split(/\s+/, needed).length;
  if (given < needed) return { kind: "error", message: `Usage: ${usageOf(command)}` };
  return command.run(rest, context);
}

/** The command of that word, else all that begin with it. */
function findCommands(word: string): readonly CommandRow[] {
  if (word === "") return [];
  const exact = COMMANDS.filter((row) => words(row).includes(word));
  if (exact.length > 0) return exact;
  return COMMANDS.filter((row) => words(row).some((known) => known.startsWith(word)));
}

function words(row: CommandRow): readonly string[] {
  return row.alias === undefined ? [row.word] : [row.word, row.alias];
}

function unknownCommand(word: string): string {
  const near = COMMANDS.flatMap(words)
    .map((known) => ({ known, distance: editDistance(word.toLowerCase(), known) }))
    .filter(({ known, distance }) => distance <= Math.min(2, known.length - 1))
    .sort((a, b) => a.distance - b.distance)[0];
  const remedy = near ? `did you mean /${near.known}?` : "/help lists them all";
  return `Unknown command ${quoted("/" + word)}: ${remedy}`;
}

/** Levenshtein's distance; commands are short, so one row at a time is plenty. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(from.length, 20); i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
