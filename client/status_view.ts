// What a person at a terminal is told, and what stands in front of the line being typed. It prints and
// decides nothing; the words of events are in protocol/describe_event.ts, their looks in render_event.ts.

import { EN } from "../texts/en.ts";
import { USAGES } from "../protocol/slash_commands.ts";
import type { CommandHelp, ServerEvent } from "../protocol/events.ts";
import { visible } from "../protocol/sanitize.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { durationText } from "../shared/duration.ts";
import type { Reconnected, ReconnectWait } from "./conversation_options.ts";
import { ReconnectCountdown } from "./reconnect_countdown.ts";
import { renderEvent, renderNotice, ringsBell } from "./render_event.ts";
import { endText, reconnectedText } from "./describe_ending.ts";
import { typedAs } from "./parse_input.ts";
import type { InteractiveOptions } from "./interactive_options.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { PromptLike } from "./prompt_interface.ts";
import { Roster } from "./roster.ts";
import type { WelcomeEvent } from "./resume_state.ts";
import { shownLine } from "./unsent_line.ts";

/** What a narrator needs of the options. */
type Options = Pick<InteractiveOptions, "address" | "style" | "clock" | "ringBell">;

/** Tells one person what happens. */
export class StatusView {
  readonly #options: Options;
  readonly #prompt: PromptLike;
  readonly #countdown: ReconnectCountdown;
  #roster = new Roster();
  /** What is waited for, while the connection is lost. */
  #waiting: string | undefined;
  /** Why the server would not let this client in again, as told last. */
  #obstacle: string | undefined;
  /** Messages that had to wait and were acknowledged, not told yet. */
  #sentLate = 0;

  constructor(options: Options, prompt: PromptLike) {
    this.#options = options;
    this.#prompt = prompt;
    this.#countdown = new ReconnectCountdown(options.clock, prompt.redraws, (words) => {
      this.#waiting = words;
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
    const { style, clock, ringBell } = this.#options;
    const shown = renderEvent(event, { style, self: this.#roster, now: new Date(clock.now()) });
    if (shown !== "") this.#prompt.print(shown);
    if (ringsBell(event, this.#roster)) ringBell();
  }

  /** What the server's help has besides everybody's commands: the orders of an operator. */
  showOrders(commands: readonly CommandHelp[]): void {
    const orders = commands.filter(({ usage }) => !USAGES.has(usage));
    if (orders.length === 0) return;
    const lines = describeEvent({ type: "help", commands: orders }, EN.events);
    this.#prompt.print(`You are an operator, and can order:\n${lines}`);
  }

  /** Puts the own name in front of the line, and what is waited for. */
  showPrompt(): void {
    const { own } = this.#roster;
    const waiting = this.#waiting === undefined ? "" : `(${this.#waiting}) `;
    this.#prompt.setPrompt(waiting + (own === undefined ? "> " : `${own}> `));
  }

  /** The connection is lost, or an attempt to come back was in vain. */
  showWait({ attempt, inMs, leftMs, outcome }: ReconnectWait): void {
    if (this.#waiting === undefined && outcome.kind === "ended") {
      this.printError(endText(outcome.end, this.#options.address, ""));
      const atMost = durationText(Math.round(leftMs / 1000) * 1000);
      this.print(`Coming back by itself, for at most ${atMost}: type on, it is sent then`);
      this.print("Enter tries at once, /quit leaves");
    }
    if (outcome.kind === "refused" && outcome.error !== this.#obstacle) {
      this.#obstacle = outcome.error;
      this.printError(outcome.error);
      this.print("Trying again; /name NAME takes another name");
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
    this.#obstacle = undefined;
    this.showPrompt();
    this.print(reconnectedText(event, back));
    this.showUnanswered(back.doubtful);
  }

  /** Nothing that was typed is lost silently. */
  showUnanswered(kept: readonly PendingRequest[]): void {
    for (const { request, wasSent } of kept) {
      if (request.verb !== "say") continue;
      const what = wasSent ? "Not known whether it was sent" : "Not sent";
      this.print(`${what}: ${visible(typedAs(request))}`);
    }
  }

  /** Nor is what was typed before the server let this client in. */
  showUnsent(lines: readonly string[]): void {
    for (const line of lines) if (line.trim() !== "") this.print(`Not sent: ${shownLine(line)}`);
  }

  /**
   * The answer to a message that had to wait: told when the last of `kept` is through, because where
   * it was typed it looked sent already.
   */
  showDelayedAnswer(
    answer: ServerEvent,
    said: PendingRequest,
    kept: readonly PendingRequest[],
  ): void {
    if (answer.type === "ack") this.#sentLate++;
    else this.showUnanswered([{ ...said, wasSent: false }]);
    if (this.#sentLate === 0 || kept.some(({ wasDelayed }) => wasDelayed)) return;
    const what = this.#sentLate === 1 ? "the message" : `the ${this.#sentLate} messages`;
    this.print(`Sent: ${what} that had to wait`);
    this.#sentLate = 0;
  }

  /** Nothing is counted any more. */
  stop(): void {
    this.#countdown.stop();
  }
}
