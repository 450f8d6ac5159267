// A chat on a terminal: passes typed lines to the conversation and events to the StatusView, and
// asks for the name and the secrets.

import type { Capabilities, Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";
import type { Clock } from "../shared/clock.ts";
import type { Style } from "../terminal/style.ts";
import type { Texts } from "../texts/texts.ts";
import { namelessProblem } from "./capabilities.ts";
import { Credentials, type SecretPrompt } from "./credential_prompt.ts";
import { type Candidates, complete, completionSources } from "./completion_candidates.ts";
import { Conversation } from "./conversation.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  OtherName,
  Reconnected,
  ReconnectTimeouts,
  ReconnectWait,
} from "./conversation_options.ts";
import { type Address, connectedText, type DialResult, rejoinCommand } from "./dial.ts";
import { endText, isGoodEnd, WELCOME_MS } from "./describe_ending.ts";
import { greeting, wrapText } from "./greeting.ts";
import {
  type EnteredLine,
  nameProblem,
  operatorCommandIn,
  operatorCommandProblem,
  parseEntered,
} from "./parse_input.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import type { PendingRequest } from "./pending_requests.ts";
import { StatusView } from "./status_view.ts";
import type { PromptLike } from "./prompt_interface.ts";
import { Roster } from "./roster.ts";
import type { SessionSecrets, WelcomeEvent } from "./resume_state.ts";
import { unsentProblem } from "./unsent_line.ts";

/** The options of a chat on a terminal. */
export interface InteractiveOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  readonly texts: Texts;
  /** The name to join with; without it the person is asked (R92). */
  readonly name?: string;
  /** The secrets known so far; the person is asked for others. */
  readonly secrets?: SessionSecrets;
  /** Command-line flags that join the same way again, without the address and the name. */
  readonly flags: readonly string[];
  readonly dial: () => Promise<DialResult>;
  /** What was found out about the server, shown once it is connected. */
  readonly findings?: readonly string[];
  /** Makes the line editor; `complete` returns the candidates for Tab. */
  readonly prompt: (complete: (line: string, cursor: number) => Candidates) => PromptLike;
  readonly style: Style;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  /** Shows neither the welcome nor the address of the server. */
  readonly quiet?: boolean;
  /** The next name to try where one is taken; without it the person is asked. */
  readonly otherName?: OtherName;
  /** Ends where the name is taken. */
  readonly endsIfTaken?: boolean;
  /** How long to try to reconnect (default {@linkcode TERMINAL_RECONNECT}). */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Columns of a notice without its mark (default 77, for a terminal of 80). */
  readonly textColumns?: number;
  /** Rings for a private message or a mention. */
  readonly ringBell: () => void;
  /** Aborted when a signal asks the program to end. */
  readonly stop: AbortSignal;
  /** How long the server may take to send its welcome, in milliseconds (default `WELCOME_MS`). */
  readonly welcomeMs?: number;
}

/**
 * Long for a lost connection, since a person can leave at any time; shorter after an announced
 * stop, which may be a restart.
 */
export const TERMINAL_RECONNECT: ReconnectTimeouts = { lostMs: 600_000, announcedMs: 60_000 };

/** How long a server may take to close after the client's goodbye, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Requests that may wait for the server's answer, so that memory stays bounded. */
const MAX_PENDING = 1_000;

const EXIT_LOST = 1;
const EXIT_INTERRUPTED = 130;

/** Runs the chat until it ends; returns the exit code. */
export async function runInteractive(options: InteractiveOptions): Promise<number> {
  return await new Interactive(options).run();
}

/** Not joined yet ("naming", "proving", "joining"), joined ("chatting"), or ending ("leaving"). */
type Phase = "naming" | "proving" | "joining" | "chatting" | "leaving";
const ASKING: ReadonlySet<Phase> = new Set(["naming", "proving"]);

class Interactive implements ConversationListener {
  readonly #options: InteractiveOptions;
  readonly #texts: Texts;
  readonly #capabilities: Capabilities;
  readonly #prompt: PromptLike;
  readonly #view: StatusView;
  readonly #exit = Promise.withResolvers<number>();
  #roster = new Roster();
  #conversation: Conversation | undefined;
  #phase: Phase = "naming";
  #connectedBefore = false;
  /** Lines typed before the server's welcome. */
  #early: EnteredLine[] = [];
  #exitCode = 0;
  readonly #credentials: Credentials;

