// A client that sends and reads with the client's own conversation, through a network that fails:
// its messages are numbered, and everything it receives goes into the ledger.

import { Conversation } from "../../client/conversation.ts";
import type { ConversationListener } from "../../client/conversation_options.ts";
import { dial } from "../../client/dial.ts";
import { EN } from "../../texts/en.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { systemClock } from "../../shared/clock.ts";
import { numberedText, numberIn, type ReaderRecord, type TortureLedger } from "./torture_ledger.ts";

/** Options of a {@linkcode ConversationClient}. */
export interface ConversationClientOptions {
  readonly name: string;
  readonly dialect: Dialect;
  readonly ledger: TortureLedger;
  /** The port to connect to, queried before every attempt. */
  readonly port: () => number;
  readonly random: () => number;
}

/** Most messages of one client without an acknowledgement. */
const MOST_KEPT = 400;

/** Times after which the client gives up: longer than any run. */
const TIMEOUTS = { lostMs: 3_600_000, announcedMs: 3_600_000 };

/** One client in the test's own process. */
export class ConversationClient {
  readonly #options: ConversationClientOptions;
  readonly #conversation: Conversation;
  readonly #welcomed = Promise.withResolvers<void>();
  #reader: ReaderRecord | undefined;
  #sent = 0;
  /** How often it reconnected, and how often to a server without its session. */
  returns = 0;
  forgotten = 0;
  /** Resolves with the reason when the client ends, which should not happen before close(). */
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
      timeouts: TIMEOUTS,
      maxPending: MOST_KEPT,
    }, this.#listener());
    this.over = this.#conversation.run().then((outcome) => JSON.stringify(outcome));
  }

  /** Resolves at the first welcome. */
  get welcomed(): Promise<void> {
    return this.#welcomed.promise;
  }

  /** Messages without an acknowledgement. */
  get unanswered(): number {
    return this.#conversation.pending.count;
  }

  /** The number of the last message it showed. */
  get lastSeen(): number {
    return this.#reader?.shown.at(-1)?.seq ?? this.#reader?.owedAfter ?? 0;
  }

  /** Sends the next message, unless too many are unacknowledged. */
  say(): void {
    if (this.unanswered >= MOST_KEPT) return;
    const text = numberedText(this.#options.name, ++this.#sent);
    this.#conversation.send({ verb: "say", text });
    this.#options.ledger.said++;
  }

  /** Ends it without a goodbye. */
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
