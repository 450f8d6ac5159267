// Somebody who speaks and listens with the client's own conversation, through a network that fails:
// what it says is numbered, and all it is told goes into the ledger.

import { Conversation } from "../../client/conversation.ts";
import type { ConversationListener } from "../../client/conversation_options.ts";
import { dial } from "../../client/dial.ts";
import { EN } from "../../texts/en.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { systemClock } from "../../shared/clock.ts";
import { numberedText, numberIn, type ReaderRecord, type TortureLedger } from "./torture_ledger.ts";

/** What makes a person. */
export interface ConversationClientOptions {
  readonly name: string;
  readonly dialect: Dialect;
  readonly ledger: TortureLedger;
  /** The port to connect to, looked at before every attempt. */
  readonly port: () => number;
  readonly random: () => number;
}

/** Messages of one person that may wait for their answers. */
const MOST_KEPT = 400;

/** A run is over long before anybody gives up. */
const PATIENCE = { lostMs: 3_600_000, announcedMs: 3_600_000 };

/** One person. */
export class ConversationClient {
  readonly #options: ConversationClientOptions;
  readonly #conversation: Conversation;
  readonly #welcomed = Promise.withResolvers<void>();
  #reader: ReaderRecord | undefined;
  #said = 0;
  /** How often it came back, and how often to a server that had forgotten it. */
  returns = 0;
  forgotten = 0;
  /** Resolves with why it is over, which it should not be before it left. */
  readonly over: Promise<string>;

  constructor(options: ConversationClientOptions) {
    this.#options = options;
    const { dialect, name, port, random } = options;
    this.#conversation = new Conversation({
      dialect,
      texts: EN.client,
      name,
      dial: () => dial({ kind: "tcp", host: "127.0.0.1", port: port() }, EN.client),
      clock: systemClock,
      random,
      welcomeMs: 5_000,
      timeouts: PATIENCE,
      maxPending: MOST_KEPT,
    }, this.#listener());
    this.over = this.#conversation.run().then((outcome) => JSON.stringify(outcome));
  }

  /** Resolves at the first welcome. */
  get welcomed(): Promise<void> {
    return this.#welcomed.promise;
  }

  /** What it said and got no answer to yet. */
  get unanswered(): number {
    return this.#conversation.pending.count;
  }

  /** The number of the last message it was shown. */
  get lastSeen(): number {
    return this.#reader?.shown.at(-1)?.seq ?? this.#reader?.owedAfter ?? 0;
  }

  /** Says the next message, unless too many wait for their answers. */
  say(): void {
    if (this.unanswered >= MOST_KEPT) return;
    const text = numberedText(this.#options.name, ++this.#said);
    this.#conversation.send({ verb: "say", text });
    this.#options.ledger.said++;
  }

  /** Ends it without a word. */
  close(): void {
    this.#conversation.close();
  }

  #listener(): ConversationListener {
    const { ledger, name } = this.#options;
    return {
      onConnected: () => {},
      onWait: () => {},
      onAttempt: () => {},
      onWelcome: (event, back) => {
        this.#reader ??= ledger.reader(name, event.seq);
        if (back !== undefined) this.returns++;
        if (back?.resumed === false) this.forgotten++;
        this.#welcomed.resolve();
      },
      onEvent: (event, answered) => {
        if (event.type === "message" && !event.replay) this.#reader?.shown.push(event);
        if (event.type === "gap") this.#reader?.gaps.push(event);
        if (answered === undefined || !("text" in answered.request)) return;
        const number = numberIn({ from: name, text: answered.request.text });
        if (event.type === "ack" && number !== undefined) ledger.acked(name, number, event.seq);
        if (event.type === "error") ledger.refused++;
      },
    };
  }
}
