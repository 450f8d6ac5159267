// Outside programs with pipes: what is typed goes in line by line, what they print comes out. Each has
// a process group of its own, so that what it forks ends with it.

import { LineQueue } from "../line_queue.ts";

/** A running program that is not ours. */
export interface OutsideProgram extends AsyncDisposable {
  readonly stdout: LineQueue;
  readonly exited: Promise<Deno.CommandStatus>;
  /** Types text, which is sent as it is. */
  type(text: string): Promise<void>;
  /** Ends its input. */
  endInput(): Promise<void>;
  /** Sends a signal to it and what it forked, as CTRL-C on a terminal does. */
  kill(signal: Deno.Signal): void;
}

/** Starts a program of Debian's, or one of witnesses/. */
export function startOutside(command: string, args: readonly string[]): OutsideProgram {
  const child = new Deno.Command("setsid", {
    args: [command, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdout = new LineQueue();
  const pump = stdout.pump(child.stdout);
  const stdin = child.stdin.getWriter();
  const kill = (signal: Deno.Signal): void => {
    try {
      Deno.kill(-child.pid, signal);
    } catch {
      // all of it has ended
    }
  };
  return {
    stdout,
    exited: child.status,
    type: (text) => stdin.write(new TextEncoder().encode(text)),
    endInput: () => stdin.close(),
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await child.status;
      await stdin.close().catch(() => {});
      await pump;
    },
  };
}
