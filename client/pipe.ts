// A chat in a pipe, for scripts: lines of standard input are messages, messages come out as lines.
// A line goes out as it is, unless parseText() finds a recipient in it. It knows no terminal; the
// streams are handed in.

import type { ServerEvent } from "../protocol/events.ts";
import { decodeLine } from "../protocol/framing.ts";
import { MAX_MESSAGE_BYTES, MAX_TEXT_LINE_BYTES, NATIVE_VERSION } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { describe } from "../protocol/words.ts";
import { type Abilities, abilitiesOf, unsupportedText } from "./abilities.ts";
import { connectedText } from "./dial.ts";
import { endText, isGoodEnd, NO_WELCOME } from "./ending.ts";
import { nameProblem, parseText } from "./input.ts";
import { type InputLine, InputLines } from "./input_lines.ts";
import { LineOutput } from "./line_output.ts";
import { Link, type LinkEnd } from "./link.ts";
import { PATIENCE, type Patience, type PipeOptions } from "./pipe_options.ts";
import { Unconfirmed } from "./unconfirmed.ts";

/** Messages on their way at once; above it the input waits, so a slow server costs no memory. */
const MAX_UNCONFIRMED = 256;
/** The same for servers that acknowledge nothing, in bytes. */
const MAX_QUEUED_BYTES = 64 * 1024;
const READ_BYTES = 64 * 1024;
const INTERRUPTED = 130;

/** Runs until the input is said and done, the server closes or `stop`; answers the exit code. */
export async function runPipe(options: PipeOptions): Promise<number> {
  const problem = options.name === undefined ? undefined : nameProblem(options.name);
  if (problem !== undefined) {
    options.complain(problem);
    return 1;
  }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  options.stop?.addEventListener("abort", () => stop(undefined), { once: true });
  const dialled = await Promise.race([options.dial(), stopped]);
  if (dialled === undefined) return INTERRUPTED;
  if (!dialled.ok) {
    options.complain(dialled.error);
    return 1;
  }
  options.complain(connectedText(options.address));
  return await new Pipe(options, new Link(dialled.wire, options.dialect)).run();
}

