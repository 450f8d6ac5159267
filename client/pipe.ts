// A chat in a pipe, for scripts: each line of standard input is a message, and each message
// received is a line of output.

import type { Capabilities } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { quoted } from "../protocol/failures.ts";
import { decodeLine } from "../protocol/framing.ts";
import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { Alarm } from "../shared/clock.ts";
import { durationText } from "../shared/duration.ts";
import { errorText } from "../shared/errors.ts";
import type { Texts } from "../texts/texts.ts";
import { unsupportedProblem } from "./capabilities.ts";
import { Conversation } from "./conversation.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  Reconnected,
  ReconnectWait,
} from "./conversation_options.ts";
import { connectedText } from "./dial.ts";
import { endText, isGoodEnd, reconnectedText } from "./describe_ending.ts";
import { nameProblem, parseText } from "./parse_input.ts";
import { PipeInput } from "./pipe_input.ts";
import {
  PIPE_RECONNECT,
  PIPE_TIMEOUTS,
  type PipeOptions,
  type PipeTimeouts,
} from "./pipe_options.ts";
import { type LineContext, noticeLine, outputLine } from "./pipe_lines.ts";
import type { InputLine } from "./stdin_lines.ts";
import { LineOutput } from "./line_output.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import { MAX_IN_FLIGHT, type PendingRequest } from "./pending_requests.ts";
import { scriptRefusalText } from "./refusal_codes.ts";
import type { WelcomeEvent } from "./resume_state.ts";

/**
 * Bytes that may be queued for servers that acknowledge nothing, before reading the input pauses.
 */
const MAX_QUEUED_BYTES = 64 * 1024;
const FAILED = 1;
/** `until` was given, and no line matched. */
const UNMATCHED = 3;
const INTERRUPTED = 130;

/** Why the chat ends before its input does. */
type EarlyEnd = "matched" | "output_closed" | "output_failed" | "timeout";

/**
 * Runs until all input is sent, the server closes, a line matches, the time is over or `stop` is
 * aborted; returns the exit code.
 */
export async function runPipe(options: PipeOptions): Promise<number> {
  const problem = options.name === undefined
    ? undefined
    : nameProblem(options.name, options.texts.client);
  if (problem !== undefined) {
    options.printError(problem.error);
    return FAILED;
  }
  return await new Pipe(options).run();
}

class Pipe implements ConversationListener {
  readonly #options: PipeOptions;
  readonly #texts: Texts;
  readonly #timeouts: PipeTimeouts;
  readonly #conversation: Conversation;
  readonly #capabilities: Capabilities;
  readonly #input: PipeInput;
  readonly #output: LineOutput;
  readonly #over = Promise.withResolvers<ConnectionOutcome | "stopped">();
  /** This client's name: messages under it are not printed. */
  #own: string | undefined;
  #state: "joining" | "open" | "input_sent" | "ended" = "joining";
  #connectedBefore = false;
  #earlyEnd: EarlyEnd | undefined;
  #failed = false;
  #lineNumber = 0;
  /** The input line of each message, by its `ref`. */
  readonly #lines = new Map<number, number>();
  #opened = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #timeLimit: Alarm;

