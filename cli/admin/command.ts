// The verb `minichat admin`: finds the server, sends it one command and prints the reply. The
// server renders lists and counters, so that a command loads few modules and no packages.

import { type CommandResult, sendCommand } from "../../admin/admin_client.ts";
import type { Prepared, Reply } from "../../admin/command_row.ts";
import { prepare, SHELL_PREFIX } from "../../admin/command_table.ts";
import {
  controlDirectory,
  type ControlSocket,
  findControlSockets,
  type PathEnvironment,
} from "../../admin/control_path.ts";
import type { StartTimer } from "../../admin/control_dial.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import type { OrderOutcome } from "../../server/control.ts";
import { writeAllSync } from "../../shared/write_all.ts";
import { operator } from "../../texts/en/operator.ts";
import type { OperatorTexts, RefusalTexts } from "../../texts/texts.ts";
import {
  type AdminArguments,
  adminHelp,
  misuse,
  parseAdminArguments,
  wantsJson,
} from "./options.ts";

/** Exit codes, the same for every verb. */
const EXIT = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

/** The verb's access to the system; `out` and `err` take text without its last newline. */
export interface AdminSystem {
  readonly env: PathEnvironment;
  out(text: string): void;
  err(text: string): void;
  /** Calls `listener` at Ctrl-C until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  readonly after: StartTimer;
  readonly texts: OperatorTexts;
  readonly loadRefusals: () => Promise<RefusalTexts>;
}

/** Runs `minichat admin` with the arguments after those two words; returns the exit code. */
export async function runAdmin(
  args: readonly string[],
  system: AdminSystem = realSystem(),
): Promise<number> {
  try {
    return await new AdminRun(args, system).run();
  } catch (error) {
    // The reader of the output has closed: `minichat admin tail | head`.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
    if (error instanceof UnwritableError) {
      system.err(`minichat admin: ${system.texts.cannotWrite(error.message)}`);
      return EXIT.failed;
    }
    throw error;
  }
}

class AdminRun {
  readonly #args: readonly string[];
  readonly #system: AdminSystem;
  readonly #texts: OperatorTexts;
  readonly #json: boolean;

  constructor(args: readonly string[], system: AdminSystem) {
    this.#args = args;
    this.#system = system;
    this.#texts = system.texts;
    this.#json = wantsJson(args);
  }

  async run(): Promise<number> {
    const parsed = parseAdminArguments(this.#args, this.#texts);
    if (!parsed.ok) return this.#misused(parsed.error);
    const { help, command, args } = parsed.input;
    if (help) {
      this.#system.out(adminHelp(this.#texts, command));
      return EXIT.done;
    }
    if (command === undefined) return this.#missingCommand();
    const prepared = prepare(command, args, this.#texts);
    if (prepared.kind === "refused") return this.#misused(prepared.reply.error, command);
    if (prepared.kind === "local") return this.#show(prepared.run(SHELL_PREFIX), command);
    const socket = await this.#findSocket(parsed.input);
    if (!socket.ok) return this.#fail(socket.error);
    const result = await this.#send(socket.value, { command, args }, prepared.kind);
    return this.#finish(result, parsed.input, command);
  }

  async #findSocket(choice: AdminArguments): Promise<OrderOutcome<string>> {
    if (choice.socket !== undefined) return { ok: true, value: choice.socket };
    const directory = controlDirectory(this.#system.env);
    const found = await findControlSockets(directory, this.#system.after, this.#texts);
    if (!found.ok) return found;
    return chooseSocket(found.value, choice.port, this.#texts);
  }

  async #send(
    path: string,
    request: { readonly command: string; readonly args: readonly string[] },
    kind: Prepared["kind"],
  ): Promise<CommandResult> {
    const controller = new AbortController();
    const ignoreInterrupts = this.#system.onInterrupt(() => controller.abort());
    try {
      return await sendCommand({
        path,
        request,
        signal: controller.signal,
        after: this.#system.after,
        texts: this.#texts,
        loadRefusals: this.#system.loadRefusals,
        ...kind === "stream" && {
          onEvent: ({ event, text }) => this.#system.out(this.#json ? JSON.stringify(event) : text),
        },
      });
    } finally {
      ignoreInterrupts();
    }
  }

  #finish(result: CommandResult, choice: AdminArguments, command: string): number {
    switch (result.kind) {
      case "reply":
        return this.#show(result.reply, command);
      case "ended":
        return EXIT.done;
      case "interrupted":
        return EXIT.interrupted;
      case "failed":
        return this.#fail(result.error);
      case "absent":
        return this.#fail(
          choice.socket === undefined
            ? this.#texts.noServer
            : this.#texts.noServerAt(quotedPath(choice.socket)),
        );
    }
  }

  #show(reply: Reply, command: string): number {
    if (!reply.ok) {
      return reply.usage ? this.#misused(reply.error, command) : this.#fail(reply.error);
    }
    this.#system.out(this.#json ? JSON.stringify({ ok: true, data: reply.data }) : reply.text);
    return EXIT.done;
  }

