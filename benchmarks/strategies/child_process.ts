// One process that the benchmark has started: its lines, its end. Disposing it kills it, and nothing
// else; it must not know what runs in it.

import { TextLineStream } from "@std/streams";
import type { Processes, SpawnCommand } from "../child_processes.ts";

/** A process that reads commands line by line and writes answers the same way. */
export class ChildProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #ended: Promise<void>;
  #running = true;

  constructor(processes: Processes, command: SpawnCommand) {
    const streams = { stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
    this.#child = processes.spawn(command, streams);
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
