// Two-person mode's input and output on this process: its terminal, or its standard streams.

import { LinePrompt } from "../client/line_prompt.ts";
import { PipeTurnIO } from "../turns/pipe_turn_io.ts";
import type { TurnIO } from "../turns/turn_io.ts";
import { TerminalTurnIO } from "../turns/terminal_turn_io.ts";
import { Prompt } from "../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../terminal/style.ts";
import { systemTerminal } from "../terminal/system_terminal.ts";
import type { Texts } from "../texts/texts.ts";
import { print } from "./print.ts";

/**
 * Makes the input and output; reads nothing before `start()`. `outputClosed` is aborted once no program
 * reads standard output any more.
 */
export function systemTurnIO(
  { noColor }: { readonly noColor: true | undefined },
  texts: Texts,
  outputClosed?: AbortSignal,
): TurnIO {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    const printError = (line: string) => print(Deno.stderr, line);
    const { stdin, stdout } = Deno;
    return new PipeTurnIO({ texts, stdin, stdout, outputClosed, printError });
  }
  const io = systemTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  return new TerminalTurnIO(
    isDumb
      ? new LinePrompt(io, texts.client)
      : new Prompt({ io, prompt: "", andMore: texts.events.andMore }),
    terminalStyle({ enabled: !noColor && wantsColour(Deno.env, true) }),
    texts.turns,
  );
}
