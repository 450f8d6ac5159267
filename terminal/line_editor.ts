// The line being typed: text, cursor, history, completion, and the action of each key. Pure.

import { commonPrefix, type Completion } from "./tab_completion.ts";
import { graphemeEnd, graphemeStart, wholeGrapheme, wordEnd, wordStart } from "./graphemes.ts";
import { LineHistory } from "./line_history.ts";
import type { Key } from "./keys.ts";

/** Bytes of UTF-8 in one line; input beyond it is refused with a bell. */
export const MAX_LINE_BYTES = 8192;

/**
 * The result of a key besides a changed line. `refused` rings the bell, `list` shows candidates.
 */
export type EditorEvent =
  | { readonly kind: "none" | "eof" | "interrupt" | "clear" | "refused" }
  | { readonly kind: "submit"; readonly text: string }
  | { readonly kind: "list"; readonly candidates: readonly string[] };

const NONE: EditorEvent = Object.freeze({ kind: "none" });
const REFUSED: EditorEvent = Object.freeze({ kind: "refused" });

/** Parts of a word for Alt and Ctrl with arrows and letters: letters, digits, marks, underscore. */
const WORD_REGEXP = /[\p{L}\p{N}\p{M}_]/u;
/** Parts of a word for Ctrl-W: everything between blanks. */
const BLANKS_APART_REGEXP = /\S/u;
const ENCODER = new TextEncoder();

type Direction = "back" | "forth";

/**
 * One line being edited. `text` may hold "\
 * " and tabs, both from a paste only.
 */
export class LineEditor {
  readonly #complete: ((line: string, cursor: number) => Completion) | undefined;
  readonly #isSecret: (line: string) => boolean;
  readonly #history = new LineHistory();
  #text = "";
  #cursor = 0;
  #killed = "";
  #killing = false;

  /**
   * `complete` returns the candidates for Tab; a line for which `isSecret` is true stays out of the
   * history.
   */
  constructor(
    complete?: (line: string, cursor: number) => Completion,
    isSecret: (line: string) => boolean = () => false,
  ) {
    this.#complete = complete;
    this.#isSecret = isSecret;
  }

  /** The line as typed so far. */
  get text(): string {
    return this.#text;
  }

  /** The cursor in UTF-16 units: between two grapheme clusters, or in one that is being typed. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Carries out the action of the key; a key without one does nothing. */
  press(key: Key): EditorEvent {
    const wasKilling = this.#killing;
    this.#killing = false;
    if (key.kind !== "key") return this.#insert(key.text);
    const action = LineEditor.#BINDINGS.get(key.name);
    if (action === undefined) return NONE;
    return action(this, wasKilling) ?? NONE;
  }

  static readonly #BINDINGS: ReadonlyMap<
    string,
    (line: LineEditor, wasKilling: boolean) => EditorEvent | void
  > = new Map(Object.entries(
    {
      "enter": (line) => line.#submit(),
      "ctrl-c": (line) => line.#interrupt(),
      "ctrl-d": (line) => line.#text === "" ? { kind: "eof" } : line.#delete(line.#after()),
      "ctrl-l": () => ({ kind: "clear" }),
      "tab": (line) => line.#tab(),
      "left": (line) => line.#move(line.#before()),
      "ctrl-b": (line) => line.#move(line.#before()),
      "right": (line) => line.#move(line.#after()),
      "ctrl-f": (line) => line.#move(line.#after()),
      "home": (line) => line.#move(0),
      "ctrl-a": (line) => line.#move(0),
      "end": (line) => line.#move(line.#text.length),
      "ctrl-e": (line) => line.#move(line.#text.length),
      "alt-b": (line) => line.#move(line.#word("back")),
      "alt-left": (line) => line.#move(line.#word("back")),
      "ctrl-left": (line) => line.#move(line.#word("back")),
      "alt-f": (line) => line.#move(line.#word("forth")),
      "alt-right": (line) => line.#move(line.#word("forth")),
      "ctrl-right": (line) => line.#move(line.#word("forth")),
      "backspace": (line) => line.#delete(line.#before()),
      "delete": (line) => line.#delete(line.#after()),
      "ctrl-w": (line, chained) =>
        line.#kill(wordStart(line.#text, line.#cursor, BLANKS_APART_REGEXP), chained),
      "alt-backspace": (line, chained) => line.#kill(line.#word("back"), chained),
      "alt-d": (line, chained) => line.#kill(line.#word("forth"), chained),
      "alt-delete": (line, chained) => line.#kill(line.#word("forth"), chained),
      "ctrl-delete": (line, chained) => line.#kill(line.#word("forth"), chained),
      "ctrl-u": (line, chained) => line.#kill(0, chained),
      "ctrl-k": (line, chained) => line.#kill(line.#text.length, chained),
      "ctrl-y": (line) => line.#insert(line.#killed),
      "up": (line) => line.#show(line.#history.older(line.#text)),
      "ctrl-p": (line) => line.#show(line.#history.older(line.#text)),
      "down": (line) => line.#show(line.#history.newer()),
      "ctrl-n": (line) => line.#show(line.#history.newer()),
    } satisfies Record<string, (line: LineEditor, chained: boolean) => EditorEvent | void>,
  ));

