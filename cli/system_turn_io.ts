// The process's own seat in a dialogue by turns: its terminal, or its standard streams.

import { LinePrompt } from "../client/line_prompt.ts";
import { PipeSeat } from "../turns/pipe_turn_io.ts";
import type { Seat } from "../turns/turn_io.ts";
import { TerminalSeat } from "../turns/terminal_turn_io.ts";
import { Prompt } from "../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../terminal/style.ts";
import { systemTerminal } from "../terminal/system_terminal.ts";
import { print } from "./print.ts";

/** Makes it; nothing is read before its `start()`. */
export function systemSeat({ noColor }: { readonly noColor: true | undefined }): Seat {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    const complain = (line: string) => print(Deno.stderr, line);
    return new PipeSeat({ stdin: Deno.stdin, stdout: Deno.stdout, complain });
  }
  const io = systemTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  return new TerminalSeat(
    isDumb ? new LinePrompt(io) : new Prompt({ io, prompt: "" }),
    terminalStyle({ enabled: !noColor && wantsColour(Deno.env, true) }),
  );
}
