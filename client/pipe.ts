// A chat in a pipe, for scripts: lines of standard input are messages, messages come out as lines.
// A line goes out as it is, unless parseText() finds a recipient in it. It knows no terminal; the
// streams are handed in.

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

/** What makes a chat in a pipe. */
export interface PipeOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  readonly texts: Texts;
  /** The name to join with; without one the server gives its default name (R58). */
  readonly name?: string;
  /** Prints every event as one line of JSON instead of messages as `name: text`. */
  readonly json: boolean;
  /** What lets this client in, where that is asked for. */
  readonly secrets?: SessionSecrets;
  /** Goes on after the input ended, until the server closes. */
  readonly stay: boolean;
  readonly dial: () => Promise<DialResult>;
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { write(bytes: Uint8Array): Promise<number> };
  /** Prints one line on standard error. */
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** Answers from 0 to below 1. */
  readonly random: () => number;
  readonly timeouts?: PipeTimeouts;
  /** How long to try to come back; {@linkcode PIPE_RECONNECT} if not set. */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Asks the client to say goodbye and leave (R66, R67). */
  readonly stop?: AbortSignal;
}

/** How long to wait for a server, in milliseconds. */
export interface PipeTimeouts {
  /** For its welcome, where there is one. */
  readonly welcomeMs: number;
  /** For its close, once everything was said. */
  readonly goodbyeMs: number;
  /** For the next confirmation, where confirmations are not known to come. */
  readonly confirmMs: number;
}

/** Unless told otherwise. */
export const PIPE_TIMEOUTS: PipeTimeouts = {
  welcomeMs: WELCOME_MS,
  goodbyeMs: 2_000,
  confirmMs: 5_000,
};

/** A script waits for a restart; a stop that was announced is an end it can see and act on. */
export const PIPE_RECONNECT: ReconnectTimeouts = { lostMs: 60_000, announcedMs: 0 };

/** What servers that acknowledge nothing may leave unread, in bytes, before the input waits. */
const MAX_QUEUED_BYTES = 64 * 1024;
const READ_BYTES = 64 * 1024;
const INTERRUPTED = 130;

/** Runs until the input is said and done, the server closes or `stop`; answers the exit code. */
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
  /** The name of what is not shown, for it is one's own. */
  #own: string | undefined;
  #state: "joining" | "open" | "input_sent" | "ended" = "joining";
  #connectedBefore = false;
  /** Nobody reads standard output any more. */
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
    // Where one's own words come back (D5), they come under the name asked for.
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

  /** Leaves at once; `giveUp` when something holds that up, a sleeping reader of our output above all. */
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
    // Told rather than mangled: a script can mend its encoding.
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
    // Where servers send no errors it is ours: what comes cannot be read any more.
    if (this.#state !== "joining" && this.#capabilities.answers) return;
    this.#failed = true; // a name that is taken, above all: a script has no other one to offer
    this.#conversation.pending.clear();
    this.#conversation.close();
  }

  #print(event: ServerEvent): Promise<void> | undefined {
    const line = this.#options.json ? JSON.stringify(event) : this.#lineFor(event);
    return line === undefined ? undefined : this.#output.write(line);
  }

  /** The line of standard output for an event, if it has one. */
  #lineFor(event: ServerEvent): string | undefined {
    // Not one's own words: most dialects do not send them back (D5), so a script need not care.
    if (event.type === "message" && event.from !== this.#own) {
      return describeEvent(event, this.#texts.events);
    }
    // One event, one line: a second one could pass for what somebody said.
    if (event.type !== "notice" || !this.#capabilities.typedCommands) return undefined;
    return visible(event.text);
  }

  /** What is no message goes to standard error. */
  #printNotice(event: ServerEvent): void {
    switch (event.type) {
      case "message":
      case "ack":
      case "pong":
      case "closed": // told with the end, where it matters
        return;
      case "notice":
        if (this.#capabilities.typedCommands) return; // all that such a server says
        return this.#options.printError(event.text);
      default: {
        const text = describeEvent(event, this.#texts.events);
        if (text !== "") this.#options.printError(text); // else a type of a later version
      }
    }
  }

  #onOutputFailure(error: unknown): void {
    // Whoever stops reading has what he wants: `head -1` is no failure.
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
    // Where all is said, a server that knows no goodbye just ends; a broken connection is no such end,
    // unless all was acknowledged before.
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

  /** Whether messages are confirmed, each in its own way. */
  get #isConfirming(): boolean {
    return this.#capabilities.answers || this.#options.dialect.confirms;
  }

  /** Waits until no more than `most` messages are unconfirmed; false when it is in vain. */
  async #waitForConfirmations(most: number): Promise<boolean> {
    const mayTakeLong = this.#capabilities.answers || this.#options.stay;
    const quietMs = mayTakeLong ? Infinity : this.#timeouts.confirmMs;
    if (await this.#conversation.pending.waitForFewerThan(most + 1, quietMs)) return true;
    this.#conversation.close(); // nobody knows what arrived: no more is said
    return false;
  }
}
