// The real client in a pipe: fed with numbered lines, killed without warning, and what it printed until
// then goes into the ledger.

import { numberedText, numberIn, type ReaderRecord, type TortureLedger } from "./torture_ledger.ts";
import type { ProgramCommand } from "./killed_server.ts";

/** What makes such a client. */
export interface PipeClientOptions {
  readonly program: ProgramCommand;
  readonly port: number;
  readonly name: string;
  readonly ledger: TortureLedger;
}

const ENCODER = new TextEncoder();

/** One run of `minichat connect --json`. */
export class PipeClient {
  readonly #options: PipeClientOptions;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #printed: Promise<void>;
  readonly #welcomed = Promise.withResolvers<void>();
  #reader: ReaderRecord | undefined;
  #said = 0;
  #answered = 0;
  #hasEnded = false;

  constructor(options: PipeClientOptions) {
    this.#options = options;
    const { program: [command, ...args], port, name } = options;
    const flags = ["connect", "127.0.0.1", `${port}`, name, "--json", "--stay"];
    this.#child = new Deno.Command(command, {
      args: [...args, ...flags],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#printed = this.#read().then(() => {
      this.#hasEnded = true;
    });
  }

  /** Whether it ended by itself: a client in a pipe goes when the server says that it stops. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves once it is in, or has ended. */
  get welcomed(): Promise<void> {
    return Promise.race([this.#welcomed.promise, this.#printed]);
  }

  /** What it was given to say and got no answer to yet. */
  get unanswered(): number {
    return this.#said - this.#answered;
  }

  /** The number of the last message it printed. */
  get lastSeen(): number {
    return this.#reader?.shown.at(-1)?.seq ?? this.#reader?.owedAfter ?? 0;
  }

  /** Gives it the next line to say. */
  say(): void {
    const text = numberedText(this.#options.name, ++this.#said);
    this.#options.ledger.said++;
    this.#stdin.write(ENCODER.encode(`${text}\n`)).catch(() => {}); // it was killed
  }

  /** Kills it. It is owed nothing behind what it had printed. */
  async kill(): Promise<void> {
    try {
      Deno.kill(this.#child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#printed;
    await this.#stdin.close().catch(() => {});
    if (this.#reader) this.#reader.owedUpTo = this.lastSeen;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? ""; // a line that a kill cut off was not shown
      for (const line of lines) this.#hear(JSON.parse(line));
    }
  }

  // deno-lint-ignore no-explicit-any -- whatever the program prints
  #hear(event: any): void {
    const { ledger, name } = this.#options;
    if (event.type === "welcome") {
      this.#reader ??= ledger.reader(name, event.seq);
      this.#welcomed.resolve();
    } else if (event.type === "message" && !event.replay) {
      this.#reader?.shown.push(event);
      const number = event.from === name ? numberIn(event) : undefined;
      if (number !== undefined) this.#answered = Math.max(this.#answered, number);
    } else if (event.type === "gap") {
      this.#reader?.gaps.push(event);
    }
  }
}
