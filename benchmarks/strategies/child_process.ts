// One process that the benchmark has started: its lines, its end. Disposing it kills it, and nothing
// else; it must not know what runs in it.

import { TextLineStream } from "@std/streams";

/** How a process is started. */
export interface Launch {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it from outside. */
  readonly signal?: AbortSignal;
}

/** A process of this same Deno. */
export class ChildProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #ended: Promise<void>;
  #running = true;

  constructor({ args, env = {}, signal }: Launch) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      env,
      ...signal && { signal },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
    this.#ended = this.#child.status.then(() => {
      this.#running = false;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** The next line of its standard output; fails when it ends without one. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.read();
    if (done) throw new Error(`Process ended too early: "${this.#child.pid}"`);
    return value;
  }

  /** Writes one line to its standard input. */
  tell(line: string): Promise<void> {
    return this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) Deno.kill(this.pid, "SIGKILL");
    await this.#ended;
    await this.#input.close().catch(() => {}); // it has read what it wanted
    await this.#lines.cancel();
  }
}
