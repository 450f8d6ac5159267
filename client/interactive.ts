// A chat on a terminal: what is typed and what the server sends, side by side. It decides what
// happens when; how things look is in render_event.ts, what was typed in parse_input.ts, keys in terminal/.

import { EN } from "../texts/en.ts";
import type { Capabilities } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { namelessProblem } from "./capabilities.ts";
import { Credentials, type SecretPrompt } from "./credential_prompt.ts";
import { complete, completionSources } from "./completion_candidates.ts";
import { Conversation } from "./conversation.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  Reconnected,
  ReconnectWait,
} from "./conversation_options.ts";
import { connectedText, rejoinCommand } from "./dial.ts";
import { endText, isGoodEnd, NO_WELCOME, WELCOME_MS } from "./describe_ending.ts";
import { greeting, wrapText } from "./greeting.ts";
import { type EnteredLine, nameProblem, parseEntered, TYPED_HELP } from "./parse_input.ts";
import {
  EXIT_INTERRUPTED,
  EXIT_LOST,
  GOODBYE_MS,
  type InteractiveOptions,
  MAX_PENDING,
  TERMINAL_RECONNECT,
} from "./interactive_options.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import { operatorCommandIn, operatorCommandProblem } from "./operator_commands.ts";
import type { PendingRequest } from "./pending_requests.ts";
import { StatusView } from "./status_view.ts";
import type { PromptLike } from "./prompt_interface.ts";
import { Roster } from "./roster.ts";
import type { WelcomeEvent } from "./resume_state.ts";
import { unsentText } from "./unsent_line.ts";

/** Runs the chat until it ends; answers the exit code. */
export async function runInteractive(options: InteractiveOptions): Promise<number> {
  return await new Interactive(options).run();
}

/** Nobody is here yet ("naming", "proving", "joining"), the chat goes on, or it is over ("leaving"). */
type Phase = "naming" | "proving" | "joining" | "chatting" | "leaving";
const ASKING: ReadonlySet<Phase> = new Set(["naming", "proving"]);

class Interactive implements ConversationListener {
  readonly #options: InteractiveOptions;
  readonly #capabilities: Capabilities;
  readonly #prompt: PromptLike;
  readonly #narrator: StatusView;
  readonly #exit = Promise.withResolvers<number>();
  #roster = new Roster();
  #conversation: Conversation | undefined;
  #phase: Phase = "naming";
  #connectedBefore = false;
  /** Lines typed before the server let this client in. */
  #early: EnteredLine[] = [];
  #exitCode = 0;
  readonly #credentials: Credentials;

