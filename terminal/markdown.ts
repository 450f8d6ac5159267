// Renders a Markdown document for a terminal: headings bold, code in colour, paragraphs, lists and
// tables wrapped to the width. Pure; the library `marked` parses it.

import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { type Style, terminalStyle } from "./style.ts";
import { type StyledRun, unwrappedColumns, wrap, type WrappedLine } from "./wrap.ts";

/** The width and the colours of a rendered document. */
export interface MarkdownStyle {
  /** Columns to wrap to; only code, which is never wrapped, may be wider. */
  readonly columns: number;
  /** Whether to use colours. Without them code keeps its backquotes and headings are underlined. */
  readonly colour: boolean;
}

/** Spaces between two columns of a table. */
const GAP = 2;
const CODE_INDENT = "    ";
const BULLET = "- ";

/** The document as lines, without a newline after the last one. */
export function renderMarkdown(source: string, style: MarkdownStyle): string {
  return new Renderer(style).blocks(lexer(source), style.columns).join("\n");
}

/**
 * The sections of a document that begin with a heading of depth 2, each as in the source, by the
 * heading's first code span or else its text.
 */
export function markdownSections(source: string): Map<string, string> {
  const sections = new Map<string, string>();
  let name: string | undefined;
  for (const token of lexer(source) as MarkedToken[]) {
    if (token.type === "heading" && token.depth <= 2) {
      const code = token.tokens.find((part) => part.type === "codespan");
      name = token.depth === 2
        ? (code as Tokens.Codespan | undefined)?.text ?? token.text
        : undefined;
    }
    if (name !== undefined) sections.set(name, (sections.get(name) ?? "") + token.raw);
  }
  return sections;
}

class Renderer {
  readonly #style: Style;
  readonly #colour: boolean;

  constructor({ colour }: MarkdownStyle) {
    this.#colour = colour;
    this.#style = terminalStyle({ enabled: colour });
  }

  /** The blocks as lines, with an empty line between two of them unless they are `tight`. */
  blocks(tokens: readonly Token[], columns: number, tight = false): string[] {
    const lines: string[] = [];
    for (const token of tokens) {
      const block = this.#block(token as MarkedToken, columns);
      if (block.length > 0 && lines.length > 0 && !tight) lines.push("");
      lines.push(...block);
    }
    return lines;
  }

  #block(token: MarkedToken, columns: number): string[] {
    switch (token.type) {
      case "heading":
        return this.#heading(token, columns);
      case "code":
        return token.text.split("\n")
          .map((line) => line === "" ? "" : CODE_INDENT + this.#style.cyan(line));
      case "list":
        return this.#list(token, columns);
      case "table":
        return this.#table(token, columns);
      case "space":
      case "def":
      case "html": // comments; our documents have no other HTML
        return [];
      default:
        return shownLines(wrap(this.#runs([token], asIs), columns));
    }
  }

  #heading({ tokens, depth }: Tokens.Heading, columns: number): string[] {
    const lines = wrap(this.#runs(tokens, this.#style.bold), columns);
    if (this.#colour) return shownLines(lines);
    const rule = (depth === 1 ? "=" : "-").repeat(
      Math.max(0, ...lines.map((line) => line.columns)),
    );
    return [...shownLines(lines), rule];
  }

  #list({ items, ordered, start }: Tokens.List, columns: number): string[] {
    return items.flatMap(({ tokens, loose }, at) => {
      const mark = ordered ? `${Number(start) + at}. ` : BULLET;
      const lines = this.blocks(tokens, columns - mark.length, !loose);
      const gap = loose && at > 0 ? [""] : [];
      return [...gap, ...indented(lines, mark, " ".repeat(mark.length))];
    });
  }

  #table({ header, rows }: Tokens.Table, columns: number): string[] {
    const cells = [
      header.map(({ tokens }) => this.#runs(tokens, this.#style.bold)),
      ...rows.map((row) => row.map(({ tokens }) => this.#runs(tokens, asIs))),
    ];
    const natural = header.map((_, at) =>
      Math.max(1, ...cells.map((row) => unwrappedColumns(row[at] ?? [])))
    );
    const widths = narrowed(natural, columns - GAP * (header.length - 1));
    const lines = cells.map((row) => rowLines(row, widths));
    const rule = this.#style.dim(
      widths.map((width) => "─".repeat(width)).join(" ".repeat(GAP)),
    );
    lines.splice(1, 0, [rule]);
    return lines.flat();
  }

  /** Inline text as runs; `paint` is the style around it. */
  #runs(tokens: readonly Token[], paint: StyledRun["paint"]): StyledRun[] {
    return (tokens as MarkedToken[]).flatMap((token): StyledRun[] => {
      switch (token.type) {
        case "codespan":
          if (!this.#colour) return [{ text: `\`${token.text}\``, paint }];
          return [{ text: token.text, paint: (text) => paint(this.#style.cyan(text)) }];
        case "strong":
          return this.#runs(token.tokens, (text) => paint(this.#style.bold(text)));
        case "em":
        case "del":
        case "link": // our documents link to each other, and the text of each link is the file name
        case "paragraph":
          return this.#runs(token.tokens, paint);
        case "text":
          return token.tokens ? this.#runs(token.tokens, paint) : [{ text: token.text, paint }];
        case "escape":
          return [{ text: token.text, paint }];
        default:
          return [{ text: token.raw, paint }];
      }
    });
  }
}

function asIs(text: string): string {
  return text;
}

function shownLines(lines: readonly WrappedLine[]): string[] {
  return lines.map(({ shown }) => shown);
}

function indented(lines: readonly string[], first: string, others: string): string[] {
  return lines.map((line, at) => ((at === 0 ? first : others) + line).trimEnd());
}

/** One row of a table; a cell of several lines makes it higher. */
function rowLines(row: readonly StyledRun[][], widths: readonly number[]): string[] {
  const cells = widths.map((width, at) => wrap(row[at] ?? [], width));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, at) =>
    cells.map((cell, column) => {
      const { shown, columns } = cell[at] ?? { shown: "", columns: 0 };
      // A wide character may not fit in a narrow column, so the padding can be negative.
      return shown + " ".repeat(Math.max(0, (widths[column] ?? 0) - columns));
    }).join(" ".repeat(GAP)).trimEnd());
}

/** Widths of at most `room` columns in total: the widest are narrowed first, and none below 1. */
function narrowed(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const widest = Math.max(...widths);
    if (widest === 1) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
