// A program on a real terminal, all of whose output is recorded: script(1) stores the bytes the
// program wrote to its pty, before any terminal has interpreted them.

import { assert, assertStrictEquals, fail } from "@std/assert";
import { DEADLINE_MS, programCommand, type World } from "../harness.ts";
import { foreignIn } from "../fuzz/hostile.ts";
import { TmuxTerminal } from "./tmux.ts";

/** A program on a terminal, recorded. */
export class RecordedTerminal implements AsyncDisposable {
  readonly terminal: TmuxTerminal;
  readonly #file: string;

  private constructor(terminal: TmuxTerminal, file: string) {
    this.terminal = terminal;
    this.#file = file;
  }

  /**
   * Runs a command, with colours if it has some; `name` distinguishes it from others of this world.
   */
  static async start(
    world: World,
    name: string,
    command: readonly string[],
  ): Promise<RecordedTerminal> {
    const file = `${world.directory}/${name}.raw`;
    const env = { ...world.env, NO_COLOR: "", TERM: "xterm-256color", SHELL: "/bin/sh" };
    const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const recorder = ["script", "--quiet", "--flush", "--return", "--command", line, file];
    return new RecordedTerminal(
      await TmuxTerminal.start(recorder, { env, columns: 200, rows: 50 }),
      file,
    );
  }

  /** The same for `minichat` with `args`. */
  static minichat(world: World, name: string, ...args: string[]): Promise<RecordedTerminal> {
    const [command, rest] = programCommand(args);
    return RecordedTerminal.start(world, name, [command, ...rest]);
  }

  /** All that was written until now, without the recorder's own lines. */
  get raw(): string {
    let bytes: Uint8Array;
    try {
      bytes = Deno.readFileSync(this.#file);
    } catch {
      return ""; // the recorder has not begun
    }
    // The last character may be half written; any other byte that is not UTF-8 is a finding.
    const end = bytes.findLastIndex((byte) => byte < 0x80) + 1;
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end))
      .replaceAll(/^Script (?:started|done) on .*$/gm, "");
  }

  /** Waits until that text was written. */
  async wrote(text: string): Promise<void> {
    const until = performance.now() + 4 * DEADLINE_MS;
    while (!this.raw.includes(text)) {
      assert(performance.now() < until, `${text} was not written: ${this.raw.slice(-2_000)}`);
      await this.terminal.cursor(); // a pause
    }
  }

  /** Waits until the program ends by itself, which may take minutes. */
  async ends(): Promise<void> {
    const until = performance.now() + 120_000;
    while (performance.now() < until) {
      const status = await this.terminal.exitStatus().catch(() => undefined);
      if (status !== undefined) return;
    }
    fail(`still running: ${this.raw.slice(-2_000)}`);
  }

  async enter(text: string): Promise<void> {
    await this.terminal.type(text);
    await this.terminal.press("Enter");
  }

  /** Fails if anything but text, our own sequences and `bells` was written. */
  assertSafe(bells = ""): void {
    const raw = bells === "" ? this.raw : this.raw.replaceAll(bells, "");
    assertStrictEquals(foreignIn(raw), undefined, this.#file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminal[Symbol.asyncDispose]();
  }
}
