// The process's own seat in a dialogue by turns: its terminal, or its standard streams.

import { LinePrompt } from "../client/line_prompt.ts";
import { PipeTurnIO } from "../turns/pipe_turn_io.ts";
import type { TurnIO } from "../turns/turn_io.ts";
import { TerminalTurnIO } from "../turns/terminal_turn_io.ts";
import { Prompt } from "../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../terminal/style.ts";
import { systemTerminal } from "../terminal/system_terminal.ts";
import { print } from "./print.ts";

/** Makes it; nothing is read before its `start()`. */
export function systemTurnIO({ noColor }: { readonly noColor: true | undefined }): TurnIO {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    const complain = (line: string) => print(Deno.stderr, line);
    return new PipeTurnIO({ stdin: Deno.stdin, stdout: Deno.stdout, printError: complain });
  }
  const io = systemTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  return new TerminalTurnIO(
    isDumb ? new LinePrompt(io) : new Prompt({ io, prompt: "" }),
    terminalStyle({ enabled: !noColor && wantsColour(Deno.env, true) }),
  );
}
