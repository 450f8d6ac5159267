// One process that the benchmark has started: its lines, its end. Disposing it kills it, and nothing
// else; it must not know what runs in it.

/** How a process is started. */
export interface Launch {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it from outside. */
  readonly signal?: AbortSignal;
}

/** A process of this same Deno. */
export class Child implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #ended: Promise<void>;
  #running = true;
  #unread = "";

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
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
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
    while (!this.#unread.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`Process ended too early: "${this.#child.pid}"`);
      this.#unread += value;
    }
    const end = this.#unread.indexOf("\n");
    const line = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end + 1);
    return line;
  }

  /** Writes one line to its standard input. */
  tell(line: string): Promise<void> {
    return this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) Deno.kill(this.pid, "SIGKILL");
    await this.#ended;
    await this.#input.close().catch(() => {}); // it has read what it wanted
    await this.#output.cancel();
  }
}