  constructor(options: InteractiveOptions) {
    this.#options = options;
    this.#texts = options.texts;
    this.#capabilities = options.dialect.capabilities;
    this.#credentials = new Credentials(options.secrets, options.name);
    this.#prompt = options.prompt((line, cursor) =>
      complete(line, cursor, completionSources(this.#capabilities, this.#roster))
    );
    this.#view = new StatusView(options, this.#prompt);
  }

  async run(): Promise<number> {
    const { name, stop } = this.#options;
    const onStop = (): void => this.#leave(EXIT_INTERRUPTED);
    stop.addEventListener("abort", onStop);
    this.#prompt.start();
    if (!this.#options.quiet) {
      this.#view.print(
        wrapText(greeting(this.#options.dialect, this.#texts.client), this.#options.textColumns),
      );
    }
    try {
      // A server with typed commands asks for the name itself.
      if (name === undefined && !this.#capabilities.typedCommands) this.#askName();
      else this.#tryName(name);
      this.#pumpInput().catch(this.#exit.reject);
      return await this.#exit.promise;
    } finally {
      stop.removeEventListener("abort", onStop);
      this.#view.stop();
      this.#prompt.close();
      this.#conversation?.close();
    }
  }

  onConnected(): void {
    if (!this.#connectedBefore && !this.#options.quiet) {
      this.#view.print(connectedText(this.#options.address, this.#texts.client));
      for (const finding of this.#options.findings ?? []) {
        this.#view.print(wrapText(finding, this.#options.textColumns));
      }
    }
    this.#connectedBefore = true;
    if (!this.#capabilities.answers) this.#startChatting();
  }

  onWelcome(event: WelcomeEvent, back: Reconnected | undefined): void {
    this.#roster.update(event);
    if (back !== undefined) return this.#view.showReconnected(event, back);
    this.#startChatting();
    this.#view.show(event);
  }

  onEvent(event: ServerEvent, answered: PendingRequest | undefined): void {
    this.#roster.update(event);
    if (event.type === "notice" && event.fromClient) return this.#view.printError(event.text);
    const mistyped = operatorCommandProblem(event, answered?.request, this.#texts);
    if (mistyped !== undefined) return this.#view.printError(mistyped.error);
    if (event.type === "help") return this.#view.showOperatorHelp(event.commands);
    if (event.type === "you" || (event.type === "renamed" && event.you)) {
      this.#view.showPrompt();
    }
    this.#view.show(event);
    if (answered?.wasDelayed && answered.request.verb === "say") {
      this.#view.showDelayedAnswer(event, answered, this.#conversation?.pending.all() ?? []);
    }
  }

  onWait(wait: ReconnectWait): void {
    this.#view.showWait(wait);
  }

  onAttempt(attempt: number): void {
    this.#view.showAttempt(attempt);
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

  #onLine(line: EnteredLine): void {
    switch (this.#phase) {
      case "naming":
        if (line.text.trim() === "/quit") return this.#leave(0);
        return this.#tryName(line.text.trim() === "" ? undefined : line.text.trim());
      case "proving":
        return this.#prove(line.text);
      case "joining":
        return void this.#early.push(line);
      case "chatting":
        return this.#act(line);
      case "leaving":
        return;
    }
  }

  #askName(): void {
    this.#phase = "naming";
    this.#prompt.setPrompt(this.#texts.client.namePrompt);
  }

  #prove(typed: string): void {
    this.#prompt.hide(false);
    if (this.#credentials.take(typed)) this.#tryName(this.#credentials.name);
    else this.#askName();
  }

  /** Joins as `name`; without it the server gives a name, where it can. */
  #tryName(name: string | undefined): void {
    const { client } = this.#texts;
    const problem = name === undefined
      ? namelessProblem(this.#capabilities, client)
      : nameProblem(name, client);
    if (problem !== undefined) {
      this.#view.printError(problem.error);
      return this.#askName();
    }
    this.#phase = "joining";
    this.#credentials.takeName(name);
    this.#join(name).catch(this.#exit.reject);
  }

  async #join(name: string | undefined): Promise<void> {
    const { dialect, dial, clock, random } = this.#options;
    this.#roster = new Roster(name, dialect.echo);
    this.#view.watchRoster(this.#roster);
    const conversation = new Conversation({
      ...{ dialect, dial, clock, random, name, secrets: this.#credentials.secrets },
      texts: this.#texts.client,
      welcomeMs: this.#options.welcomeMs ?? WELCOME_MS,
      timeouts: this.#options.reconnectTimeouts ?? TERMINAL_RECONNECT,
      maxPending: MAX_PENDING,
      otherName: this.#options.otherName,
    }, this);
    this.#conversation = conversation;
    this.#onOutcome(await conversation.run());
  }

  #startChatting(): void {
    this.#phase = "chatting";
    this.#view.showPrompt();
    for (const line of this.#early.splice(0)) this.#onLine(line);
  }

  #onOutcome(outcome: ConnectionOutcome): void {
    if (this.#phase === "leaving") {
      this.#showUnsent();
      return this.#exit.resolve(this.#exitCode);
    }
    switch (outcome.kind) {
      case "unreachable":
        return this.#finish(EXIT_LOST, outcome.error);
      case "no_welcome":
        return this.#finish(EXIT_LOST, this.#texts.client.noWelcome);
      case "refused":
        // The refusal itself is shown already.
        if (this.#options.endsIfTaken && outcome.code === "name_taken") {
          return this.#finish(EXIT_LOST);
        }
        this.#showUnsent();
        return this.#ask(this.#credentials.promptAfter(outcome.code, this.#texts.client));
      case "ended":
        return this.#onEnd(outcome.end, isGoodEnd(outcome.end, outcome.stopAnnounced));
    }
  }

  #ask(asking: SecretPrompt | undefined): void {
    if (asking === undefined) return this.#askName();
    this.#phase = "proving";
    this.#prompt.setPrompt(asking.prompt);
    this.#prompt.hide(true);
  }

  #onEnd(end: ConnectionEnd, isGood: boolean): void {
    const { address, flags } = this.#options;
    const { own } = this.#roster;
    const rejoin = rejoinCommand(address, [...(own === undefined ? [] : [own]), ...flags]);
    const hasGivenUp = this.#conversation?.isAway === true;
    const again = isGood && !hasGivenUp ? "" : rejoin;
    const text = endText(end, { address, again }, this.#texts.client);
    if (!isGood) return this.#finish(EXIT_LOST, text);
    this.#view.print(text);
    this.#finish(0);
  }

  #act(line: EnteredLine): void {
    const command = this.#conversation?.isProven ? operatorCommandIn(line) : undefined;
    if (command !== undefined) return this.#send({ verb: "admin", line: command }, line.text);
    const action = parseEntered(line, this.#capabilities.typedCommands, {
      lastPrivate: this.#roster.lastPrivate,
      texts: this.#texts,
    });
    switch (action.kind) {
      case "nothing":
        return this.#conversation?.retryNow();
      case "error":
        return this.#view.printError(action.error);
      case "help":
        this.#view.showTypedHelp();
        // Only the server can tell who is an operator and which commands operators have.
        return this.#conversation?.isProven ? this.#send({ verb: "help" }, line.text) : undefined;
      case "quit":
        return this.#leave(0);
      case "request":
        return this.#send(action.request, line.text);
    }
  }

