// What the first words of an unknown server mean: its protocol, how it wants to be given a name,
// whether it refuses one. English and French, the languages of the sheets. Pure.

import type { DialectName } from "../../protocol/dialect.ts";
import { NAMING_WORDS } from "../../protocol/naming_words.ts";
import { undecorated } from "../../protocol/sanitize.ts";
import { EN } from "../../texts/en.ts";

/** The bytes that end a flow and a session of sheet 003 (R63, R64). */
// deno-lint-ignore no-control-regex
const FLOW_ENDS_REGEXP = /\x03|\x04/;

/** What first bytes show: minichat's own greeting, or what a dialect's servers send. */
export type FirstBytes = "minichat" | "json" | "frames" | "msg" | "flows" | "text";

/** The dialect in which to go on. */
export const DIALECT_OF: Readonly<Record<FirstBytes, DialectName>> = {
  minichat: "native",
  json: "native",
  frames: "framed",
  msg: "usermsg",
  flows: "etx",
  text: "plain",
};

/** Bytes that are judged: a server may send any number, and a judgement must not take long. */
const MAX_JUDGED_BYTES = 4096;

/**
 * The text of the last {@linkcode MAX_JUDGED_BYTES} of `bytes`, where a question stands, without
 * colours; bytes that are no UTF-8 become U+FFFD.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(-MAX_JUDGED_BYTES));
  return undecorated(text.replaceAll("\0", "\n"));
}

/** Judges the first bytes that a server sends of its own accord. */
export function judgeFirstBytes(bytes: Uint8Array): FirstBytes {
  const [first] = bytes;
  // An int of value 0 or 1, in either byte order; text begins with neither.
  if (first === 0 || first === 1) return "frames";
  const text = textOfBytes(bytes.subarray(0, MAX_JUDGED_BYTES));
  if (/^\s*\{\s*"/.test(text)) return "json";
  if (FLOW_ENDS_REGEXP.test(text)) return "flows";
  if (/^MSG \S/.test(text) || (/\bUSER\b/.test(text) && /\bMSG\b/.test(text))) return "msg";
  return text.startsWith(EN.events.welcome.replace(/\.$/, "")) ? "minichat" : "text";
}

/** Judges what a silent server sends after the name alone on a line. */
export function judgeAnswerToName(bytes: Uint8Array): FirstBytes {
  const judged = judgeFirstBytes(bytes);
  if (judged !== "text") return judged;
  const text = textOfBytes(bytes);
  if (/^\d+(?: \S+)?\s*$/.test(text)) return "flows"; // the id and the name (R58)
  const isUnknown = /unknown|inconnu|invalid|unrecogni|not understood|incompris|expected|attendu/i;
  const isCommand = /command|protocol|verb|syntax|usage|format/i;
  const isBareError = /^\W*(?:err\w*|ko|nok|bad|invalid\w*|\?+)\W*$/iu.test(text);
  if (/\bUSER\b/.test(text) || isBareError) return "msg";
  return isUnknown.test(text) && isCommand.test(text) ? "msg" : "text";
}

/** How a server takes a name. */
export type NamingWay =
  /** The next line is the name. */
  | { readonly by: "line" }
  /** By a command such as `/nick`, before the name. */
  | { readonly by: "command"; readonly command: string }
  /** The server gives the name, and says no way to change it. */
  | { readonly by: "server"; readonly name: string };

/** `/nick`, `!nom`, or a word in capitals before a placeholder: `NICK <name>`. */
const COMMAND_REGEXP = RegExp(
  `(?:^|[^\\p{L}\\p{N}/])([/!.\\\\](?:${NAMING_WORDS.join("|")}))(?![\\p{L}\\p{N}])`,
  "iu",
);
const CAPITALS_REGEXP =
  /(?:^|[^\p{L}\p{N}])(NICK|PSEUDO|NOM|NAME|LOGIN|JOIN) +(?:[<[{]|[a-zé_]{3,}\b|[A-Z]{2,}\b|\.\.\.)/u;

const NAME_REGEXP =
  /\b(?:nom|noms|name|pseudo\w*|nick\w*|login|user ?name|username|utilisateur|identifiant|surnom|handle|alias)\b|qui (?:es|[êe]tes)|who are you|appell?e/iu;

const ASKS_REGEXP =
  /[:?>]\s*$|\b(?:ent(?:er|re|rez)|tape[rz]?|type|choisi\w*|choose|pick|donne[rz]?|give|saisi\w*|quel|what|who|comment|indique[rz]?|provide|please|veuillez|envo(?:ie|yez)|send|[ée]cri\w*|first line|premi[eè]re ligne)\b/iu;

const TOLD_REGEXP =
  /(?:vous [êe]tes|tu es|you are(?: now)?|you're|your (?:name|nick\w*|id|pseudo) is|(?:votre|ton) (?:nom|pseudo|identifiant) est|connect(?:ed|[ée]e?) (?:as|en tant que)|logged in as|known as)[^\S\n]{0,3}:?[^\S\n]{0,3}["'«<]?[^\S\n]{0,3}([\p{L}\p{N}_-]+)/iu;

/** A name that a server makes up has a number in it; `3` may also count people. */
const MADE_UP_REGEXP = /^(?=.*\p{N})(?=.*[\p{L}_-])/u;

/** A line this short with a word for a name is a question, whatever its verb. */
const SHORT_CHARS = 30;

/** How the server that has sent `text` takes a name; by the next line if it says nothing of it. */
export function namingWay(text: string): NamingWay {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const command = COMMAND_REGEXP.exec(text)?.[1] ?? CAPITALS_REGEXP.exec(text)?.[1];
  if (lines.some(asksForName)) return { by: "line" };
  if (command !== undefined) return { by: "command", command };
  const [, name = ""] = TOLD_REGEXP.exec(text) ?? [];
  return MADE_UP_REGEXP.test(name) ? { by: "server", name } : { by: "line" };
}

/** Whether a line asks for a name. */
export function asksForName(line: string): boolean {
  const text = line.replace(/\([^)]*\)/g, "").trimEnd();
  if (!NAME_REGEXP.test(text) || TOLD_REGEXP.test(text)) return false;
  if (COMMAND_REGEXP.test(text) || CAPITALS_REGEXP.test(text)) return false;
  if (/(?:^|\s)[@/!]\p{L}/u.test(text)) return false; // a list of commands
  if (ASKS_REGEXP.test(text)) return true;
  return text.trim().length <= SHORT_CHARS && !/[:=]\s*\S/.test(text);
}

const REFUSES_REGEXP =
  /^-!|^\W*(?:erreur|error|sorry|d[ée]sol[ée])|\b(?:trop|too) (?:long|short|court)|\b(?:pris|prise|taken|already|d[ée]j[àa]|in use|utilis[ée]e?|invalide?|incorrect|interdit|refus\w*|ne va pas|not (?:allowed|valid|available)|existe|exists|r[ée]essa\w*|try again|un autre|another)(?![\p{L}])/iu;

const ACCEPTS_REGEXP = /bonjour|bienvenue|welcome|hello|salut|accept|enregistr|registered/iu;

/** Whether the answer to `name` refuses it: by its first line, or by asking again. */
export function refusesName(answer: string, name: string): boolean {
  const lines = answer.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const [first = "", last = first] = [lines[0], lines.at(-1)];
  if (ACCEPTS_REGEXP.test(first) || TOLD_REGEXP.exec(first)?.[1] === name) return false;
  return REFUSES_REGEXP.test(first) || asksForName(last);
}
