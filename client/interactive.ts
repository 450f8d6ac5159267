// A chat on a terminal: what is typed and what the server sends, side by side. It decides what
// happens when; how things look is in display.ts, what was typed in input.ts, keys in terminal/.

import type { Dialect } from "../protocol/dialect.ts";
import { COMMANDS } from "../protocol/commands.ts";
import type { FailureCode } from "../protocol/failures.ts";
import { MAX_MESSAGE_BYTES, NATIVE_VERSION } from "../protocol/limits.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import { describe } from "../protocol/words.ts";
import { type Abilities, abilitiesOf, unsupportedText } from "./abilities.ts";
import { type Candidates, complete } from "./completion.ts";
import { type Address, comeBackCommand, connectedText, type Dialled } from "./dial.ts";
import { alerts, type Looks, notice, show } from "./display.ts";
import { endText, isGoodEnd, NO_WELCOME, WELCOME_MS } from "./ending.ts";
import { folded, greeting } from "./greeting.ts";
import { type Entered, nameProblem, parseEntered, TYPED_HELP } from "./input.ts";
import { Link, type LinkEnd } from "./link.ts";
import type { PromptLike } from "./prompt_like.ts";
import { Roster } from "./roster.ts";

/** What makes a chat on a terminal. */
export interface InteractiveOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  /** The name to join with; without one the person is asked (R92). */
  readonly name?: string;
  /** Command-line words that join the same way again, without the address and the name. */
  readonly flags: readonly string[];
  readonly dial: () => Promise<Dialled>;
  /** Makes the line editor; `complete` is what Tab offers. */
  readonly prompt: (complete: (line: string, cursor: number) => Candidates) => PromptLike;
  readonly looks: Looks;
  readonly now: () => Date;
  /** Columns behind the mark of a notice; those of 80 if not set. */
  readonly textColumns?: number;
  /** Rings for a private message or a mention. */
  readonly ring: () => void;
  /** Aborted when the program is told to end. */
  readonly stop: AbortSignal;
  /** How long the server may take to welcome, in milliseconds; {@linkcode WELCOME_MS} if not set. */
  readonly welcomeMs?: number;
}

/** How long a server may take to let go after a goodbye, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Refusals of a name: another one may do. */
const NAME_CODES: ReadonlySet<FailureCode> = new Set(["bad_name", "name_reserved", "name_taken"]);

const EXIT_LOST = 1;
const EXIT_INTERRUPTED = 130;

/** Runs the chat until it ends; answers the exit code. */
export async function runInteractive(options: InteractiveOptions): Promise<number> {
  return await new Interactive(options).run();
}

/** Nobody is here yet ("naming", "joining"), the chat goes on, or it is over ("leaving"). */
type Phase = "naming" | "joining" | "chatting" | "leaving";

class Interactive {
  readonly #options: InteractiveOptions;
  readonly #abilities: Abilities;
  readonly #prompt: PromptLike;
  readonly #exit = Promise.withResolvers<number>();
  #roster = new Roster();
  #link: Link | undefined;
  #phase: Phase = "naming";
  #stopAnnounced = false;
  /** The name was refused while joining, so that another one is asked for. */
  #refused = false;
  #connectedBefore = false;
  /** Lines typed before the server let this client in. */
  #early: Entered[] = [];
  #welcomeTimer: ReturnType<typeof setTimeout> | undefined;
  #exitCode = 0;

  constructor(options: InteractiveOptions) {
    this.#options = options;
    this.#abilities = abilitiesOf(options.dialect);
    this.#prompt = options.prompt((line, cursor) => complete(line, cursor, this.#known()));
  }

  async run(): Promise<number> {
    const { name, stop } = this.#options;
    const onStop = (): void => this.#leave(EXIT_INTERRUPTED);
    stop.addEventListener("abort", onStop);
    this.#prompt.start();
    this.#tell(folded(greeting(this.#options.dialect, this.#abilities), this.#options.textColumns));
    try {
      // A server with typed commands asks for the name itself.
      if (name === undefined && !this.#abilities.typedCommands) this.#askName();
      else this.#tryName(name);
      this.#pumpInput().catch(this.#exit.reject);
      return await this.#exit.promise;
    } finally {
      stop.removeEventListener("abort", onStop);
      clearTimeout(this.#welcomeTimer);
      this.#prompt.close();
      this.#link?.close();
    }
  }

  async #pumpInput(): Promise<void> {
    for (;;) {
      const input = await this.#prompt.next();
      if (input.kind === "interrupt") return this.#leave(EXIT_INTERRUPTED);
      if (input.kind === "eof") return this.#leave(0);
      const lines = input.text.replace(/\n+$/, "").split("\n");
      for (const text of lines) this.#onLine({ text, isPasted: lines.length > 1 });
    }
  }

  #onLine(line: Entered): void {
    switch (this.#phase) {
      case "naming":
        if (line.text.trim() === "/quit") return this.#leave(0);
        return this.#tryName(line.text.trim() === "" ? undefined : line.text.trim());
      case "joining":
        this.#early.push(line);
        return;
      case "chatting":
        return this.#act(line);
      case "leaving":
        return;
    }
  }