  #send(request: Request, typed: string): void {
    const sent = this.#conversation?.send(request);
    const problem = unsentProblem(sent, {
      ...{ request, typed, maxPending: MAX_PENDING },
      dialectName: this.#options.dialect.name,
    }, this.#texts);
    if (problem !== undefined) {
      this.#view.printError(problem.error);
    } else if (request.verb === "rename" && !this.#capabilities.answers) {
      this.#roster.assume(request.name);
      this.#view.showPrompt();
    }
  }

  /** Sends a goodbye; the exit follows when the server closes, or after GOODBYE_MS. */
  #leave(code: number): void {
    if (this.#phase === "leaving") return;
    const conversation = ASKING.has(this.#phase) ? undefined : this.#conversation;
    this.#showEarly();
    this.#phase = "leaving";
    this.#exitCode = code;
    if (conversation === undefined) return this.#exit.resolve(code);
    void conversation.leave();
    const timer = this.#options.clock.after(GOODBYE_MS, () => conversation.close());
    void this.#exit.promise.then(() => timer.cancel());
  }

  #finish(code: number, problem?: string): void {
    if (problem !== undefined && this.#phase !== "leaving") this.#view.printError(problem);
    // Closing the prompt erases it, so a half-typed line is printed as unsent.
    const { draft } = this.#prompt;
    if (draft.trim() !== "" && this.#phase !== "proving") {
      this.#early.push({ text: draft, isPasted: false });
    }
    this.#showUnsent();
    this.#phase = "leaving";
    this.#exit.resolve(code);
  }

  /** Shows every typed line that was not sent. */
  #showUnsent(): void {
    this.#view.showUnanswered(this.#conversation?.pending.clear() ?? []);
    this.#showEarly();
  }

  #showEarly(): void {
    this.#view.showUnsent(this.#early.splice(0).map(({ text }) => text));
  }
}
