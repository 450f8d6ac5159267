// Terminals in a tmux session of their own, each with a shell: types keys and reads screens.

/** Longest wait for an expected text on a screen, in milliseconds. */
const DEADLINE_MS = 10_000;

/** The content of a terminal: `rows` have SGR escapes and no trailing blanks. */
export interface TerminalScreen {
  readonly rows: readonly string[];
  /** Both counted from 0. */
  readonly cursor: { readonly column: number; readonly row: number };
}

/** The size of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A tmux session; disposing it ends every program in it. */
export class TmuxSession implements AsyncDisposable {
  readonly #socket: string;
  readonly #env: Readonly<Record<string, string>>;
  #started = false;

  /** `socket`: path of tmux's own socket; `env`: the whole environment of the shells. */
  constructor(socket: string, env: Readonly<Record<string, string>>) {
    this.#socket = socket;
    this.#env = env;
  }

  /** Opens a terminal; resolves when its shell has prompted. */
  async open(size: Size): Promise<SceneTerminal> {
    const terminal = new SceneTerminal(
      (args) => this.#tmux(args),
      (await this.#tmux(this.#opening(size))).trim(),
    );
    await this.#tmux(["resize-window", "-t", terminal.id, ...sizeFlags(size)]);
    await terminal.shows(/^\$$/);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#started) await this.#tmux(["kill-server"]);
  }

  #opening(size: Size): string[] {
    const what = ["-d", "-P", "-F", "#{pane_id}", "--", "sh", "-i"];
    if (this.#started) return ["new-window", ...what];
    this.#started = true;
    return ["-f", "/dev/null", "new-session", ...sizeFlags(size), ...what];
  }

  async #tmux(args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-S", this.#socket, ...args],
      env: this.#env,
      clearEnv: true,
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(`tmux ${args.join(" ")}: ${text.decode(stderr)}`);
    return text.decode(stdout);
  }
}

/** One terminal of a {@linkcode TmuxSession}. */
export class SceneTerminal {
  /** Its id in tmux. */
  readonly id: string;
  readonly #tmux: (args: readonly string[]) => Promise<string>;

  constructor(tmux: (args: readonly string[]) => Promise<string>, id: string) {
    this.#tmux = tmux;
    this.id = id;
  }

  /** Types text literally. */
  async type(text: string): Promise<void> {
    await this.#tmux(["send-keys", "-t", this.id, "-l", "--", text]);
  }

  async enter(text: string): Promise<void> {
    await this.type(text);
    await this.press("Enter");
  }

  /** Presses a named key: `Enter`, `C-d`. */
  async press(key: string): Promise<void> {
    await this.#tmux(["send-keys", "-t", this.id, key]);
  }

  /** Waits for a line that matches, on the screen or scrolled off. */
  async shows(pattern: RegExp): Promise<void> {
    const until = performance.now() + DEADLINE_MS;
    while (true) {
      const lines = await this.lines();
      if (lines.some((line) => pattern.test(line))) return;
      if (performance.now() > until) {
        throw new Error(`${pattern} is not on this screen:\n${lines.join("\n")}`);
      }
    }
  }

  /** Every line this terminal has shown, wrapped ones joined. */
  async lines(): Promise<string[]> {
    const all = await this.#tmux(["capture-pane", "-t", this.id, "-p", "-J", "-S", "-"]);
    return trimmed(all);
  }

  /** The current screen. */
  async screen(): Promise<TerminalScreen> {
    const [rows, cursor] = await Promise.all([
      this.#tmux(["capture-pane", "-t", this.id, "-p", "-e"]),
      this.#tmux(["display-message", "-t", this.id, "-p", "#{cursor_x} #{cursor_y}"]),
    ]);
    const [column = 0, row = 0] = cursor.trim().split(" ").map(Number);
    return { rows: trimmed(rows), cursor: { column, row } };
  }
}

function sizeFlags({ columns, rows }: Size): string[] {
  return ["-x", String(columns), "-y", String(rows)];
}

/** Lines without trailing blanks and without empty ones at the end. */
function trimmed(text: string): string[] {
  return text.trimEnd().split("\n").map((line) => line.trimEnd());
}
