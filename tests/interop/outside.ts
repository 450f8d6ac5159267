// Outside programs with pipes: what is typed goes in line by line, what they print comes out.

import { LineQueue } from "../line_queue.ts";

/** A running program that is not ours. */
export interface Outside extends AsyncDisposable {
  readonly stdout: LineQueue;
  readonly exited: Promise<Deno.CommandStatus>;
  /** Types text, which is sent as it is. */
  type(text: string): Promise<void>;
  /** Ends its input. */
  endInput(): Promise<void>;
}

/** Starts a program of Debian's. */
export function startOutside(command: string, args: readonly string[]): Outside {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdout = new LineQueue();
  const pump = stdout.pump(child.stdout);
  const stdin = child.stdin.getWriter();
  let running = true;
  const exited = child.status.then((status) => {
    running = false;
    return status;
  });
  return {
    stdout,
    exited,
    type: (text) => stdin.write(new TextEncoder().encode(text)),
    endInput: () => stdin.close(),
    async [Symbol.asyncDispose]() {
      if (running) Deno.kill(child.pid, "SIGKILL");
      await exited;
      await stdin.close().catch(() => {});
      await pump;
    },
  };
}