  #missingCommand(): number {
    if (this.#json) return this.#misused(this.#texts.missingCommand);
    this.#system.err(adminHelp(this.#texts));
    return EXIT.misused;
  }

  #misused(error: string, command?: string): number {
    this.#complain(error, misuse(error, command, this.#texts));
    return EXIT.misused;
  }

  #fail(error: string): number {
    this.#complain(error, error);
    return EXIT.failed;
  }

  /** `text` is the error message for a person, which may include the usage. */
  #complain(error: string, text: string): void {
    if (this.#json) this.#system.out(JSON.stringify({ ok: false, error }));
    else this.#system.err(`minichat admin: ${text}`);
  }
}

function chooseSocket(
  running: readonly ControlSocket[],
  port: number | undefined,
  texts: OperatorTexts,
): OrderOutcome<string> {
  const [first, second] = running;
  if (first === undefined) return { ok: false, error: texts.noServer };
  if (port !== undefined) {
    const chosen = running.find(({ label }) => label === String(port));
    if (chosen !== undefined) return { ok: true, value: chosen.path };
    return { ok: false, error: texts.noServerOnPort(port, choices(running)) };
  }
  if (second === undefined) return { ok: true, value: first.path };
  return { ok: false, error: texts.severalServers(choices(running)) };
}

/** The flag that selects each of the servers; some have no port. */
function choices(running: readonly ControlSocket[]): string[] {
  return running.map(({ label, path }) =>
    /^\d+$/.test(label) ? `--port ${label}` : `--socket ${quotedPath(path)}`
  );
}

function realSystem(): AdminSystem {
  return {
    env: Deno.env,
    out(text) {
      try {
        writeLine(Deno.stdout, text);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe || !(error instanceof Error)) throw error;
        throw new UnwritableError(error.message);
      }
    },
    err: (text) => writeLine(Deno.stderr, text),
    onInterrupt(listener) {
      Deno.addSignalListener("SIGINT", listener);
      return () => Deno.removeSignalListener("SIGINT", listener);
    },
    after(ms, fire) {
      // The first setTimeout() loads 4 ms of the runtime, a sixth of what a command takes.
      const late = AbortSignal.timeout(ms);
      late.addEventListener("abort", fire);
      return () => late.removeEventListener("abort", fire);
    },
    // Not the whole catalogue, which takes longer to load (tests/cli/startup_test.ts).
    texts: operator,
    loadRefusals: async () => (await import("../../texts/en/refusals.ts")).refusals,
  };
}

/** Standard output cannot be written, for another reason than a closed pipe: a full disk, for example. */
class UnwritableError extends Error {}

/** Unlike print(), fails when the reader has closed: `tail` ends then. */
function writeLine(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text + "\n");
  writeAllSync(stream, bytes);
}
