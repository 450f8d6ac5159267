// The operator's console on the server's terminal: runs typed commands, sends other lines to
// everyone, and shows the chat's events above the line being typed.

import * as reports from "./tables.ts";
import { quoted } from "../protocol/failures.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import type { ServerControl } from "../server/control.ts";
import type { Completion, PromptInput } from "../terminal/prompt.ts";
import type { OperatorTexts, Texts } from "../texts/texts.ts";
import { typedArguments } from "./command_arguments.ts";
import { readBareLine } from "./bare_command.ts";
import type { Reply } from "./command_row.ts";
import {
  commandList,
  commandsFor,
  CONSOLE_PREFIX,
  findCommand,
  misuseText,
  prepare,
  SHELL_PREFIX,
} from "./command_table.ts";

/** The part of a prompt that the console uses. */
export interface ConsolePrompt {
  start(): void;
  /** Prints text above the line being typed. */
  print(text: string): void;
  next(): Promise<PromptInput>;
  close(): void;
}

export interface ConsoleOptions {
  readonly prompt: ConsolePrompt;
  readonly control: ServerControl;
  /** Called at Ctrl-C, which has the effect of SIGINT. */
  readonly onInterrupt: () => void;
  /** Styles an error message. */
  readonly red: (text: string) => string;
  /** Shows replies only, no events of the chat. */
  readonly quiet: boolean;
  readonly texts: Texts;
}

/** Commands of the chat that the console does not have: the one to use instead, or how to stop. */
const CHAT_WORDS: ReadonlyMap<string, "/who" | "/msg" | "stop"> = new Map([
  ["list", "/who"],
  ["names", "/who"],
  ["tell", "/msg"],
  ["w", "/msg"],
  ["quit", "stop"],
  ["exit", "stop"],
  ["bye", "stop"],
]);

/** The list of the operator's commands, which a server prints first (R44). */
export function printOperatorHelp(texts: OperatorTexts): string {
  return `${texts.helpTitle(SHELL_PREFIX)}\n${commandList(CONSOLE_PREFIX, texts)}`;
}

/** The same in one line without a terminal, as in a journal: the names, and how they are given (O10). */
export function printOperatorNames(texts: OperatorTexts): string {
  return texts.helpNames(SHELL_PREFIX, commandsFor(SHELL_PREFIX).map(({ name }) => name));
}

/** Shows the chat's events and runs the operator's commands, until `close()`. */
export class OperatorConsole {
  readonly #prompt: ConsolePrompt;
  readonly #control: ServerControl;
  readonly #onInterrupt: () => void;
  readonly #red: (text: string) => string;
  readonly #quiet: boolean;
  readonly #texts: Texts;
  /** A line that may be a command or a text: the next line says which. */
  #doubt: { readonly line: string; readonly command: string } | undefined;
  #stopWatching: () => void = () => {};
  #closed = false;

  constructor({ prompt, control, onInterrupt, red, quiet, texts }: ConsoleOptions) {
    this.#prompt = prompt;
    this.#control = control;
    this.#onInterrupt = onInterrupt;
    this.#red = red;
    this.#quiet = quiet;
    this.#texts = texts;
  }

  /**
   * Runs commands until the input ends, which does not stop the server; events are shown until
   * `close()`.
   */
  async run(): Promise<void> {
    if (!this.#quiet) {
      this.#stopWatching = this.#control.watch(({ event }) =>
        this.#prompt.print(describeEvent(event, this.#texts.events))
      );
    }
    this.#prompt.start();
    while (true) {
      const input = await this.#prompt.next();
      if (input.kind === "eof") break;
      if (input.kind === "interrupt") this.#onInterrupt();
      else this.#enter(input.text);
    }
    if (this.#closed) return;
    // Without the prompt, Ctrl-C is a signal again.
    this.#prompt.close();
    this.#prompt.print(this.#texts.operator.consoleClosed(SHELL_PREFIX));
  }

  /** Restores the terminal; idempotent. */
  close(): void {
    this.#closed = true;
    this.#stopWatching();
    this.#prompt.close();
  }

  #enter(text: string): void {
    const typed = text.trim();
    if (this.#resolvesDoubt(typed)) return;
    if (/^\/[/@]/.test(typed)) {
      const [first = "", ...more] = typed.slice(1).split("\n");
      this.#sendToAll(first);
      return this.#enterLines(more);
    }
    if (typed.startsWith(CONSOLE_PREFIX)) {
      return this.#command(typed.slice(CONSOLE_PREFIX.length).replaceAll("\n", " "));
    }
    const lines = text.split("\n");
    if (lines.length === 1) this.#enterBareLine(text);
    else this.#enterLines(lines);
  }

