// A chat in a pipe, for scripts: each line of standard input is a message, and each message
// received is a line of output.

import type { Capabilities, Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { decodeLine } from "../protocol/framing.ts";
import { MAX_MESSAGE_BYTES, MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { durationText } from "../shared/duration.ts";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import type { Texts } from "../texts/texts.ts";
import { unsupportedProblem } from "./capabilities.ts";
import { Conversation } from "./conversation.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  Reconnected,
  ReconnectTimeouts,
  ReconnectWait,
} from "./conversation_options.ts";
import { type Address, connectedText, type DialResult } from "./dial.ts";
import { endText, isGoodEnd, reconnectedText, WELCOME_MS } from "./describe_ending.ts";
import { nameProblem, parseText } from "./parse_input.ts";
import { type InputLine, InputLines } from "./stdin_lines.ts";
import { LineOutput } from "./line_output.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import { MAX_IN_FLIGHT, type PendingRequest } from "./pending_requests.ts";
import { scriptRefusalText } from "./refusal_codes.ts";
import type { SessionSecrets, WelcomeEvent } from "./resume_state.ts";

/** The options of a chat in a pipe. */
export interface PipeOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  readonly texts: Texts;
  /** The name to join with; without it the server gives its default name (R58). */
  readonly name?: string;
  /** Prints every event as one line of JSON instead of messages as `name: text`. */
  readonly json: boolean;
  /** The password and passphrase, where the server asks for them. */
  readonly secrets?: SessionSecrets;
  /** Stays after the end of the input, until the server closes. */
  readonly stay: boolean;
  readonly dial: () => Promise<DialResult>;
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { write(bytes: Uint8Array): Promise<number> };
  /** Prints one line on standard error. */
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly timeouts?: PipeTimeouts;
  /** How long to try to reconnect (default {@linkcode PIPE_RECONNECT}). */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Aborted when the client is to send a goodbye and leave (R66, R67). */
  readonly stop?: AbortSignal;
}

/** How long to wait for a server, in milliseconds. */
export interface PipeTimeouts {
  /** For its welcome, in dialects that have one. */
  readonly welcomeMs: number;
  /** For its close, after the client's goodbye. */
  readonly goodbyeMs: number;
  /** For the next confirmation, where the server may not send any. */
  readonly confirmMs: number;
}

/** The default of {@linkcode PipeOptions.timeouts}. */
export const PIPE_TIMEOUTS: PipeTimeouts = {
  welcomeMs: WELCOME_MS,
  goodbyeMs: 2_000,
  confirmMs: 5_000,
};

/**
 * A script waits for a restart after a lost connection; after an announced stop it ends, so that
 * the caller can act on it.
 */
const PIPE_RECONNECT: ReconnectTimeouts = { lostMs: 60_000, announcedMs: 0 };

/**
 * Bytes that may be queued for servers that acknowledge nothing, before reading the input pauses.
 */
const MAX_QUEUED_BYTES = 64 * 1024;
const READ_BYTES = 64 * 1024;
const INTERRUPTED = 130;

/** Runs until all input is sent, the server closes or `stop` is aborted; returns the exit code. */
export async function runPipe(options: PipeOptions): Promise<number> {
  const problem = options.name === undefined
    ? undefined
    : nameProblem(options.name, options.texts.client);
  if (problem !== undefined) {
    options.printError(problem.error);
    return 1;
  }
  return await new Pipe(options).run();
}

