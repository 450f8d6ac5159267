// Finds banned words in comments, documents and texts that people read, with what to write instead.
// Pure.

import { lineAt, type SourceFile } from "./source_file.ts";

/** A word that is banned, and the remedy. */
export interface BannedWord {
  /** Matches the word, a blank standing for any white space; letter case does not count. */
  readonly pattern: RegExp;
  /** What to write instead, for the error message. */
  readonly instead: string;
  /** Phrases with the word that are correct. */
  readonly allowed?: readonly RegExp[];
  /** Whether the catalogue (`texts/`) may use it, of people in the room. */
  readonly inCatalogue?: true;
}

/** Every banned word. */
export const BANNED_WORDS: readonly BannedWord[] = [
  {
    pattern: /\bunless told otherwise\b/,
    instead: 'write "(default X)"',
  },
  {
    pattern: /\btold\b(?! otherwise)/,
    instead: "name the mechanism: is called with, receives, is sent, is reported to",
  },
  {
    pattern: /\bwhoever\b/,
    instead: "name the party: the client, the member, the sender, the caller",
  },
  {
    pattern: /\b(?:nobody|somebody)\b/,
    instead: 'name the party: "no client", "no member", "another process"',
    allowed: [
      // Texts of the chat that documents quote.
      /\bNobody else is here\b/,
      /\bNobody called\b/,
      // Lines that the checks of clients and servers have typed.
      /\bnobody asked me\b/,
      /\bI am somebody else\b/,
    ],
    inCatalogue: true,
  },
  {
    pattern: /\b(?:a|one) sentence\b/,
    instead: 'say which text it is: "an error message", "one line"',
  },
  {
    pattern: /\bnothing (?:when|if|while|once)\b/,
    instead: 'write "undefined if", "empty if" or "does nothing if"',
    allowed: [
      /\b(?:does?|changes?|costs?|sends?|prints?|writes?) nothing (?:when|if|while|once)\b/,
    ],
  },
  {
    pattern: /\bbusiness\b/,
    instead: "say what the other part does, or leave it out",
  },
  {
    pattern: /\banew\b/,
    instead: 'write "again"',
  },
  {
    pattern: /\bat once\b/,
    instead: 'write "immediately", "at the same time", "in one step" or "N at a time"',
  },
  {
    pattern: /\bbehind\b/,
    instead: 'write "after", unless it is a place or a lag',
    allowed: [
      /\b(?:falls?|fell|falling|fallen|lags?|lagged|lagging|stays?|far) (?:\S+ ){0,3}behind\b/,
      /\b(?:leaves?|left|leaving|stays?) (?:\S+ ){0,4}behind\b/,
      /\b(?:bytes|messages|lines) behind\b/,
      // The command or flag that a part of the program is reached by.
      /\bbehind `[^`]+`/,
      /\bbehind (?:(?:an?|the|one|its|their|this|such|some|each|every|that) )?(?:\S+ )?(?:NAT|(?:prox|gatewa)(?:y|ies)|firewalls?|routers?|interfaces?|ports?|flags?|files?|address(?:es)?|load balancers?)\b/,
    ],
  },
  {
    pattern: /\b(?:heard|said)\b/,
    instead: 'write "received" or "sent"; as a noun "message" or "text"',
    allowed: [/\bshe said "déjà/],
  },
];

/** A piece of text that people read. */
export interface Passage {
  /** Line of its first character, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The comments of a source; `//` lines that follow each other are one. */
export function commentsOf(file: SourceFile): Passage[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of file.spans.filter(({ kind }) => kind === "comment")) {
    const last = joined.at(-1);
    if (last && /^\n[ \t]*$/.test(file.text.slice(last.end, start))) last.end = end;
    else joined.push({ start, end });
  }
  return joined.map((span) => passage(file, span));
}

/** The string and template literals of a source, without those that name a module. */
export function literalsOf(file: SourceFile): Passage[] {
  const imported = new Set(file.imports.map(({ specifier }) => specifier));
  return file.spans.filter(({ kind }) => kind === "string").map((span) => passage(file, span))
    .filter(({ text }) => !imported.has(text));
}

function passage(file: SourceFile, { start, end }: { start: number; end: number }): Passage {
  return { line: lineAt(file.text, start), text: file.text.slice(start, end) };
}

/** One message `PATH:LINE: "WORD": REMEDY` for each banned word in `passages`, in their order. */
export function bannedWords(path: string, passages: readonly Passage[]): string[] {
  const words = BANNED_WORDS.filter((word) => !(word.inCatalogue && path.startsWith("texts/")));
  return passages.flatMap(({ line, text }) => {
    const plain = withoutMarkers(text);
    return words.flatMap((word) =>
      [...withoutAllowed(plain, word).matchAll(anyBlank(word.pattern))].map(({ index, 0: found }) =>
        `${path}:${line + lineAt(plain, index) - 1}: "${
          found.replace(/\s+/g, " ")
        }": ${word.instead}`
      )
    );
  });
}

/** `text` without the `//` and `*` that begin the lines of a comment. */
function withoutMarkers(text: string): string {
  return text.replace(/^[ \t]*(?:\/\/|\/?\*+)/gm, "");
}

/** Ids and names, which are no prose: `half-said`, `@nobody.here`. */
const IDENTIFIER = /\b\w+(?:-\w+)+\b|@\w+/;

/** `text` with identifiers and the allowed phrases of `word` crossed out; offsets stay the same. */
function withoutAllowed(text: string, { allowed = [] }: BannedWord): string {
  return [IDENTIFIER, ...allowed].reduce(
    (rest, phrase) => rest.replace(anyBlank(phrase), (found) => found.replace(/\S/g, "-")),
    text,
  );
}

/** `pattern` for all matches, in any letter case, with any white space for each blank. */
function anyBlank({ source }: RegExp): RegExp {
  return new RegExp(source.replaceAll(" ", "\\s+"), "gi");
}