class Pipe {
  readonly #options: PipeOptions;
  readonly #patience: Patience;
  readonly #link: Link;
  readonly #abilities: Abilities;
  readonly #output: LineOutput;
  /** The name of what is not shown, for it is one's own. */
  #own: string | undefined;
  #state: "joining" | "open" | "said" | "ended" = "joining";
  #stopAnnounced = false;
  /** Nobody reads standard output any more. */
  #readerGone = false;
  #failed = false;
  #lineNumber = 0;
  readonly #unconfirmed = new Unconfirmed();
  #changed = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PipeOptions, link: Link) {
    this.#options = options;
    this.#patience = options.patience ?? PATIENCE;
    this.#link = link;
    this.#abilities = abilitiesOf(options.dialect);
    this.#output = new LineOutput(options.stdout, (error) => this.#onOutputFailure(error));
    // Where one's own words come back (D5), they come under the name asked for.
    if (options.dialect.echo) this.#own = options.name;
  }

  async run(): Promise<number> {
    const { name } = this.#options;
    this.#link.send({
      verb: "hello",
      version: NATIVE_VERSION,
      ...(name === undefined ? {} : { name }),
    });
    if (!this.#abilities.answers) this.#state = "open";
    else this.#timer = setTimeout(() => this.#giveUp(), this.#patience.welcomeMs);
    const over = Promise.withResolvers<LinkEnd>();
    this.#link.run((event) => this.#onEvent(event)).then(over.resolve, over.reject);
    this.#pumpInput().catch(over.reject);
    const { stop } = this.#options;
    const onStop = (): void => this.#leave(() => over.resolve({ kind: "here" }));
    stop?.addEventListener("abort", onStop);
    try {
      const end = await over.promise;
      if (stop?.aborted) return INTERRUPTED;
      await this.#output.drained();
      return this.#exitCode(end);
    } finally {
      stop?.removeEventListener("abort", onStop);
      this.#link.close();
      clearTimeout(this.#timer);
      this.#state = "ended";
      this.#change();
      this.#unconfirmed.giveUp();
    }
  }

  async #pumpInput(): Promise<void> {
    await this.#until(() => this.#state !== "joining");
    const lines = new InputLines(MAX_TEXT_LINE_BYTES);
    const buffer = new Uint8Array(READ_BYTES);
    while (this.#state === "open") {
      const count = await this.#options.stdin.read(buffer);
      const ready = count === null ? lines.end() : lines.feed(buffer.subarray(0, count));
      for (const line of ready) await this.#say(line);
      if (count === null) break;
    }
    if (!(await this.#confirmed(0)) || this.#state !== "open") return;
    this.#state = "said";
    if (!this.#options.stay) await this.#sayGoodbye();
  }

  /** Leaves at once; `giveUp` when something holds that up, a sleeping reader of our output above all. */
  #leave(giveUp: () => void): void {
    clearTimeout(this.#timer);
    this.#state = "said";
    if (this.#abilities.goodbye) this.#link.send({ verb: "bye" });
    this.#timer = setTimeout(giveUp, this.#patience.goodbyeMs);
    void this.#link.closeWrite();
  }

  async #sayGoodbye(): Promise<void> {
    if (this.#abilities.goodbye) this.#link.send({ verb: "bye" });
    await this.#link.closeWrite();
    if (this.#state === "said") {
      this.#timer = setTimeout(() => this.#link.close(), this.#patience.goodbyeMs);
    }
  }

  async #say(line: InputLine): Promise<void> {
    const number = ++this.#lineNumber;
    if (line === "too_long") return this.#refuse(number, TOO_LONG);
    // Told rather than mangled: a script can mend its encoding.
    const text = decodeLine(line, "strict");
    if (typeof text !== "string") return this.#refuse(number, text.message);
    if (text.trim() === "" && !this.#abilities.typedCommands) return;
    if (!(await this.#confirmed(MAX_UNCONFIRMED - 1)) || this.#state !== "open") return;
    const request = this.#requestFor(text);
    const sent = this.#link.send(this.#abilities.answers ? { ...request, ref: number } : request);
    if (sent === "too_long") return this.#refuse(number, TOO_LONG);
    if (sent === "unsupported") {
      return this.#refuse(number, unsupportedText(request, this.#options.dialect.name));
    }
    if (this.#isConfirming) this.#unconfirmed.add(number);
    else if (this.#link.queuedBytes > MAX_QUEUED_BYTES) await this.#link.drained();
  }

  #requestFor(text: string): Request {
    if (this.#abilities.typedCommands) return { verb: "line", text };
    return parseText(text);
  }

  #onEvent(event: ServerEvent): Promise<void> | undefined {
    if (event.type === "shutdown") this.#stopAnnounced = event.in !== null;
    if (event.type === "welcome") {
      clearTimeout(this.#timer);
      this.#state = "open";
    }
    if (tellsOwnName(event)) this.#own = event.name;
    if (event.type === "ack" && event.ref !== undefined) this.#unconfirmed.take(event.ref);
    if (event.type === "notice" && event.receipt === true) this.#unconfirmed.takeOldest();
    if (event.type === "error") this.#onError(event);
    else if (!this.#options.json) this.#tell(event);
    this.#change();
    const line = this.#options.json ? JSON.stringify(event) : this.#lineFor(event);
    return line === undefined ? undefined : this.#output.write(line);
  }

  #onError({ ref, message }: ServerEvent & { type: "error" }): void {
    const number = ref === undefined ? undefined : this.#unconfirmed.take(ref);
    if (number !== undefined) return this.#refuse(number, message);
    this.#options.complain(message);
    // Where servers send no errors it is ours: what comes cannot be read any more.
    if (this.#state !== "joining" && this.#abilities.answers) return;
    this.#failed = true; // a name that is taken, above all: a script has no other one to offer
    this.#unconfirmed.forget();
    this.#link.close();
  }

  /** The line of standard output for an event, if it has one. */
  #lineFor(event: ServerEvent): string | undefined {
    // Not one's own words: most dialects do not send them back (D5), so a script need not care.
    if (event.type === "message" && event.from !== this.#own) return describe(event);
    return event.type === "notice" && this.#abilities.typedCommands ? event.text : undefined;
  }

  /** What is no message goes to standard error. */
  #tell(event: ServerEvent): void {
    switch (event.type) {
      case "message":
      case "ack":
      case "pong":
      case "closed": // told with the end, where it matters
        return;
      case "notice":
        if (this.#abilities.typedCommands) return; // all that such a server says
        return this.#options.complain(event.text);
      default: {
        const words = describe(event);
        if (words !== "") this.#options.complain(words); // else a type of a later version
      }
    }
  }

  #onOutputFailure(error: unknown): void {
    // Whoever stops reading has what he wants: `head -1` is no failure.
    if (error instanceof Deno.errors.BrokenPipe) this.#readerGone = true;
    else {
      this.#failed = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.complain(`Cannot write to standard output: ${reason}`);
    }
    this.#link.close();
  }

  #refuse(number: number, why: string): void {
    this.#failed = true;
    this.#options.complain(`Line ${number}: ${why}`);
  }

  #giveUp(): void {
    this.#failed = true;
    this.#options.complain(NO_WELCOME);
    this.#link.close();
  }

  #exitCode(end: LinkEnd): number {
    const leaving = this.#state === "said" && !this.#options.stay;
    // Where all is said, a server that knows no goodbye just ends; a broken connection is no such end.
    const good = isGoodEnd(end, this.#stopAnnounced) || (leaving && end.kind === "eof");
    if (!good) this.#failed = true;
    if (end.kind !== "here" && !(good && leaving)) {
      this.#options.complain(endText(end, this.#options.address, ""));
    }
    const { count } = this.#unconfirmed;
    if (count > 0) this.#failed = true;
    if (count > 0 && !this.#readerGone) {
      this.#options.complain(`Not confirmed by the server: ${count} of the messages`);
    }
    return this.#failed ? 1 : 0;
  }

  /** Whether messages are confirmed, each in its own way. */
  get #isConfirming(): boolean {
    return this.#abilities.answers || this.#options.dialect.confirms;
  }

  /** Waits until no more than `most` messages are unconfirmed; false when it is in vain. */
  async #confirmed(most: number): Promise<boolean> {
    const patient = this.#abilities.answers || this.#options.stay;
    const quietMs = patient ? Infinity : this.#patience.confirmMs;
    if (await this.#unconfirmed.fewerThan(most + 1, quietMs)) return true;
    this.#link.close(); // nobody knows what arrived: no more is said
    return false;
  }

  /** Waits until `holds`, or until the link has ended. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && this.#state !== "ended") await this.#changed.promise;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function tellsOwnName(event: ServerEvent): event is ServerEvent & { readonly name: string } {
  return event.type === "welcome" || event.type === "you" ||
    (event.type === "renamed" && event.you === true);
}

const TOO_LONG = `Not sent: at most ${MAX_MESSAGE_BYTES} bytes a message`;