class Pipe implements ConversationListener {
  readonly #options: PipeOptions;
  readonly #texts: Texts;
  readonly #timeouts: PipeTimeouts;
  readonly #conversation: Conversation;
  readonly #capabilities: Capabilities;
  readonly #output: LineOutput;
  /** This client's name: messages under it are not printed. */
  #own: string | undefined;
  #state: "joining" | "open" | "input_sent" | "ended" = "joining";
  #connectedBefore = false;
  /** The reader of standard output has closed it. */
  #readerGone = false;
  #failed = false;
  #lineNumber = 0;
  /** The input line of each message, by its `ref`. */
  readonly #lines = new Map<number, number>();
  #opened = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PipeOptions) {
    const { dialect, name, dial, clock, random } = options;
    this.#options = options;
    this.#texts = options.texts;
    this.#timeouts = options.timeouts ?? PIPE_TIMEOUTS;
    this.#capabilities = dialect.capabilities;
    this.#output = new LineOutput(options.stdout, (error) => this.#onOutputFailure(error));
    this.#conversation = new Conversation({
      ...{ dialect, name, dial, clock, random, secrets: options.secrets ?? {} },
      texts: options.texts.client,
      welcomeMs: this.#timeouts.welcomeMs,
      timeouts: options.reconnectTimeouts ?? PIPE_RECONNECT,
      maxPending: MAX_IN_FLIGHT,
    }, this);
    // Where the server echoes messages (D5), they carry the name asked for.
    if (dialect.echo) this.#own = name;
  }

  async run(): Promise<number> {
    const over = Promise.withResolvers<ConnectionOutcome | "stopped">();
    this.#conversation.run().then(over.resolve, over.reject);
    this.#pumpInput().catch(over.reject);
    const { stop } = this.#options;
    const onStop = (): void => this.#leave(() => over.resolve("stopped"));
    stop?.addEventListener("abort", onStop);
    try {
      const outcome = await over.promise;
      if (outcome === "stopped" || stop?.aborted) return INTERRUPTED;
      await this.#output.drained();
      return this.#exitCode(outcome);
    } finally {
      stop?.removeEventListener("abort", onStop);
      this.#conversation.close();
      clearTimeout(this.#timer);
      this.#state = "ended";
      this.#opened.resolve();
      this.#conversation.pending.cancelWaits();
    }
  }

  onConnected(): void {
    if (!this.#connectedBefore) {
      this.#options.printError(connectedText(this.#options.address, this.#texts.client));
    }
    this.#connectedBefore = true;
    if (!this.#capabilities.answers) this.#open();
  }

  onWelcome(event: WelcomeEvent, back: Reconnected | undefined): Promise<void> | undefined {
    this.#own = event.name;
    if (back !== undefined) this.#onReconnected(event, back);
    else if (!this.#options.json) this.#printNotice(event);
    this.#open();
    return this.#print(event);
  }

  onEvent(event: ServerEvent, answered: PendingRequest | undefined): Promise<void> | undefined {
    if (event.type === "you" || (event.type === "renamed" && event.you)) this.#own = event.name;
    const number = answered && this.#takeLine(answered);
    if (event.type === "error") {
      this.#onError(scriptRefusalText(event, this.#options.name, this.#texts.client), number);
    } else if (!this.#options.json) this.#printNotice(event);
    return this.#print(event);
  }

  onWait({ attempt, leftMs, outcome }: ReconnectWait): void {
    if (attempt > 1 || outcome.kind !== "ended") return;
    const atMost = durationText(Math.round(leftMs / 1000) * 1000);
    const end = this.#endText(outcome.end);
    this.#options.printError(this.#texts.client.reconnecting(end, atMost));
  }

  onAttempt(): void {}

  #open(): void {
    if (this.#state === "joining") this.#state = "open";
    this.#opened.resolve();
  }

  #onReconnected(event: WelcomeEvent, back: Reconnected): void {
    this.#options.printError(reconnectedText(event, back, this.#texts.client));
    for (const kept of back.doubtful) {
      this.#refuse(this.#takeLine(kept), this.#texts.client.unknownIfSent);
    }
  }

  async #pumpInput(): Promise<void> {
    await this.#opened.promise;
    const lines = new InputLines(MAX_TEXT_LINE_BYTES);
    const buffer = new Uint8Array(READ_BYTES);
    while (this.#state === "open") {
      const count = await this.#options.stdin.read(buffer);
      const ready = count === null ? lines.end() : lines.feed(buffer.subarray(0, count));
      for (const line of ready) await this.#sendLine(line);
      if (count === null) break;
    }
    if (!(await this.#waitForConfirmations(0)) || this.#state !== "open") return;
    this.#state = "input_sent";
    if (!this.#options.stay) await this.#leaveAfterInput();
  }

  /**
   * Leaves now; `giveUp` is called if that takes too long, for example because standard output is
   * blocked.
   */
  #leave(giveUp: () => void): void {
    this.#state = "input_sent";
    this.#timer = setTimeout(giveUp, this.#timeouts.goodbyeMs);
    void this.#conversation.leave();
  }

  async #leaveAfterInput(): Promise<void> {
    await this.#conversation.leave();
    if (this.#state === "input_sent") {
      this.#timer = setTimeout(() => this.#conversation.close(), this.#timeouts.goodbyeMs);
    }
  }

  async #sendLine(line: InputLine): Promise<void> {
    const number = ++this.#lineNumber;
    if (line === "too_long") return this.#refuse(number, this.#tooLong);
    // Refused rather than mangled: a script can correct its encoding.
    const text = decodeLine(line, "strict");
    if (typeof text !== "string") return this.#refuse(number, text.text(this.#texts.refusals));
    if (text.trim() === "" && !this.#capabilities.typedCommands) return;
    if (!(await this.#waitForConfirmations(MAX_IN_FLIGHT - 1)) || this.#state !== "open") return;
    const request = this.#requestFor(text);
    const sent = this.#conversation.send(request);
    if (sent === "too_long") return this.#refuse(number, this.#tooLong);
    if (sent === "unsupported") {
      const { name } = this.#options.dialect;
      return this.#refuse(number, unsupportedProblem(request, name, this.#texts.client).error);
    }
    if (this.#isConfirming) this.#lines.set(this.#conversation.pending.lastRef, number);
    else await this.#conversation.drained(MAX_QUEUED_BYTES);
  }

  #requestFor(text: string): Request {
    if (this.#capabilities.typedCommands) return { verb: "line", text };
    return parseText(text);
  }

  #takeLine({ ref }: PendingRequest): number {
    const number = this.#lines.get(ref) ?? 0;
    this.#lines.delete(ref);
    return number;
  }

  #onError(message: string, number: number | undefined): void {
    if (number !== undefined) return this.#refuse(number, message);
    this.#options.printError(message);
    // In a dialect without error messages the error is the codec's own: the stream cannot be
    // decoded further.
    if (this.#state !== "joining" && this.#capabilities.answers) return;
    this.#failed = true; // for example a taken name: a script has no other one to offer
    this.#conversation.pending.clear();
    this.#conversation.close();
  }

  #print(event: ServerEvent): Promise<void> | undefined {
    const line = this.#options.json ? JSON.stringify(event) : this.#lineFor(event);
    return line === undefined ? undefined : this.#output.write(line);
  }

  /** The line of standard output for an event, if it has one. */
  #lineFor(event: ServerEvent): string | undefined {
    // Own messages are left out: most dialects do not echo them (D5), so scripts see the same in
    // all.
    if (event.type === "message" && event.from !== this.#own) {
      return describeEvent(event, this.#texts.events);
    }
    // One line per event: a second line could be taken for another message.
    if (event.type !== "notice" || !this.#capabilities.typedCommands) return undefined;
    return visible(event.text);
  }

  /** Everything that is no message goes to standard error. */
  #printNotice(event: ServerEvent): void {
    switch (event.type) {
      case "message":
      case "ack":
      case "pong":
      case "closed": // printed with the end, where it matters
        return;
      case "notice":
        if (this.#capabilities.typedCommands) return; // its text is standard output
        return this.#options.printError(event.text);
      default: {
        const text = describeEvent(event, this.#texts.events);
        if (text !== "") this.#options.printError(text); // empty for an event type of a later version
      }
    }
  }

  #onOutputFailure(error: unknown): void {
    // A reader that stops reading, such as `head -1`, is no failure.
    if (error instanceof Deno.errors.BrokenPipe) this.#readerGone = true;
    else {
      this.#failed = true;
      const reason = errorText(error);
      this.#options.printError(this.#texts.client.cannotWriteOutput(reason));
    }
    this.#conversation.close();
  }

  #refuse(number: number, why: string): void {
    this.#failed = true;
    this.#options.printError(this.#texts.client.inputLine(number, why));
  }

  #exitCode(outcome: ConnectionOutcome): number {
    if (outcome.kind === "ended") this.#judgeEnd(outcome.end, outcome.stopAnnounced);
    else this.#failed = true;
    if (outcome.kind === "unreachable") this.#options.printError(outcome.error);
    if (outcome.kind === "no_welcome") this.#options.printError(this.#texts.client.noWelcome);
    const { count } = this.#conversation.pending;
    if (count > 0) this.#failed = true;
    if (count > 0 && !this.#readerGone) {
      this.#options.printError(this.#texts.client.unconfirmed(count));
    }
    return this.#failed ? 1 : 0;
  }

  #judgeEnd(end: ConnectionEnd, stopAnnounced: boolean): void {
    const leaving = this.#state === "input_sent" && !this.#options.stay;
    // After all input was sent, EOF is the usual end in dialects without a goodbye. A lost
    // connection is a good end only if the server has acknowledged everything.
    const isEnough = end.kind === "eof" || (end.kind === "lost" && this.#capabilities.answers);
    const good = isGoodEnd(end, stopAnnounced) || (leaving && isEnough);
    if (!good) this.#failed = true;
    if (end.kind !== "here" && !(good && leaving)) {
      const text = this.#endText(end);
      const { client } = this.#texts;
      this.#options.printError(this.#conversation.isAway ? client.notBackInTime(text) : text);
    }
  }

  #endText(end: ConnectionEnd): string {
    return endText(end, { address: this.#options.address, again: "" }, this.#texts.client);
  }

  get #tooLong(): string {
    return this.#texts.refusals.messageTooLong(MAX_MESSAGE_BYTES);
  }

  /** Whether the server confirms messages, by answers or receipts. */
  get #isConfirming(): boolean {
    return this.#capabilities.answers || this.#options.dialect.confirms;
  }

  /**
   * Waits until at most `most` messages are unconfirmed; returns false after closing the connection
   * because no confirmation came.
   */
  async #waitForConfirmations(most: number): Promise<boolean> {
    const mayTakeLong = this.#capabilities.answers || this.#options.stay;
    const quietMs = mayTakeLong ? Infinity : this.#timeouts.confirmMs;
    if (await this.#conversation.pending.waitForFewerThan(most + 1, quietMs)) return true;
    this.#conversation.close(); // it is unknown what arrived, so nothing more is sent
    return false;
  }
}