  constructor(options: InteractiveOptions) {
    this.#options = options;
    this.#capabilities = options.dialect.capabilities;
    this.#credentials = new Credentials(options.secrets, options.name);
    this.#prompt = options.prompt((line, cursor) =>
      complete(line, cursor, completionSources(this.#capabilities, this.#roster))
    );
    this.#narrator = new StatusView(options, this.#prompt);
  }

  async run(): Promise<number> {
    const { name, stop } = this.#options;
    const onStop = (): void => this.#leave(EXIT_INTERRUPTED);
    stop.addEventListener("abort", onStop);
    this.#prompt.start();
    this.#narrator.print(
      wrapText(greeting(this.#options.dialect), this.#options.textColumns),
    );
    try {
      // A server with typed commands asks for the name itself.
      if (name === undefined && !this.#capabilities.typedCommands) this.#askName();
      else this.#tryName(name);
      this.#pumpInput().catch(this.#exit.reject);
      return await this.#exit.promise;
    } finally {
      stop.removeEventListener("abort", onStop);
      this.#narrator.stop();
      this.#prompt.close();
      this.#conversation?.close();
    }
  }

  onConnected(): void {
    if (!this.#connectedBefore) this.#narrator.print(connectedText(this.#options.address));
    this.#connectedBefore = true;
    if (!this.#capabilities.answers) this.#startChatting();
  }

  onWelcome(event: WelcomeEvent, back: Reconnected | undefined): void {
    this.#roster.update(event);
    if (back !== undefined) return this.#narrator.showReconnected(event, back);
    this.#startChatting();
    this.#narrator.show(event);
  }

  onEvent(event: ServerEvent, answered: PendingRequest | undefined): void {
    this.#roster.update(event);
    const mistyped = operatorCommandProblem(event, answered?.request);
    if (mistyped !== undefined) return this.#narrator.printError(mistyped);
    if (event.type === "help") return this.#narrator.showOrders(event.commands);
    if (event.type === "you" || (event.type === "renamed" && event.you)) {
      this.#narrator.showPrompt();
    }
    this.#narrator.show(event);
    if (answered?.wasDelayed && answered.request.verb === "say") {
      this.#narrator.showDelayedAnswer(event, answered, this.#conversation?.pending.all() ?? []);
    }
  }

  onWait(wait: ReconnectWait): void {
    this.#narrator.showWait(wait);
  }

  onAttempt(attempt: number): void {
    this.#narrator.showAttempt(attempt);
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
    this.#prompt.setPrompt("Your name: ");
  }

  #prove(typed: string): void {
    this.#prompt.hide(false);
    if (this.#credentials.take(typed)) this.#tryName(this.#credentials.name);
    else this.#askName();
  }

  /** Joins as `name`; without one the server gives a name, where it can. */
  #tryName(name: string | undefined): void {
    const problem = name === undefined ? namelessProblem(this.#capabilities) : nameProblem(name);
    if (problem !== undefined) {
      this.#narrator.printError(problem.error);
      return this.#askName();
    }
    this.#phase = "joining";
    this.#credentials.takeName(name);
    this.#join(name).catch(this.#exit.reject);
  }

  async #join(name: string | undefined): Promise<void> {
    const { dialect, dial, clock, random } = this.#options;
    this.#roster = new Roster(name, dialect.echo);
    this.#narrator.watchRoster(this.#roster);
    const conversation = new Conversation({
      ...{ dialect, dial, clock, random, name, secrets: this.#credentials.secrets },
      welcomeMs: this.#options.welcomeMs ?? WELCOME_MS,
      timeouts: this.#options.reconnectTimeouts ?? TERMINAL_RECONNECT,
      maxPending: MAX_PENDING,
    }, this);
    this.#conversation = conversation;
    this.#onOutcome(await conversation.run());
  }

  #startChatting(): void {
    this.#phase = "chatting";
    this.#narrator.showPrompt();
    for (const line of this.#early.splice(0)) this.#onLine(line);
  }

  #onOutcome(outcome: ConnectionOutcome): void {
    if (this.#phase === "leaving") {
      this.#tellUnsent();
      return this.#exit.resolve(this.#exitCode);
    }
    switch (outcome.kind) {
      case "unreachable":
        return this.#finish(EXIT_LOST, outcome.error);
      case "no_welcome":
        return this.#finish(EXIT_LOST, NO_WELCOME);
      case "refused":
        this.#tellUnsent();
        return this.#ask(this.#credentials.promptAfter(outcome.code));
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
    const again = rejoinCommand(this.#options.address, [
      ...(this.#roster.own === undefined ? [] : [this.#roster.own]),
      ...this.#options.flags,
    ]);
    const triedInVain = this.#conversation?.isAway === true;
    const text = endText(end, this.#options.address, isGood && !triedInVain ? "" : again);
    if (!isGood) return this.#finish(EXIT_LOST, text);
    this.#narrator.print(text);
    this.#finish(0);
  }

  #act(line: EnteredLine): void {
    const order = this.#conversation?.isProven ? operatorCommandIn(line) : undefined;
    if (order !== undefined) return this.#send({ verb: "admin", line: order }, line.text);
    const action = parseEntered(line, this.#capabilities.typedCommands, this.#roster);
    switch (action.kind) {
      case "nothing":
        return this.#conversation?.retryNow();
      case "error":
        return this.#narrator.printError(action.message);
      case "help":
        this.#prompt.print(describeEvent({ type: "help", commands: TYPED_HELP }, EN.events));
        // Only the server knows who is an operator, and which orders there are.
        return this.#conversation?.isProven ? this.#send({ verb: "help" }, line.text) : undefined;
      case "quit":
        return this.#leave(0);
      case "request":
        return this.#send(action.request, line.text);
    }
  }

  #send(request: Request, typed: string): void {
    const sent = this.#conversation?.send(request);
    const problem = unsentText(sent, {
      ...{ request, typed, maxPending: MAX_PENDING },
      dialectName: this.#options.dialect.name,
    });
    if (problem) {
      this.#narrator.printError(problem);
    } else if (request.verb === "rename" && !this.#capabilities.answers) {
      this.#roster.assume(request.name);
      this.#narrator.showPrompt();
    }
  }

  /** Says goodbye; the exit follows when the server has let go, or shortly after. */
  #leave(code: number): void {
    if (this.#phase === "leaving") return;
    const conversation = ASKING.has(this.#phase) ? undefined : this.#conversation;
    this.#tellEarly();
    this.#phase = "leaving";
    this.#exitCode = code;
    if (conversation === undefined) return this.#exit.resolve(code);
    void conversation.leave();
    const timer = this.#options.clock.after(GOODBYE_MS, () => conversation.close());
    void this.#exit.promise.then(() => timer.cancel());
  }

  #finish(code: number, problem?: string): void {
    if (problem !== undefined && this.#phase !== "leaving") this.#narrator.printError(problem);
    // Closing the prompt erases it: what somebody has half written must not go with it.
    const { draft } = this.#prompt;
    if (draft.trim() !== "" && this.#phase !== "proving") {
      this.#early.push({ text: draft, isPasted: false });
    }
    this.#tellUnsent();
    this.#phase = "leaving";
    this.#exit.resolve(code);
  }

  /** Nothing that was typed is lost silently. */
  #tellUnsent(): void {
    this.#narrator.showUnanswered(this.#conversation?.pending.clear() ?? []);
    this.#tellEarly();
  }

  #tellEarly(): void {
    this.#narrator.showUnsent(this.#early.splice(0).map(({ text }) => text));
  }
}
