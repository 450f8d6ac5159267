// Sheet 003 as the checks speak it: registration, commands, and patterns for the flows that answer
// them.

import type { ServerCheckTexts } from "../../texts/texts.ts";
import { latin1Bytes, literalPattern, utf8Bytes } from "../bytes.ts";
import { type DialectProbe, nameAlone, type Question } from "./dialect_probe.ts";
import {
  D14_LETTERS,
  type EtxAction,
  type FoundLetters,
  lettersIn,
  saysUnknown,
  UNREAD_LETTERS,
} from "./etx_letters.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import type { ExpectedMatch, ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

const ETX = literalPattern("\x03");
/** The id, at the start or after flows that arrived before this client was registered. */
const ID_LINE = new RegExp(`(?<=^|${ETX})(\\d+)(?: ([^\\n${ETX}]*))?\\r?\\n`);
/** Longest wait for an answer to `w` or `n`, which the server may not have, in milliseconds. */
const MAX_FLOW_WAIT_MS = 500;

/** Waits for the answer to `hello`; returns its id. */
export async function expectIdLine(connection: ProbeConnection): Promise<number> {
  return (await idLine(connection)).id;
}

async function idLine(connection: ProbeConnection): Promise<{ id: number; rest: string }> {
  const { expected, hints } = connection.texts;
  const { match } = await connection.expect(ID_LINE, {
    expected: expected.etx.idLine(connection.name),
    hint: hints.etx.helloLine,
  });
  return { id: Number(match[1]), rest: match[2] ?? "" };
}

/** Sheet 003, with the letters of the server's help, which the first client that needs them reads. */
export class EtxProbe implements DialectProbe {
  readonly needs = { talk: ["hello"], "last-words": ["get-name"] };
  #found: Promise<FoundLetters> | undefined;
  #letters = UNREAD_LETTERS;
  /** The commands of the running check. */
  readonly #used = new Set<EtxAction>();
  #texts: ServerCheckTexts | undefined;

  hello(name: string): Uint8Array {
    return utf8Bytes(`hello ${name}\n`);
  }

  async settle(probe: ServerProbe): Promise<void> {
    this.#texts = probe.texts;
    this.#found ??= this.#readHelp(probe);
    this.#letters = await this.#found;
  }

  readonly joined = async (connection: ProbeConnection): Promise<void> => {
    await this.named(connection);
  };

  say(text: string): Uint8Array {
    return this.command("broadcast", text);
  }

  // The sheet does not ask for the sender's name in front of a text; D15 does.
  received(text: string): RegExp {
    return flowWith(literalPattern(text));
  }

  expectedText(text: string, from: string): string {
    return `${from}: ${text}\\x03`;
  }

  missingReason(rest: string, text: string, { hints }: ServerCheckTexts): string | undefined {
    const isUnended = new RegExp(`${literalPattern(text)}[^\\x03]*$`).test(rest);
    return isUnended ? hints.etx.flowEnd : undefined;
  }

  /** The command that asks for the client's own name. */
  readonly question = (name: string): Question => ({
    ask: this.command("ownName"),
    answer: flowWith(`${nameAlone(name)}[^\\x03]{0,2}(?=\\x03)`),
    expectedText: `${name}\\x03`,
  });