  constructor(options: PipeOptions) {
    const { dialect, name, dial, clock, random } = options;
    this.#options = options;
    this.#texts = options.texts;
    this.#timeouts = options.timeouts ?? PIPE_TIMEOUTS;
    this.#capabilities = dialect.capabilities;
    this.#timeLimit = new Alarm(clock);
    this.#input = new PipeInput(options.stdin, clock);
    this.#output = new LineOutput(options.stdout, (error) => this.#onOutputFailure(error));
    this.#conversation = new Conversation({
      ...{ dialect, name, dial, clock, random, secrets: options.secrets ?? {} },
      texts: options.texts.client,
      welcomeMs: this.#timeouts.welcomeMs,
      timeouts: options.reconnectTimeouts ?? PIPE_RECONNECT,
      maxPending: MAX_IN_FLIGHT,
      otherName: options.otherName,
    }, this);
    // Where the server echoes messages (D5), they carry the name asked for.
    if (dialect.echo) this.#own = name;
  }

  async run(): Promise<number> {
    const over = this.#over;
    this.#conversation.run().then(over.resolve, over.reject);
    this.#pumpInput().catch(over.reject);
    const { stop, outputClosed, timeoutMs } = this.#options;
    const onStop = (): void => this.#leave(() => over.resolve("stopped"));
    const onOutputClosed = (): void => this.#endEarly("output_closed");
    stop?.addEventListener("abort", onStop);
    outputClosed?.addEventListener("abort", onOutputClosed);
    if (timeoutMs !== undefined) this.#timeLimit.set(timeoutMs, () => this.#endEarly("timeout"));
    try {
      const outcome = await over.promise;
      if (stop?.aborted) return INTERRUPTED;
      if (outcome !== "stopped") await this.#output.drained();
      return this.#exitCode(outcome);
    } finally {
      stop?.removeEventListener("abort", onStop);
      outputClosed?.removeEventListener("abort", onOutputClosed);
      this.#timeLimit.cancel();
      this.#conversation.close();
      clearTimeout(this.#timer);
      this.#state = "ended";
      this.#opened.resolve();
      this.#input.finish();
      this.#conversation.pending.cancelWaits();
    }
  }

  onConnected(): void {
    if (!this.#connectedBefore) {
      this.#notify(connectedText(this.#options.address, this.#texts.client));
      for (const finding of this.#options.findings ?? []) this.#notify(finding);
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
    if (event.type === "notice" && event.fromClient) {
      return void this.#options.printError(event.text);
    }
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
    this.#notify(this.#texts.client.reconnecting(end, atMost));
  }

  onAttempt(): void {}

  #open(): void {
    if (this.#state === "joining") this.#state = "open";
    this.#opened.resolve();
  }

  #onReconnected(event: WelcomeEvent, back: Reconnected): void {
    this.#notify(reconnectedText(event, back, this.#texts.client));
    for (const kept of back.doubtful) {
      this.#refuse(this.#takeLine(kept), this.#texts.client.unknownIfSent);
    }
  }

  async #pumpInput(): Promise<void> {
    await this.#opened.promise;
    while (this.#state === "open") {
      const { lines, end } = await this.#input.read();
      for (const line of lines) await this.#sendLine(line);
      if (end === "cut") this.#onUnsentInput();
      if (end !== "more") break;
    }
    if (!(await this.#waitForConfirmations(0)) || this.#state !== "open") return;
    this.#state = "input_sent";
    if (!this.#stays) await this.#leaveAfterInput();
  }

  /** Whether to stay after the end of the input. */
  get #stays(): boolean {
    const { stay, until } = this.#options;
    return (stay || until !== undefined) && this.#earlyEnd === undefined;
  }

  /** Some of the input was not read or not sent. */
  #onUnsentInput(): void {
    const { outputIsClosed, timeIsOver } = this.#texts.client;
    if (this.#earlyEnd === "matched" || this.#state !== "open") return;
    const why = this.#earlyEnd === "timeout" ? timeIsOver : outputIsClosed;
    this.#refuse(this.#lineNumber + 1, why);
  }

  /** Sends what was read, then leaves; leaves without that if it takes too long. */
  #endEarly(why: EarlyEnd): void {
    if (this.#earlyEnd !== undefined) return;
    this.#earlyEnd = why;
    this.#input.finish();
    if (this.#state === "input_sent") return void this.#leaveAfterInput();
    const giveUp = (): void => this.#over.resolve("stopped");
    if (this.#state === "joining" && why === "timeout") return giveUp();
    this.#timer = setTimeout(() => {
      if (this.#state === "joining") return giveUp();
      this.#onUnsentInput();
      this.#leave(giveUp);
    }, this.#timeouts.goodbyeMs);
  }

  /**
   * Leaves now; `giveUp` is called if that takes too long, for example because standard output is
   * blocked.
   */
  #leave(giveUp: () => void): void {
    this.#state = "input_sent";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(giveUp, this.#timeouts.goodbyeMs);
    void this.#conversation.leave();
  }

  async #leaveAfterInput(): Promise<void> {
    clearTimeout(this.#timer);
    // Standard output may be blocked, which also holds up the goodbye.
    const giveUp = (): void => {
      this.#conversation.close();
      if (this.#earlyEnd !== undefined) this.#over.resolve("stopped");
    };
    await this.#conversation.leave();
    if (this.#state === "input_sent") {
      this.#timer = setTimeout(giveUp, this.#timeouts.goodbyeMs);
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
    const line = this.#options.json ? JSON.stringify(event) : outputLine(event, this.#lineContext);
    if (line === undefined) return undefined;
    const slow = this.#output.write(line);
    this.#match(line);
    return slow;
  }

  get #lineContext(): LineContext {
    const { typedCommands } = this.#capabilities;
    return { own: this.#own, typedCommands, texts: this.#texts.events };
  }

  #printNotice(event: ServerEvent): void {
    const text = noticeLine(event, this.#lineContext);
    if (text !== undefined) this.#notify(text);
  }

  /** Prints a line that is no error on standard error. */
  #notify(line: string): void {
    if (this.#options.quiet) return;
    this.#options.printError(line);
    this.#match(line);
  }

  #match(line: string): void {
    if (this.#options.until?.test(line)) this.#endEarly("matched");
  }

  #onOutputFailure(error: unknown): void {
    // A reader that stops reading, such as `head -1`, is no failure.
    if (error instanceof Deno.errors.BrokenPipe) return this.#endEarly("output_closed");
    this.#failed = true;
    this.#options.printError(this.#texts.client.cannotWriteOutput(errorText(error)));
    this.#endEarly("output_failed");
  }

  #refuse(number: number, why: string): void {
    this.#failed = true;
    this.#options.printError(this.#texts.client.inputLine(number, why));
  }

  #exitCode(outcome: ConnectionOutcome | "stopped"): number {
    const { client } = this.#texts;
    if (outcome !== "stopped") this.#judge(outcome);
    else if (this.#state === "joining") this.#onError(client.notJoined, undefined);
    const { count } = this.#conversation.pending;
    if (count > 0) {
      this.#failed = true;
      this.#options.printError(client.unconfirmed(count));
    }
    if (this.#failed) return FAILED;
    if (this.#options.until === undefined || this.#earlyEnd === "matched") return 0;
    this.#options.printError(client.noLineMatched(quoted(this.#options.until.source)));
    return UNMATCHED;
  }

  #judge(outcome: ConnectionOutcome): void {
    if (outcome.kind === "ended") return this.#judgeEnd(outcome.end, outcome.stopAnnounced);
    this.#failed = true;
    if (outcome.kind === "unreachable") this.#options.printError(outcome.error);
    if (outcome.kind === "no_welcome") this.#options.printError(this.#texts.client.noWelcome);
  }

  #judgeEnd(end: ConnectionEnd, stopAnnounced: boolean): void {
    const leaving = this.#state === "input_sent" && !this.#stays;
    // After all input was sent, EOF is the usual end in dialects without a goodbye. A lost
    // connection is a good end only if the server has acknowledged everything.
    const isEnough = end.kind === "eof" || (end.kind === "lost" && this.#capabilities.answers);
    const good = isGoodEnd(end, stopAnnounced) || (leaving && isEnough);
    if (!good) this.#failed = true;
    if (end.kind === "here" || (good && leaving)) return;
    const text = this.#endText(end);
    if (good) this.#notify(text);
    else {
      const { notBackInTime } = this.#texts.client;
      this.#options.printError(this.#conversation.isAway ? notBackInTime(text) : text);
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
    const mayTakeLong = this.#capabilities.answers || this.#stays;
    const quietMs = mayTakeLong ? Infinity : this.#timeouts.confirmMs;
    if (await this.#conversation.pending.waitForFewerThan(most + 1, quietMs)) return true;
    this.#conversation.close(); // it is unknown what arrived, so nothing more is sent
    return false;
  }
}
