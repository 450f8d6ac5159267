// Prints events, notices, errors and the state of the connection on a terminal, and sets its
// prompt.

import { USAGES } from "../protocol/slash_commands.ts";
import type { CommandHelp, ServerEvent } from "../protocol/events.ts";
import { visible } from "../protocol/sanitize.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { durationText } from "../shared/duration.ts";
import type { Clock } from "../shared/clock.ts";
import type { Style } from "../terminal/style.ts";
import type { Texts } from "../texts/texts.ts";
import type { Reconnected, ReconnectWait } from "./conversation_options.ts";
import { ReconnectCountdown } from "./reconnect_countdown.ts";
import { renderEvent, renderNotice, ringsBell } from "./render_event.ts";
import { endText, reconnectedText } from "./describe_ending.ts";
import { typedAs, typedHelp } from "./parse_input.ts";
import type { Address } from "./dial.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { PromptLike } from "./prompt_interface.ts";
import { Roster } from "./roster.ts";
import type { WelcomeEvent } from "./resume_state.ts";
import { shownLine } from "./unsent_line.ts";

/** The server, the language, and what the terminal can do. */
export interface StatusViewOptions {
  readonly address: Address;
  readonly texts: Texts;
  readonly style: Style;
  readonly clock: Clock;
  /** Rings for a private message or a mention. */
  readonly ringBell: () => void;
}

/** The output of an interactive chat. */
export class StatusView {
  readonly #options: StatusViewOptions;
  readonly #texts: Texts;
  readonly #prompt: PromptLike;
  readonly #countdown: ReconnectCountdown;
  #roster = new Roster();
  /** The text of the countdown, while the connection is lost. */
  #waiting: string | undefined;
  /** Why the server last refused to let this client rejoin, as shown. */
  #refusal: string | undefined;
  /** Delayed messages that were acknowledged and not reported yet. */
  #delayedSent = 0;

  constructor(options: StatusViewOptions, prompt: PromptLike) {
    this.#options = options;
    this.#texts = options.texts;
    this.#prompt = prompt;
    this.#countdown = new ReconnectCountdown(options.clock, prompt.redraws, (attempt, seconds) => {
      this.#waiting = this.#texts.client.attempt(attempt, seconds);
      this.showPrompt();
    });
  }

  /** Takes the own name for the prompt from `roster` from now on. */
  watchRoster(roster: Roster): void {
    this.#roster = roster;
  }

  /** Prints a line of the client itself. */
  print(text: string): void {
    this.#prompt.print(renderNotice(text, this.#options));
  }

  /** Prints an error message. */
  printError(text: string): void {
    this.#prompt.print(this.#options.style.red(`-! ${text}`));
  }

  /** Prints an event if it is shown at all, and rings the bell if it is for this person. */
  show(event: ServerEvent): void {
    const { style, texts, clock, ringBell } = this.#options;
    const now = new Date(clock.now());
    const shown = renderEvent(event, { style, texts, self: this.#roster, now });
    if (shown !== "") this.#prompt.print(shown);
    if (ringsBell(event, this.#roster)) ringBell();
  }

  /**
   * Prints the operator's commands in the server's help, without the commands that every client
   * has.
   */
  showOperatorHelp(commands: readonly CommandHelp[]): void {
    const own = commands.filter(({ usage }) => !USAGES.has(usage));
    if (own.length === 0) return;
    const lines = describeEvent({ type: "help", commands: own }, this.#texts.events);
    this.#prompt.print(`${this.#texts.client.operatorCommands}\n${lines}`);
  }

  /** Prints the list of everything that can be typed. */
  showTypedHelp(): void {
    const commands = typedHelp(this.#texts);
    this.#prompt.print(describeEvent({ type: "help", commands }, this.#texts.events));
  }

  /** Sets the prompt: the countdown, if any, and the own name. */
  showPrompt(): void {
    const { own } = this.#roster;
    const waiting = this.#waiting === undefined ? "" : `(${this.#waiting}) `;
    this.#prompt.setPrompt(waiting + (own === undefined ? "> " : `${own}> `));
  }

  /** Shows that the connection was lost, or that an attempt to reconnect failed. */
  showWait({ attempt, inMs, leftMs, outcome }: ReconnectWait): void {
    const { client } = this.#texts;
    if (this.#waiting === undefined && outcome.kind === "ended") {
      const { address } = this.#options;
      this.printError(endText(outcome.end, { address, again: "" }, client));
      this.print(client.comingBack(durationText(Math.round(leftMs / 1000) * 1000)));
      this.print(client.comingBackKeys);
    }
    if (outcome.kind === "refused" && outcome.error !== this.#refusal) {
      this.#refusal = outcome.error;
      this.printError(outcome.error);
      this.print(client.tryingAgain);
    }
    this.#countdown.start(attempt, inMs);
  }

  /** Shows that an attempt to reconnect begins. */
  showAttempt(attempt: number): void {
    this.#countdown.start(attempt, 0);
  }

  /** Shows that the client has reconnected. */
  showReconnected(event: WelcomeEvent, back: Reconnected): void {
    this.#countdown.stop();
    this.#waiting = undefined;
    this.#refusal = undefined;
    this.showPrompt();
    this.print(reconnectedText(event, back, this.#texts.client));
    this.showUnanswered(back.doubtful);
  }

  /** Shows the messages that were not sent, or may not have been. */
  showUnanswered(kept: readonly PendingRequest[]): void {
    for (const { request, wasSent } of kept) {
      if (request.verb !== "say") continue;
      const { unknownIfSentLine, notSent } = this.#texts.client;
      this.print((wasSent ? unknownIfSentLine : notSent)(visible(typedAs(request))));
    }
  }

  /** Shows the lines typed before the server's welcome that were not sent. */
  showUnsent(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.trim() !== "") this.print(this.#texts.client.notSent(shownLine(line)));
    }
  }

  /**
   * Handles the answer to a delayed message. Success is reported when the last of `kept` is
   * through; a message that had to wait already looks sent where it was typed.
   */
  showDelayedAnswer(
    answer: ServerEvent,
    answered: PendingRequest,
    kept: readonly PendingRequest[],
  ): void {
    if (answer.type === "ack") this.#delayedSent++;
    else this.showUnanswered([{ ...answered, wasSent: false }]);
    if (this.#delayedSent === 0 || kept.some(({ wasDelayed }) => wasDelayed)) return;
    this.print(this.#texts.client.delayedSent(this.#delayedSent));
    this.#delayedSent = 0;
  }

  /** Stops the countdown. */
  stop(): void {
    this.#countdown.stop();
  }
}
