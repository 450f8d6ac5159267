// A child process that reads commands and writes answers line by line. Disposing it kills it.

import { TextLineStream } from "@std/streams";
import type { Processes, SpawnCommand } from "../child_processes.ts";

/** One child process. */
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

  /** The next line of its standard output; fails if the output ends without one. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.read();
    if (done) throw new Error(`Process ended too early: "${this.#child.pid}"`);
    return value;
  }

  /** Writes one line to its standard input. */
  send(line: string): Promise<void> {
    return this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) Deno.kill(this.pid, "SIGKILL");
    await this.#ended;
    await this.#input.close().catch(() => {}); // it has closed its standard input
    await this.#lines.cancel();
  }
}