  #before(): number {
    return graphemeStart(this.#text, this.#cursor);
  }

  #after(): number {
    return graphemeEnd(this.#text, this.#cursor);
  }

  #word(direction: Direction): number {
    const find = direction === "back" ? wordStart : wordEnd;
    return find(this.#text, this.#cursor, WORD_REGEXP);
  }

  #move(to: number): void {
    this.#cursor = to;
  }

  #show(text: string | undefined): void {
    if (text === undefined) return;
    this.#text = text;
    this.#cursor = text.length;
  }

  #submit(): EditorEvent {
    const text = this.#text;
    if (this.#isSecret(text)) this.#history.leave();
    else this.#history.add(text);
    this.#show("");
    return { kind: "submit", text };
  }

  #interrupt(): EditorEvent {
    this.#history.leave();
    this.#show("");
    return { kind: "interrupt" };
  }

  /** Removes and returns the text between the cursor and `to`. */
  #cut(to: number): string {
    const from = Math.min(to, this.#cursor);
    const piece = this.#text.slice(from, Math.max(to, this.#cursor));
    this.#replace(from, from + piece.length, "");
    // Removing text can join what was separate, such as a letter and a mark.
    this.#cursor = wholeGrapheme(this.#text, this.#cursor);
    return piece;
  }

  #delete(to: number): void {
    this.#cut(to);
  }

  /** Removes text that Ctrl-Y inserts again, as one piece with the kills directly before it. */
  #kill(to: number, chained: boolean): void {
    const back = to < this.#cursor;
    const piece = this.#cut(to);
    const kept = chained ? this.#killed : "";
    if (piece !== "") this.#killed = back ? piece + kept : kept + piece;
    this.#killing = piece !== "" || chained;
  }

  #insert(text: string): EditorEvent {
    const room = MAX_LINE_BYTES - ENCODER.encode(this.#text).length;
    if (ENCODER.encode(text).length <= room) {
      this.#replace(this.#cursor, this.#cursor, text);
      return NONE;
    }
    this.#replace(this.#cursor, this.#cursor, beginning(text, room));
    return REFUSED;
  }

  #tab(): EditorEvent {
    if (this.#complete === undefined) return NONE;
    const { from, candidates } = this.#complete(this.#text, this.#cursor);
    if (candidates.length === 0) return REFUSED;
    const prefix = commonPrefix(candidates);
    const more = prefix.length - (this.#cursor - from);
    const bytes = ENCODER.encode(this.#text).length + ENCODER.encode(prefix).length;
    if (bytes > MAX_LINE_BYTES) return REFUSED;
    if (more >= 0) this.#replace(from, this.#cursor, prefix);
    return candidates.length === 1 ? NONE : { kind: "list", candidates };
  }

  // The cursor stays directly after the inserted text, even inside a cluster: an emoji of several
  // code points is typed one by one, and may join the text after it until it is complete.
  #replace(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.#cursor = from + text.length;
  }
}

/** The longest beginning of the text that fits in `bytes`, in whole grapheme clusters. */
function beginning(text: string, bytes: number): string {
  const fits = ENCODER.encodeInto(text, new Uint8Array(bytes)).read;
  return text.slice(0, fits === 0 ? 0 : wholeStart(text, fits));
}

function wholeStart(text: string, at: number): number {
  return wholeGrapheme(text, at) === at ? at : graphemeStart(text, at);
}
