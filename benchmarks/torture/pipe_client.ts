// The real client in a pipe: sends numbered lines, is killed without warning, and everything it
// printed goes into the ledger.

import { numberedText, numberIn, type ReaderRecord, type TortureLedger } from "./torture_ledger.ts";
import type { ProgramCommand } from "./killed_server.ts";

/** Options of a {@linkcode PipeClient}. */
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
  #sent = 0;
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

  /** Whether it ended by itself: a client in a pipe ends when the server announces its stop. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when it is registered, or has ended. */
  get welcomed(): Promise<void> {
    return Promise.race([this.#welcomed.promise, this.#printed]);
  }

  /** Lines it was given that are not acknowledged. */
  get unanswered(): number {
    return this.#sent - this.#answered;
  }

  /** The number of the last message it printed. */
  get lastSeen(): number {
    return this.#reader?.shown.at(-1)?.seq ?? this.#reader?.owedAfter ?? 0;
  }

  /** Writes the next line to its stdin. */
  say(): void {
    const text = numberedText(this.#options.name, ++this.#sent);
    this.#options.ledger.said++;
    this.#stdin.write(ENCODER.encode(`${text}\n`)).catch(() => {}); // it was killed
  }

  /** Kills it. The ledger expects nothing after what it had printed. */
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
      rest = lines.pop() ?? ""; // a line that a kill cut off does not count as shown
      for (const line of lines) this.#onEvent(JSON.parse(line));
    }
  }

  // deno-lint-ignore no-explicit-any -- any JSON that the program prints
  #onEvent(event: any): void {
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