  /** The line of a command, without its newline; {@linkcode Untried} if the server has none. */
  line(action: EtxAction, words = ""): string {
    if (this.#letters.missing.has(action)) throw this.#untried(action);
    this.#used.add(action);
    const letters = this.#letters.letters[action];
    return words === "" ? letters : `${letters} ${words}`;
  }

  /** The same as bytes, with the newline. */
  command(action: EtxAction, words = ""): Uint8Array {
    return utf8Bytes(`${this.line(action, words)}\n`);
  }

  /** Commands without their arguments, to a recipient that does not exist, and none at all. */
  nonsense(): Uint8Array {
    const { letters: { send, rename, broadcast, join, part } } = this.#letters;
    const bare = [send, rename, broadcast, join, part].join("\n");
    return utf8Bytes(`\n \n${bare}\n${send} nobody-here\nx y z\n`);
  }

  /** Makes `connection` a member of `group`, which the first member creates. */
  async enter(connection: ProbeConnection, group: string, as?: "first"): Promise<void> {
    const { join, create } = this.#letters.letters;
    if (as === "first" && create !== join) {
      await connection.send(this.command("create", group));
      await this.barrier(connection);
    }
    await connection.send(this.command("join", group));
    await this.barrier(connection); // so that its answer is not taken for that to the next command
  }

  /**
   * Waits for the answer to `hello NAME`; returns its id. The sheet's `hello` has no name, which is
   * the id until the client is renamed (R58): a server that does not take it from there is asked for
   * the name, then sent the new one, as by `minichat connect`.
   */
  async named(connection: ProbeConnection): Promise<number> {
    const { id, rest } = await idLine(connection);
    if (new RegExp(nameAlone(connection.name)).test(rest)) return id;
    const flowAfter = async (bytes: Uint8Array, ...patterns: readonly string[]) => {
      await connection.send(bytes);
      const flow = flowWith(...patterns);
      await connection.wait(() => flow.exec(connection.rest), MAX_FLOW_WAIT_MS);
    };
    if (!this.#letters.missing.has("ownName")) {
      const { ask, answer } = this.question(connection.name);
      await flowAfter(ask);
      if (answer.test(connection.rest)) {
        connection.forget();
        return id;
      }
    }
    // Its answer, if any, must not be taken for that to the next command.
    await flowAfter(this.command("rename", connection.name), nameAlone(connection.name));
    connection.forget();
    return id;
  }

  /** Waits until the server has carried out all that this client sent. */
  async barrier(connection: ProbeConnection): Promise<void> {
    if (!this.#letters.missing.has("ownName")) return await this.askName(connection);
    await connection.pause("apartMs");
    await askFlow(connection, {
      line: this.line("list"),
      answer: flowWith(nameAlone(connection.name)),
      expected: connection.texts.expected.etx.ownName(connection.name, this.line("list")),
      hint: connection.texts.hints.etx.wholeList,
    });
  }

  /** Asks for the client's own name. */
  async askName(connection: ProbeConnection): Promise<void> {
    const { ask, answer, expectedText } = this.question(connection.name);
    const { expected, hints } = connection.texts;
    await connection.pause("apartMs");
    await connection.send(ask);
    await connection.expect(answer, {
      expected: expected.etx.ownName(expectedText, this.line("ownName")),
      hint: hints.etx.ownName(this.line("ownName")),
    });
  }

  /** Runs a check; {@linkcode Untried} if it fails by a command that the server does not know. */
  async judge(probe: ServerProbe, run: () => Promise<void>): Promise<void> {
    this.#used.clear();
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      for (const action of this.#used) {
        if (!this.#letters.unlisted.has(action)) continue;
        const answer = await this.#ask(probe, this.#letters.letters[action]);
        if (saysUnknown(answer)) throw this.#untried(action);
      }
      throw error;
    }
  }

  #untried(action: EtxAction): Error {
    const letter = this.#letters.letters[action];
    return new Untried(this.#texts?.skips.noLetter(action, letter) ?? action);
  }

  async #readHelp(probe: ServerProbe): Promise<FoundLetters> {
    const found = lettersIn(await this.#ask(probe, "h"));
    const letters = { ...found.letters };
    for (const action of Object.keys(letters) as EtxAction[]) {
      const letter = letters[action];
      if (action === "quit" || letter === D14_LETTERS[action]) continue;
      // A help may name a letter that the server does not have.
      const isBare = action === "ownName" || action === "list" || action === "listGroups";
      const answer = await this.#ask(probe, isBare ? letter : `${letter} hlpx hlpx`);
      if (saysUnknown(answer)) letters[action] = D14_LETTERS[action];
    }
    return { ...found, letters };
  }

  /** What a client of its own gets for a line; empty if no answer comes. */
  async #ask(probe: ServerProbe, line: string): Promise<string> {
    try {
      const connection = await probe.connect("hlp");
      await connection.send(this.hello(connection.name));
      if (await connection.wait(() => ID_LINE.exec(connection.rest)) === undefined) return "";
      await connection.pause("apartMs");
      connection.forget();
      await connection.send(utf8Bytes(`${line}\n`));
      await connection.wait(() => flowWith("[^\\x03]").exec(connection.rest), MAX_FLOW_WAIT_MS);
      const answer = new TextDecoder().decode(latin1Bytes(connection.rest));
      await connection.leave();
      return answer;
    } catch (error) {
      if (error instanceof Mismatch) return ""; // the check itself finds that the server is gone
      throw error;
    }
  }
}

/** A pattern for a whole flow, up to its ETX, that contains all of `patterns` in any order. */
export function flowWith(...patterns: readonly string[]): RegExp {
  const each = patterns.map((pattern) => `(?=[^\\x03]*${pattern})`);
  return new RegExp(`(?<=^|\\x03)${each.join("")}[^\\x03]*\\x03`);
}

/**
 * Sends the command `line` (without its newline) and waits for a flow that matches; returns the
 * flow.
 */
export async function askFlow(
  connection: ProbeConnection,
  { line, answer, ...wanted }: ExpectedMatch & { readonly line: string; readonly answer: RegExp },
): Promise<string> {
  await connection.send(utf8Bytes(`${line}\n`));
  const { match } = await connection.expect(answer, wanted);
  return match[0];
}

/**
 * Sends a command repeatedly until its answer satisfies `holds`; fails the check after one timeout.
 */
export async function askFlowUntil(
  probe: ServerProbe,
  connection: ProbeConnection,
  { holds, ...question }: Parameters<typeof askFlow>[1] & { holds(flow: string): boolean },
): Promise<void> {
  const deadline = probe.now() + probe.timeoutMs;
  while (!holds(await askFlow(connection, question))) {
    if (probe.now() > deadline) throw connection.mismatch(question);
    await probe.pause("pollMs");
  }
}
