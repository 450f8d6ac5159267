// The operator's console on the server's own terminal: typed commands and lines in, what happens in
// the room above the line being typed. It knows the table of commands and a prompt, no terminal.

import { describe } from "../protocol/words.ts";
import type { ServerControl } from "../server/control.ts";
import type { Completion, PromptInput } from "../terminal/prompt.ts";
import type { Reply } from "./command_row.ts";
import {
  commandList,
  COMMANDS,
  CONSOLE_PREFIX,
  misuseText,
  prepare,
  SHELL_PREFIX,
} from "./commands.ts";

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
      this.#stopWatching = this.#control.watch(({ event }) => this.#prompt.print(describe(event)));
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
    if (typed.startsWith(CONSOLE_PREFIX)) {
      const [name = "", ...args] = typed.slice(CONSOLE_PREFIX.length).split(/\s+/);
      return this.#carryOut(name, args);
    }
    // Pasted lines are text, all of them: a paste must not hide a command in its middle.
    for (const line of text.split("\n")) {
      if (line.trim() !== "") this.#say(line);
    }
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
        return this.#showReply(prepared.run(this.#control));
      case "local":
        return this.#showReply(prepared.run(CONSOLE_PREFIX));
      case "stream":
        return this.#showError(
          `Everything is shown here already: ${SHELL_PREFIX}${name} is for another shell`,
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
  const known = from === 0 && word.startsWith(CONSOLE_PREFIX)
    ? COMMANDS.map(({ name, usage }) => CONSOLE_PREFIX + name + (usage === name ? "" : " "))
    : control.who().filter(({ name }) => name !== "").map(({ name }) => name + " ");
  return { from, candidates: known.filter((name) => name.toLowerCase().startsWith(word)) };
}
