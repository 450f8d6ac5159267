// `minichat explain`: prints the documents about the protocols (docs/dialects.md,
// docs/protocol.md), which are part of the program.

import dialectsPage from "../../docs/dialects.md" with { type: "text" };
import protocolPage from "../../docs/protocol.md" with { type: "text" };
import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECTS, OWN_DIALECT } from "../../protocol/dialects.ts";
import { markdownSections, renderMarkdown } from "../../terminal/markdown.ts";
import { wantsColour } from "../../terminal/style.ts";
import { print } from "../print.ts";
import type { ExplainOptions } from "./options.ts";

/** Longer lines are hard to read, even on a wide terminal. */
const MAX_COLUMNS = 100;
/** The width without a terminal. */
const DEFAULT_COLUMNS = 80;

/** The section of docs/dialects.md that holds for all dialects made of lines. */
const LINES = "Lines of text";
/** Dialects that are not made of lines. */
const FRAMED: ReadonlySet<DialectName> = new Set(["framed"]);

/** Prints one document, or the list; returns the exit code. */
export function runExplain({ dialect, markdown, noColor }: ExplainOptions): number {
  const source = dialect === undefined ? dialectList() : explanation(dialect);
  const colour = !noColor && wantsColour(Deno.env, Deno.stdout.isTerminal());
  const text = markdown ? source : renderMarkdown(source, { columns: width(), colour });
  print(Deno.stdout, text.trimEnd());
  return 0;
}

/** The document about a dialect, in Markdown. */
export function explanation(dialect: DialectName): string {
  if (dialect === OWN_DIALECT.name) return protocolPage;
  const sections = markdownSections(dialectsPage);
  const section = sections.get(dialect);
  const lines = sections.get(LINES);
  if (section === undefined || lines === undefined) {
    throw new Error(`docs/dialects.md has no section "${dialect}" or "${LINES}"`);
  }
  return FRAMED.has(dialect) ? section : `${section.trimEnd()}\n\n${lines}`;
}

function dialectList(): string {
  const rows = DIALECTS.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  return [
    "| dialect | what it is |",
    "| --- | --- |",
    ...rows,
    "",
    "`minichat explain DIALECT` tells all about one.",
  ].join("\n");
}

function width(): number {
  try {
    return Math.min(MAX_COLUMNS, Deno.consoleSize().columns);
  } catch {
    return DEFAULT_COLUMNS; // not a terminal
  }
}
