// Wraps text in several styles into lines of a width. Pure.

import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";

/** Text of one style; `paint` adds its escape sequences, which take no columns. */
export interface StyledRun {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** One line as shown, and its columns. */
export interface WrappedLine {
  readonly shown: string;
  readonly columns: number;
}

/** A word, of one style or several: `--dialect`, and the full stop after it. */
type Word = readonly StyledRun[];

/**
 * Lines of at most `columns` (1 or more). Any white space becomes one space; a longer word is cut.
 */
export function wrap(runs: readonly StyledRun[], columns: number): WrappedLine[] {
  const lines: { words: Word[]; columns: number }[] = [];
  for (const word of wordsOf(runs).flatMap((word) => cut(word, columns))) {
    const last = lines.at(-1);
    const width = widthOf(word);
    if (last !== undefined && last.columns + 1 + width <= columns) {
      last.words.push(word);
      last.columns += 1 + width;
    } else lines.push({ words: [word], columns: width });
  }
  return lines.map(({ words, columns }) => ({ shown: painted(words), columns }));
}

/** Columns of the text on one line, without wrapping. */
export function unwrappedColumns(runs: readonly StyledRun[]): number {
  const [line] = wrap(runs, Infinity);
  return line?.columns ?? 0;
}

function wordsOf(runs: readonly StyledRun[]): Word[] {
  const words: StyledRun[][] = [];
  let open = false;
  for (const { text, paint } of runs) {
    for (const part of text.split(/(\s+)/)) {
      if (part === "") continue;
      if (part.trim() === "") open = false;
      else {
        if (open) words.at(-1)?.push({ text: part, paint });
        else words.push([{ text: part, paint }]);
        open = true;
      }
    }
  }
  return words;
}

/** The word in pieces of at most `columns`, usually one. */
function cut(word: Word, columns: number): Word[] {
  if (widthOf(word) <= columns) return [word];
  const pieces: StyledRun[][] = [[]];
  let used = 0;
  for (const { text, paint } of word) {
    for (const grapheme of graphemes(text)) {
      const width = stringWidth(grapheme);
      if (used > 0 && used + width > columns) {
        pieces.push([]);
        used = 0;
      }
      pieces.at(-1)?.push({ text: grapheme, paint });
      used += width;
    }
  }
  return pieces;
}

function widthOf(word: Word): number {
  return stringWidth(word.map(({ text }) => text).join(""));
}

/** Paints neighbours of one style together, including the spaces between them. */
function painted(words: readonly Word[]): string {
  const spaced = words.flatMap((word, at) => at === 0 ? word : [SPACE, ...word]);
  const merged: StyledRun[] = [];
  for (const [at, run] of spaced.entries()) {
    const before = merged.at(-1);
    const paint = run === SPACE && before?.paint === spaced[at + 1]?.paint
      ? before?.paint ?? run.paint
      : run.paint;
    if (before?.paint === paint) {
      merged[merged.length - 1] = { text: before.text + run.text, paint };
    } else merged.push({ text: run.text, paint });
  }
  return merged.map(({ text, paint }) => paint(text)).join("");
}

const SPACE: StyledRun = Object.freeze({ text: " ", paint: (text: string) => text });
