// The shape of an operator's command and of its answer: what a row of the table in commands.ts
// declares, and what console, socket and shell may do with any row.

import type { ServerControl, WatchedEvent } from "../server/control.ts";
import type { ParsedArguments } from "./command_arguments.ts";

/** What turns answers into tables: the functions of tables.ts. */
export type Reports = typeof import("./tables.ts");

/** A refused command; `usage` when it was typed wrong, so that the right way can be shown. */
export interface Refusal {
  readonly ok: false;
  /** One sentence for a person. */
  readonly error: string;
  readonly usage: boolean;
}

/** What a command answers: `text` for a person, `data` (plain JSON) for a program. */
export type Reply =
  | { readonly ok: true; readonly text: string; readonly data: unknown }
  | Refusal;

/** What every row declares. */
interface CommandWords {
  readonly name: string;
  /** The command as it is typed, without what comes before it: `kick NAME [REASON]`. */
  readonly usage: string;
  /** What it does, one line. */
  readonly help: string;
}

/** A command that is done when it has answered. */
export interface OrderCommand<Input> extends CommandWords {
  readonly kind: "order";
  /** Words before a text that is the rest of a typed line, spaces and all; absent when none is. */
  readonly wordsBeforeText?: number;
  parse(args: readonly string[]): ParsedArguments<Input>;
  run(control: ServerControl, input: Input, reports: Reports): Reply;
}

/** A command that goes on until whoever gave it leaves: it calls `listener` for each event. */
export interface StreamCommand<Input> extends CommandWords {
  readonly kind: "stream";
  parse(args: readonly string[]): ParsedArguments<Input>;
  run(control: ServerControl, input: Input, listener: (event: WatchedEvent) => void): () => void;
}

/** A command that needs no server; `prefix` is what is typed before a command where it was given. */
export interface LocalCommand<Input> extends CommandWords {
  readonly kind: "local";
  parse(args: readonly string[]): ParsedArguments<Input>;
  run(prefix: string, input: Input): Reply;
}

/** A row of the table; what its `parse` answers is what its `run` takes. */
export type OperatorCommand<Input = unknown> =
  | OrderCommand<Input>
  | StreamCommand<Input>
  | LocalCommand<Input>;

/** A command whose name and arguments were understood, ready to be carried out. */
export type Prepared =
  | { readonly kind: "order"; run(control: ServerControl, reports: Reports): Reply }
  | {
    readonly kind: "stream";
    run(control: ServerControl, listener: (event: WatchedEvent) => void): () => void;
  }
  | { readonly kind: "local"; run(prefix: string): Reply }
  | { readonly kind: "refused"; readonly reply: Refusal };

/** A command that was carried out. */
export function succeeded(text: string, data: unknown): Reply {
  return { ok: true, text, data };
}

/** A command that was understood and could not be carried out. */
export function failed(error: string): Reply {
  return { ok: false, error, usage: false };
}
