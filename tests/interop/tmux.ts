// Programs on a real terminal: each has its own tmux server, keys are typed into it, its screen is
// read.

import { DEADLINE_MS } from "../harness.ts";

/** A terminal with one program in it. */
export class TmuxTerminal implements AsyncDisposable {
  /** Contains the socket of this terminal's tmux, and the status file. */
  readonly #directory: string;
  /** Written by the shell that runs the program: tmux itself does not always learn the status. */
  readonly #statusFile: string;
  /** The process groups that were on it, once it is closed. */
  #groups: readonly string[] | undefined;

  private constructor() {
    this.#directory = Deno.makeTempDirSync({ prefix: "minichat-tmux-" });
    this.#statusFile = `${this.#directory}/status`;
  }

  /** Starts `command` on a terminal of that size. */
  static async start(
    command: readonly string[],
    options: { readonly env: Record<string, string>; columns?: number; rows?: number },
  ): Promise<TmuxTerminal> {
    const terminal = new TmuxTerminal();
    const { columns = 80, rows = 24, env } = options;
    const settings = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    await terminal.#tmux(
      ...["-f", "/dev/null", "new-session", "-d", "-x", String(columns), "-y", String(rows)],
      ...settings,
      ...["--", "sh", "-c", '"$@"; echo $? >"$0"', terminal.#statusFile, ...command],
    );
    // The screen of a program that has ended can still be read.
    await terminal.#tmux("set-option", "-g", "remain-on-exit", "on");
    return terminal;
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses named keys: `Enter`, `C-d`, `Left`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** The rows of the screen, without empty ones at the bottom. */
  async screen(): Promise<string[]> {
    const rows = (await this.#tmux("capture-pane", "-p")).split("\n");
    while (rows.length > 0 && rows.at(-1)?.trim() === "") rows.pop();
    return rows.map((row) => row.trimEnd());
  }

  /** Where the cursor is, counted from 0. */
  async cursor(): Promise<{ column: number; row: number }> {
    const sent = await this.#tmux("display-message", "-p", "#{cursor_x} #{cursor_y}");
    const [column = -1, row = -1] = sent.trim().split(" ").map(Number);
    return { column, row };
  }

  /** The exit status of the program; waits for it. */
  async exitStatus(): Promise<number> {
    const until = performance.now() + DEADLINE_MS;
    while (performance.now() < until) {
      const status = await Deno.readTextFile(this.#statusFile).catch(() => "");
      if (status.endsWith("\n")) return Number(status);
      await this.cursor(); // asks tmux, which takes long enough for a pause
    }
    throw new Error(`still running:\n${(await this.screen()).join("\n")}`);
  }

  /** Waits for a row that matches; returns the first. */
  async shows(pattern: RegExp, ms = DEADLINE_MS): Promise<string> {
    const until = performance.now() + ms;
    while (true) {
      const rows = await this.screen();
      const found = rows.find((row) => pattern.test(row));
      if (found !== undefined) return found;
      if (performance.now() > until) {
        throw new Error(`${pattern} is not on the screen:\n${rows.join("\n")}`);
      }
    }
  }

  /** Closes the terminal, and leaves it to the program whether it ends. */
  async close(): Promise<void> {
    this.#groups ??= (await this.#tmux("list-panes", "-a", "-F", "#{pane_pid}")).trim()
      .split("\n").map((pid) => `-${pid}`);
    await this.#tmux("kill-server");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A program may outlive its terminal on purpose: it is killed with all its children.
    if (this.#groups === undefined) await this.close();
    const groups = this.#groups ?? [];
    await new Deno.Command("kill", { args: ["-KILL", "--", ...groups], stderr: "null" }).output();
    Deno.removeSync(this.#directory, { recursive: true });
  }

  async #tmux(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-S", `${this.#directory}/socket`, ...args],
      env: { TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
    }).output();
    const text = new TextDecoder();
    if (!success && args[0] !== "kill-server") {
      throw new Error(`tmux ${args.join(" ")}: ${text.decode(stderr)}`);
    }
    return text.decode(stdout);
  }
}
