// A conversation with a server in memory, on a fake clock, that records every call of its listener.

import { Conversation } from "../../client/conversation.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  ConversationOptions,
  Reconnected,
  ReconnectWait,
} from "../../client/conversation_options.ts";
import type { PendingRequest } from "../../client/pending_requests.ts";
import type { WelcomeEvent } from "../../client/resume_state.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { native } from "../../protocol/native.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import type { ResumingServer } from "./resuming_server.ts";
import { EN } from "../../texts/en.ts";
import { turn } from "../until.ts";

/** A conversation with a listener that records everything. */
export class ConversationFixture implements ConversationListener {
  readonly clock = new FakeClock();
  readonly conversation: Conversation;
  readonly events: ServerEvent[] = [];
  readonly answered: PendingRequest[] = [];
  readonly backs: Reconnected[] = [];
  readonly waits: ReconnectWait[] = [];
  attempts = 0;
  outcome: ConnectionOutcome | undefined;
  readonly over: Promise<void>;

  constructor(server: ResumingServer, more: Partial<ConversationOptions> = {}) {
    this.conversation = new Conversation({
      dialect: native,
      texts: EN.client,
      name: "alice",
      dial: server.dial,
      clock: this.clock,
      random: () => 0.5,
      welcomeMs: 10_000,
      timeouts: { lostMs: 600_000, announcedMs: 60_000 },
      maxPending: 1_000,
      ...more,
    }, this);
    this.over = this.conversation.run().then((outcome) => {
      this.outcome = outcome;
    });
  }

  onConnected(): void {}
  onWelcome(_event: WelcomeEvent, back: Reconnected | undefined): void {
    if (back !== undefined) this.backs.push(back);
  }
  onEvent(event: ServerEvent, answered: PendingRequest | undefined): void {
    this.events.push(event);
    if (answered !== undefined) this.answered.push(answered);
  }
  onWait(wait: ReconnectWait): void {
    this.waits.push(wait);
  }
  onAttempt(): void {
    this.attempts++;
  }

  /** The texts that were shown, in order. */
  get shown(): string[] {
    return this.events.flatMap((event) => event.type === "message" ? [event.text] : []);
  }

  /** Lets everything that is due happen, without moving time. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) await turn();
  }

  /** The same, and ends every wait for a reconnect immediately. */
  async settleBack(): Promise<void> {
    for (let turns = 0; turns < 12; turns++) {
      await turn();
      this.conversation.retryNow();
    }
  }

  say(...texts: string[]): void {
    for (const text of texts) this.conversation.send({ verb: "say", text });
  }

  /** Ends the conversation and waits for that. */
  async end(): Promise<void> {
    this.conversation.close();
    await this.over;
  }
}
