// What a person at a terminal is told, and what stands in front of the line being typed. It prints and
// decides nothing; the words of events are in protocol/describe_event.ts, their looks in render_event.ts.

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

/** The server, the language and the terminal's abilities. */
export interface StatusViewOptions {
  readonly address: Address;
  readonly texts: Texts;
  readonly style: Style;
  readonly clock: Clock;
  /** Rings for a private message or a mention. */
  readonly ringBell: () => void;
}

/** Tells one person what happens. */
export class StatusView {
  readonly #options: StatusViewOptions;
  readonly #texts: Texts;
  readonly #prompt: PromptLike;
  readonly #countdown: ReconnectCountdown;
  #roster = new Roster();
  /** What is waited for, while the connection is lost. */
  #waiting: string | undefined;
  /** Why the server would not let this client in again, as told last. */
  #refusal: string | undefined;
  /** Messages that had to wait and were acknowledged, not told yet. */
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

  /** Speaks to whom `roster` says from now on. */
  watchRoster(roster: Roster): void {
    this.#roster = roster;
  }

  /** Prints a line of the program's own. */
  print(text: string): void {
    this.#prompt.print(renderNotice(text, this.#options));
  }

  /** Prints what went wrong. */
  printError(text: string): void {
    this.#prompt.print(this.#options.style.red(`-! ${text}`));
  }

  /** Prints an event, if there is something to show, and rings if it is for this person. */
  show(event: ServerEvent): void {
    const { style, texts, clock, ringBell } = this.#options;
    const now = new Date(clock.now());
    const shown = renderEvent(event, { style, texts, self: this.#roster, now });
    if (shown !== "") this.#prompt.print(shown);
    if (ringsBell(event, this.#roster)) ringBell();
  }

  /** What the server's help has besides everybody's commands: the orders of an operator. */
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

  /** Puts the own name in front of the line, and what is waited for. */
  showPrompt(): void {
    const { own } = this.#roster;
    const waiting = this.#waiting === undefined ? "" : `(${this.#waiting}) `;
    this.#prompt.setPrompt(waiting + (own === undefined ? "> " : `${own}> `));
  }

  /** The connection is lost, or an attempt to come back was in vain. */
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

  /** An attempt to come back begins. */
  showAttempt(attempt: number): void {
    this.#countdown.start(attempt, 0);
  }

  /** The connection stands again. */
  showReconnected(event: WelcomeEvent, back: Reconnected): void {
    this.#countdown.stop();
    this.#waiting = undefined;
    this.#refusal = undefined;
    this.showPrompt();
    this.print(reconnectedText(event, back, this.#texts.client));
    this.showUnanswered(back.doubtful);
  }

  /** Nothing that was typed is lost silently. */
  showUnanswered(kept: readonly PendingRequest[]): void {
    for (const { request, wasSent } of kept) {
      if (request.verb !== "say") continue;
      const { unknownIfSentLine, notSent } = this.#texts.client;
      this.print((wasSent ? unknownIfSentLine : notSent)(visible(typedAs(request))));
    }
  }

  /** Nor is what was typed before the server let this client in. */
  showUnsent(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.trim() !== "") this.print(this.#texts.client.notSent(shownLine(line)));
    }
  }

  /**
   * The answer to a message that had to wait: told when the last of `kept` is through, because where
   * it was typed it looked sent already.
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

  /** Nothing is counted any more. */
  stop(): void {
    this.#countdown.stop();
  }
}
