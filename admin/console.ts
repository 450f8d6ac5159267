// The operator's console on the server's own terminal: typed commands and lines in, what happens in
// the room above the line being typed. It knows the table of commands and a prompt, no terminal.

import { EN } from "../texts/en.ts";
import * as reports from "./tables.ts";
import { quoted } from "../protocol/failures.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import type { ServerControl } from "../server/control.ts";
import type { Completion, PromptInput } from "../terminal/prompt.ts";
import { typedArguments } from "./command_arguments.ts";
import type { Reply } from "./command_row.ts";
import {
  commandList,
  commandsBehind,
  CONSOLE_PREFIX,
  findCommand,
  misuseText,
  prepare,
  SHELL_PREFIX,
} from "./command_table.ts";

/** What the console needs of a prompt. */
export interface ConsolePrompt {
  start(): void;
  /** Shows text above the line being typed. */
  print(text: string): void;
  next(): Promise<PromptInput>;
  close(): void;
}

/** What the console works with. */
export interface ConsoleOptions {
  readonly prompt: ConsolePrompt;
  readonly control: ServerControl;
  /** Ctrl-C: the same as SIGINT. */
  readonly onInterrupt: () => void;
  /** Marks an error. */
  readonly red: (text: string) => string;
  /** Shows only what the operator asks for, not what happens in the room. */
  readonly quiet: boolean;
}

/** Shown at Ctrl-D: the end of the input must not be the end of the server. */
const EOF_HINT = `Console closed, the server goes on: Ctrl-C or ${SHELL_PREFIX}shutdown 0 stops it`;

const STOP_HINT = "/shutdown 0 stops the server, Ctrl-D leaves the console";

/** Words known from the chat that are no commands here, with what to type instead. */
const CHAT_WORDS: ReadonlyMap<string, string> = new Map([
  ["list", "did you mean /who?"],
  ["names", "did you mean /who?"],
  ["tell", "did you mean /msg?"],
  ["w", "did you mean /msg?"],
  ["quit", STOP_HINT],
  ["exit", STOP_HINT],
  ["bye", STOP_HINT],
]);

/** The list of the operator's commands, the first thing a server shows (R44). */
export function printOperatorHelp(): string {
  return `Operator's commands, here or as ${SHELL_PREFIX}COMMAND in another shell:\n` +
    commandList(CONSOLE_PREFIX);
}

/** The operator's seat: shows what happens and takes commands, until `close()`. */
export class OperatorConsole {
  readonly #prompt: ConsolePrompt;
  readonly #control: ServerControl;
  readonly #onInterrupt: () => void;
  readonly #red: (text: string) => string;
  readonly #quiet: boolean;
  #stopWatching: () => void = () => {};
  #closed = false;

  constructor({ prompt, control, onInterrupt, red, quiet }: ConsoleOptions) {
    this.#prompt = prompt;
    this.#control = control;
    this.#onInterrupt = onInterrupt;
    this.#red = red;
    this.#quiet = quiet;
  }

  /**
   * Takes input until it ends; afterwards events are still shown, until `close()`. The server is
   * never stopped by the end of the input.
   */
  async run(): Promise<void> {
    if (!this.#quiet) {
      this.#stopWatching = this.#control.watch(({ event }) =>
        this.#prompt.print(describeEvent(event, EN.events))
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
    // With the prompt gone, Ctrl-C is a signal again.
    this.#prompt.close();
    this.#prompt.print(EOF_HINT);
  }

  /** Gives the terminal back; harmless when done before. */
  close(): void {
    this.#closed = true;
    this.#stopWatching();
    this.#prompt.close();
  }

  #enter(text: string): void {
    const typed = text.trim();
    if (/^\/[/@]/.test(typed)) {
      const [first = "", ...more] = typed.slice(1).split("\n");
      this.#say(first);
      return this.#enterLines(more);
    }
    if (typed.startsWith(CONSOLE_PREFIX)) {
      return this.#command(typed.slice(CONSOLE_PREFIX.length).replaceAll("\n", " "));
    }
    this.#enterLines(text.split("\n"));
  }

  /** Pasted lines are text, all of them: a paste must not hide a command in its middle. */
  #enterLines(lines: readonly string[]): void {
    let to = "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      // What follows a private line in a paste belongs to it: never may everyone read it.
      const [, name = to, text = line] = /^\s*(@\S*)\s*(.*)$/s.exec(line) ?? [];
      to = name;
      if (to === "") this.#say(text);
      else this.#carryOut("msg", [to, "--", text]);
    }
  }

  #command(typed: string): void {
    const [, name = "", rest = ""] = /^(\S*)(.*)$/s.exec(typed) ?? [];
    const command = findCommand(name);
    const hint = command === undefined ? CHAT_WORDS.get(name.toLowerCase()) : undefined;
    if (hint !== undefined) return this.#showError(`Unknown command: ${quoted(name)}, ${hint}`);
    const wordsBeforeText = command?.kind === "order" ? command.wordsBeforeText : undefined;
    this.#carryOut(name, typedArguments(rest, wordsBeforeText));
  }

  #say(text: string): void {
    const said = this.#control.wall(text);
    if (!said.ok) this.#showError(said.error);
    else if (said.value.recipients === 0) this.#prompt.print("Nobody is there to read it");
  }

  #carryOut(name: string, args: readonly string[]): void {
    const prepared = prepare(name, args);
    switch (prepared.kind) {
      case "order":
        return this.#showReply(prepared.run(this.#control, reports));
      case "local":
        return this.#showReply(prepared.run(CONSOLE_PREFIX));
      case "stream":
        return this.#showError(
          this.#quiet
            ? `Nothing is shown on a quiet console: type ${SHELL_PREFIX}${name} in another shell`
            : `Everything is shown here already: ${SHELL_PREFIX}${name} is for another shell`,
        );
      case "refused":
        return this.#showError(misuseText(CONSOLE_PREFIX, name, prepared.reply.error));
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

/** Candidates for the word before the cursor: commands in front, people's names behind. */
export function completeConsoleLine(
  control: Pick<ServerControl, "who">,
  line: string,
  cursor: number,
): Completion {
  const from = line.slice(0, cursor).lastIndexOf(" ") + 1;
  const word = line.slice(from, cursor).toLowerCase();
  const sigil = from === 0 && word.startsWith("@") ? "@" : "";
  const known = from === 0 && word.startsWith(CONSOLE_PREFIX)
    ? commandsBehind(CONSOLE_PREFIX)
      .map(({ name, usage }) => CONSOLE_PREFIX + name + (usage === name ? "" : " "))
    : control.who().filter(({ name }) => name !== "").map(({ name }) => `${sigil}${name} `);
  return { from, candidates: known.filter((name) => name.toLowerCase().startsWith(word)) };
}