  /** A typed line without a slash: text, or a command as the sheet writes it (D29). */
  #enterBareLine(line: string): void {
    const members = this.#control.who();
    const isMember = (name: string) =>
      members.some((member) => member.name.toLowerCase() === name.toLowerCase());
    const read = readBareLine(line, isMember, this.#texts.operator);
    if (read.kind === "text") return this.#enterLines([line]);
    if (read.kind === "command") return this.#command(read.command);
    this.#doubt = { line, command: read.command };
    this.#prompt.print(this.#texts.operator.commandOrText(CONSOLE_PREFIX + read.name));
  }

  /** Takes the answer to the question what a line was; false for a line that is no answer. */
  #resolvesDoubt(typed: string): boolean {
    const doubt = this.#doubt;
    if (doubt === undefined) return false;
    this.#doubt = undefined;
    if (/^(y|yes|o|oui)$/i.test(typed)) this.#command(doubt.command);
    else if (/^(n|no|non)$/i.test(typed)) this.#sendToAll(doubt.line);
    else {
      this.#prompt.print(this.#texts.operator.neither(quoted(doubt.line)));
      return typed === "";
    }
    return true;
  }

  /** Sends pasted lines as text, so that a paste cannot hide a command. */
  #enterLines(lines: readonly string[]): void {
    let to = "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      // The lines after a private one in a paste belong to it: they must not go to everyone.
      const [, name = to, text = line] = /^\s*(@\S*)\s*(.*)$/s.exec(line) ?? [];
      to = name;
      if (to === "") this.#sendToAll(text);
      else this.#runCommand("msg", [to, "--", text]);
    }
  }

  #command(typed: string): void {
    const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(typed) ?? [];
    const command = findCommand(name);
    const instead = command === undefined ? CHAT_WORDS.get(name.toLowerCase()) : undefined;
    if (instead !== undefined) {
      const { didYouMean, howToStop, unknownWord } = this.#texts.operator;
      const hint = instead === "stop" ? howToStop : didYouMean(instead);
      return this.#showError(unknownWord(quoted(name), hint));
    }
    const wordsBeforeText = command?.kind === "order" ? command.wordsBeforeText : undefined;
    this.#runCommand(name, typedArguments(rest, wordsBeforeText));
  }

  #sendToAll(text: string): void {
    const sent = this.#control.wall(text);
    if (!sent.ok) this.#showError(sent.error);
    else if (sent.value.recipients === 0) this.#prompt.print(this.#texts.operator.sentToNoOne);
  }

  #runCommand(name: string, args: readonly string[]): void {
    const texts = this.#texts.operator;
    const prepared = prepare(name, args, texts);
    switch (prepared.kind) {
      case "order":
        return this.#showReply(
          prepared.run(this.#control, { reports, texts: this.#texts.operatorReplies }),
        );
      case "local":
        return this.#showReply(prepared.run(CONSOLE_PREFIX));
      case "stream":
        return this.#showError(
          this.#quiet
            ? texts.quietConsole(SHELL_PREFIX + name)
            : texts.shownAlready(SHELL_PREFIX + name),
        );
      case "refused":
        return this.#showError(
          misuseText(CONSOLE_PREFIX, { name, error: prepared.reply.error }, texts),
        );
    }
  }

  #showReply(reply: Reply): void {
    if (reply.ok) this.#prompt.print(reply.text);
    else this.#showError(reply.error);
  }

  #showError(error: string): void {
    this.#prompt.print(this.#red(error));
  }
}

/** Candidates for the word before the cursor: commands at the start of the line, else names. */
export function completeConsoleLine(
  control: Pick<ServerControl, "who">,
  line: string,
  cursor: number,
): Completion {
  const from = line.slice(0, cursor).lastIndexOf(" ") + 1;
  const word = line.slice(from, cursor).toLowerCase();
  const sigil = from === 0 && word.startsWith("@") ? "@" : "";
  const known = from === 0 && word.startsWith(CONSOLE_PREFIX)
    ? commandsFor(CONSOLE_PREFIX)
      .map(({ name, usage }) => CONSOLE_PREFIX + name + (usage === name ? "" : " "))
    : control.who().filter(({ name }) => name !== "").map(({ name }) => `${sigil}${name} `);
  return { from, candidates: known.filter((name) => name.toLowerCase().startsWith(word)) };
}
