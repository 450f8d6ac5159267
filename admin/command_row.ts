// The types of an operator's command and of its reply: what a row of command_table.ts declares, and
// how the console, the control socket and the shell run any row.

import type { ServerControl, WatchedEvent } from "../server/control.ts";
import type { OperatorReplyTexts, OperatorTexts } from "../texts/texts.ts";
import type { ParsedArguments } from "./command_arguments.ts";

/** The functions of tables.ts, which only the server loads: they need a package. */
export type Reports = typeof import("./tables.ts");

/** What a command makes its reply with. */
export interface ReplyTools {
  readonly reports: Reports;
  readonly texts: OperatorReplyTexts;
}

/** A refused command; `usage` is true for wrong usage, where the correct usage is shown too. */
export interface Refusal {
  readonly ok: false;
  /** One line for a person. */
  readonly error: string;
  readonly usage: boolean;
}

/** The reply to a command: `text` for a person, `data` (plain JSON) for a program. */
export type Reply =
  | { readonly ok: true; readonly text: string; readonly data: unknown }
  | Refusal;

/** What every row declares. */
interface CommandBase<Input> {
  /** Also the key of its help line in the texts. */
  readonly name: keyof OperatorTexts["help"];
  /** The command as it is typed, without a prefix: `kick NAME [REASON]`. */
  readonly usage: string;
  parse(args: readonly string[], texts: OperatorTexts): ParsedArguments<Input>;
}

/** A command with one reply. */
export interface OrderCommand<Input> extends CommandBase<Input> {
  readonly kind: "order";
  /** How many words precede the text, which is the rest of a typed line; absent without a text. */
  readonly wordsBeforeText?: number;
  run(control: ServerControl, input: Input, tools: ReplyTools): Reply;
}

/** A command that calls `listener` for each event until the returned function is called. */
export interface StreamCommand<Input> extends CommandBase<Input> {
  readonly kind: "stream";
  run(control: ServerControl, input: Input, listener: (event: WatchedEvent) => void): () => void;
}

/** A command that needs no server; `prefix` is what precedes a command where it was typed. */
export interface LocalCommand<Input> extends CommandBase<Input> {
  readonly kind: "local";
  run(prefix: string, input: Input, texts: OperatorTexts): Reply;
}

/** A row of the table; `run` takes the result of `parse`. */
export type OperatorCommand<Input = unknown> =
  | OrderCommand<Input>
  | StreamCommand<Input>
  | LocalCommand<Input>;

/** A command with parsed arguments, ready to run; or the refusal of a wrong one. */
export type Prepared =
  | { readonly kind: "order"; run(control: ServerControl, tools: ReplyTools): Reply }
  | {
    readonly kind: "stream";
    run(control: ServerControl, listener: (event: WatchedEvent) => void): () => void;
  }
  | { readonly kind: "local"; run(prefix: string): Reply }
  | { readonly kind: "refused"; readonly reply: Refusal };
