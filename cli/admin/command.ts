// The verb `minichat admin`: finds the server, sends it one command and prints what it answers.
// It ends in an exit code; only main.ts exits.

import { type CommandResult, sendCommand } from "../../admin/admin_client.ts";
import type { Prepared, Reply } from "../../admin/command_row.ts";
import { prepare, SHELL_PREFIX } from "../../admin/command_table.ts";
import {
  controlDirectory,
  type ControlSocket,
  findControlSockets,
  type PathEnvironment,
  quotedPath,
} from "../../admin/control_path.ts";
import type { StartTimer } from "../../admin/control_timeout.ts";
import type { OrderOutcome } from "../../server/control.ts";
import { writeAllSync } from "../../shared/write_all.ts";
import {
  type AdminArguments,
  adminHelp,
  misuse,
  parseAdminArguments,
  wantsJson,
} from "./options.ts";

/** Exit codes, the same for every verb. */
const EXIT = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

/** What the verb needs of the system; `out` and `err` take text without its last newline. */
export interface AdminSystem {
  readonly env: PathEnvironment;
  out(text: string): void;
  err(text: string): void;
  /** Calls `listener` at Ctrl-C until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  readonly after: StartTimer;
}

/** Runs `minichat admin` with the arguments behind those two words; answers the exit code. */
export async function runAdmin(
  args: readonly string[],
  system: AdminSystem = realSystem(),
): Promise<number> {
  try {
    return await new AdminRun(args, system).run();
  } catch (error) {
    // Whoever read the output has seen enough: `minichat admin tail | head`.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
    if (error instanceof UnwritableError) {
      system.err(`minichat admin: ${error.message}`);
      return EXIT.failed;
    }
    throw error;
  }
}

class AdminRun {
  readonly #args: readonly string[];
  readonly #system: AdminSystem;
  readonly #json: boolean;

  constructor(args: readonly string[], system: AdminSystem) {
    this.#args = args;
    this.#system = system;
    this.#json = wantsJson(args);
  }

  async run(): Promise<number> {
    const parsed = parseAdminArguments(this.#args);
    if (!parsed.ok) return this.#misused(parsed.error);
    const { help, command, args } = parsed.input;
    if (help) {
      this.#system.out(adminHelp(command));
      return EXIT.done;
    }
    if (command === undefined) return this.#missingCommand();
    const prepared = prepare(command, args);
    if (prepared.kind === "refused") return this.#misused(prepared.reply.error, command);
    if (prepared.kind === "local") return this.#show(prepared.run(SHELL_PREFIX), command);
    const socket = await this.#findSocket(parsed.input);
    if (!socket.ok) return this.#fail(socket.error);
    const asked = await this.#ask(socket.value, { command, args }, prepared.kind);
    return this.#finish(asked, parsed.input, command);
  }

  async #findSocket(choice: AdminArguments): Promise<OrderOutcome<string>> {
    if (choice.socket !== undefined) return { ok: true, value: choice.socket };
    const found = await findControlSockets(controlDirectory(this.#system.env), this.#system.after);
    if (!found.ok) return found;
    return chooseSocket(found.value, choice.port);
  }

  async #ask(
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
        ...kind === "stream" && {
          onEvent: ({ event, text }) => this.#system.out(this.#json ? JSON.stringify(event) : text),
        },
      });
    } finally {
      ignoreInterrupts();
    }
  }

  #finish(asked: CommandResult, choice: AdminArguments, command: string): number {
    switch (asked.kind) {
      case "reply":
        return this.#show(asked.reply, command);
      case "ended":
        return EXIT.done;
      case "interrupted":
        return EXIT.interrupted;
      case "failed":
        return this.#fail(asked.error);
      case "absent":
        return this.#fail(
          choice.socket === undefined
            ? NO_SERVER
            : `No server answers on ${quotedPath(choice.socket)}`,
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
    if (this.#json) return this.#misused("Missing command");
    this.#system.err(adminHelp());
    return EXIT.misused;
  }

  #misused(error: string, command?: string): number {
    this.#complain(error, misuse(error, command));
    return EXIT.misused;
  }

  #fail(error: string): number {
    this.#complain(error, error);
    return EXIT.failed;
  }

  #complain(error: string, words: string): void {
    if (this.#json) this.#system.out(JSON.stringify({ ok: false, error }));
    else this.#system.err(`minichat admin: ${words}`);
  }
}

const NO_SERVER = "No server is running for this user: start one with minichat serve";

function chooseSocket(running: readonly ControlSocket[], port?: number): OrderOutcome<string> {
  const [first, second] = running;
  if (first === undefined) return { ok: false, error: NO_SERVER };
  if (port !== undefined) {
    const chosen = running.find(({ label }) => label === String(port));
    if (chosen !== undefined) return { ok: true, value: chosen.path };
    const error = `No server of this user on port ${port}: choose ${choices(running)}`;
    return { ok: false, error };
  }
  if (second === undefined) return { ok: true, value: first.path };
  return { ok: false, error: `Several servers are running: choose ${choices(running)}` };
}

/** What to add to the command to mean each of the servers; not every one has a port. */
function choices(running: readonly ControlSocket[]): string {
  return running
    .map(({ label, path }) =>
      /^\d+$/.test(label) ? `--port ${label}` : `--socket ${quotedPath(path)}`
    )
    .join(" or ");
}

function realSystem(): AdminSystem {
  return {
    env: Deno.env,
    out(text) {
      try {
        writeLine(Deno.stdout, text);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe || !(error instanceof Error)) throw error;
        throw new UnwritableError(`Cannot write to standard output: ${error.message}`);
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
  };
}

/** Standard output takes no more, and not because its reader has gone: a full disk, say. */
class UnwritableError extends Error {}

/** Unlike other verbs' output this one must fail when nobody reads it any more: a tail ends then. */
function writeLine(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text + "\n");
  writeAllSync(stream, bytes);
}