  #askName(): void {
    this.#phase = "naming";
    this.#prompt.setPrompt("Your name: ");
  }

  /** Joins as `name`; without one the server gives a name, where it can. */
  #tryName(name: string | undefined): void {
    const problem = name === undefined ? this.#namelessProblem() : nameProblem(name);
    if (problem !== undefined) {
      this.#complain(problem);
      return this.#askName();
    }
    this.#phase = "joining";
    this.#join(name).catch(this.#exit.reject);
  }

  #namelessProblem(): string | undefined {
    const { answers, typedCommands } = this.#abilities;
    return answers || typedCommands ? undefined : "This server gives no names: type one";
  }

  async #join(name: string | undefined): Promise<void> {
    this.#refused = false;
    const dialled = await this.#options.dial();
    if (!dialled.ok) return this.#finish(EXIT_LOST, dialled.error);
    if (this.#phase !== "joining") return dialled.wire.close();
    this.#roster = new Roster(name, this.#options.dialect.echo);
    if (!this.#connectedBefore) this.#tell(connectedText(this.#options.address));
    this.#connectedBefore = true;
    const link = new Link(dialled.wire, this.#options.dialect);
    this.#link = link;
    const hello = name === undefined ? {} : { name };
    link.send({ verb: "hello", version: NATIVE_VERSION, ...hello });
    if (!this.#abilities.answers) this.#startChatting();
    else {
      this.#welcomeTimer = setTimeout(
        () => this.#finish(EXIT_LOST, NO_WELCOME),
        this.#options.welcomeMs ?? WELCOME_MS,
      );
    }
    this.#onEnd(await link.run((event) => this.#onEvent(event)));
  }

  #startChatting(): void {
    clearTimeout(this.#welcomeTimer);
    this.#phase = "chatting";
    this.#showName();
    for (const line of this.#early.splice(0)) this.#onLine(line);
  }

  #onEvent(event: ServerEvent): void {
    this.#roster.update(event);
    if (event.type === "shutdown") this.#stopAnnounced = event.in !== null;
    if (event.type === "welcome") this.#startChatting();
    if (event.type === "you" || (event.type === "renamed" && event.you)) this.#showName();
    const shown = show(event, {
      looks: this.#options.looks,
      self: this.#roster,
      now: this.#options.now(),
    });
    if (shown !== "") this.#prompt.print(shown);
    if (alerts(event, this.#roster)) this.#options.ring();
    if (event.type === "error" && this.#phase === "joining" && NAME_CODES.has(event.code)) {
      // A new connection for the next name: the server need not wait for a person to think.
      this.#refused = true;
      this.#link?.close();
    }
  }

  #onEnd(end: LinkEnd): void {
    this.#link = undefined;
    clearTimeout(this.#welcomeTimer);
    if (this.#phase === "leaving") return this.#exit.resolve(this.#exitCode);
    if (this.#phase === "joining" && this.#refused) {
      this.#tellUnsent();
      return this.#askName();
    }
    const again = comeBackCommand(this.#options.address, [
      ...(this.#roster.own === undefined ? [] : [this.#roster.own]),
      ...this.#options.flags,
    ]);
    const good = isGoodEnd(end, this.#stopAnnounced);
    const text = endText(end, this.#options.address, good ? "" : again);
    if (!good) return this.#finish(EXIT_LOST, text);
    this.#tell(text);
    this.#finish(0);
  }

  #act(line: Entered): void {
    const action = parseEntered(line, this.#abilities.typedCommands, this.#roster);
    switch (action.kind) {
      case "nothing":
        return;
      case "error":
        return this.#complain(action.message);
      case "help":
        return this.#prompt.print(describe({ type: "help", commands: TYPED_HELP }));
      case "quit":
        return this.#leave(0);
      case "request":
        return this.#send(action.request);
    }
  }

  #send(request: Request): void {
    const sent = this.#link?.send(request);
    if (sent === "unsupported") {
      this.#complain(unsupportedText(request, this.#options.dialect.name));
    } else if (sent === "too_long") {
      this.#complain(`Not sent: at most ${MAX_MESSAGE_BYTES} bytes a message`);
    } else if (request.verb === "rename" && !this.#abilities.answers) {
      this.#roster.assume(request.name);
      this.#showName();
    }
  }

  /** Says goodbye; the exit follows when the server has let go, or shortly after. */
  #leave(code: number): void {
    if (this.#phase === "leaving") return;
    const link = this.#phase === "naming" ? undefined : this.#link;
    clearTimeout(this.#welcomeTimer);
    this.#tellUnsent();
    this.#phase = "leaving";
    this.#exitCode = code;
    if (link === undefined) return this.#exit.resolve(code);
    if (this.#abilities.goodbye) link.send({ verb: "bye" });
    void link.closeWrite();
    const timer = setTimeout(() => link.close(), GOODBYE_MS);
    void this.#exit.promise.then(() => clearTimeout(timer));
  }

  #finish(code: number, problem?: string): void {
    if (problem !== undefined && this.#phase !== "leaving") this.#complain(problem);
    // Closing the prompt erases it: what somebody has half written must not go with it.
    const { draft } = this.#prompt;
    if (draft.trim() !== "") this.#early.push({ text: draft, isPasted: false });
    this.#tellUnsent();
    this.#phase = "leaving";
    this.#exit.resolve(code);
  }

  /** Nothing that was typed is lost silently. */
  #tellUnsent(): void {
    for (const { text } of this.#early.splice(0)) {
      if (text.trim() !== "") this.#tell(`Not sent: ${visible(text)}`);
    }
  }

  #tell(text: string): void {
    this.#prompt.print(notice(text, this.#options));
  }

  #complain(text: string): void {
    this.#prompt.print(this.#options.looks.red(`-! ${text}`));
  }

  #showName(): void {
    const { own } = this.#roster;
    this.#prompt.setPrompt(own === undefined ? "> " : `${own}> `);
  }

  #known(): { commands: string[]; names: string[]; groups: string[] } {
    const commands = this.#abilities.typedCommands ? ["quit"] : COMMANDS.map(({ word }) => word);
    return { commands, names: this.#roster.names(), groups: this.#roster.groups() };
  }
}
