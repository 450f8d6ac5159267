// Finds out how a client of sheet 001 gets its pseudo, which the sheet leaves open (D28): by its
// first line, by a command, or from the server. Ways are tried until one shows a name.

import { NAMING_WORDS } from "../../protocol/naming_words.ts";
import { utf8Bytes } from "../bytes.ts";
import { nameAlone, quietly } from "./dialect_probe.ts";
import { showsSender } from "./plain_layout.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

/** How a client gets its name. */
export type Joining =
  /** It sends these lines, with its name in place of {@linkcode JOIN_NAME}. */
  | { readonly kind: "typed"; readonly lines: string }
  /** The server chooses it; the first group of `name` has it, in what a new client receives. */
  | { readonly kind: "given"; readonly name: RegExp }
  /** No way that was tried shows a name; clients send it as their first line. */
  | { readonly kind: "unknown" };

/** Stands for the name, in `--join` too. */
export const JOIN_NAME = "{name}";
/** The name is the first line. */
export const FIRST_LINE = JOIN_NAME;
/** Commands that set a name, for servers that name none. */
const USUAL = ["/nick", "/pseudo", "/name", "/nom", "/login", "NICK", "!nick", "USER"]
  .map((word) => `${word} ${JOIN_NAME}`);

/** Also words that may mean something else: a check sees whether they have set the name. */
const NAME_WORDS = [
  ...NAMING_WORDS,
  ...["ident", "identify", "id", "connect", "join", "moi", "je", "appelle"],
].join("|");
/** `/nick NOM`, `!nom`, `NICK <name>`; never `@pseudo`, which is a recipient. */
const NAME_COMMAND = new RegExp(
  `(?<![\\w@/!:#.-])(?:[/!:#.\\\\](?:${NAME_WORDS})|(?:${NAME_WORDS.toUpperCase()})(?=\\s+[<\\[{(]?[a-zA-Z]))(?![\\w-])`,
  "g",
);
/** The greeting ends with a question: what comes next is its answer. */
// deno-lint-ignore no-control-regex
const QUESTION = /[:?>](?:\s|\0|\x1b\[[\d;?]*[A-Za-z])*$/;
/** A word that may be a name. */
const WORD = /[\w#-](?:[\w.#-]*[\w#-])?/g;
/** Characters in front of a given name by which it is found. */
const MAX_CONTEXT = 16;

/** What the server shows to a new client, and how that client gets its name. */
export interface FoundJoining {
  readonly joining: Joining;
  /** What a new client receives before it sends anything, one character for each byte. */
  readonly greeting: string;
  /** The answer to `/help`, if it was asked. */
  readonly help: string;
}

/**
 * Finds the way that this server's clients get their names, unless it is `known`; `say` sends a text
 * to everyone.
 */
export async function findJoining(
  probe: ServerProbe,
  say: (text: string) => Uint8Array,
  known?: Joining,
): Promise<FoundJoining> {
  const trials = new Trials(probe, say);
  const greeting = await trials.greeting();
  if (known !== undefined) return { joining: known, greeting, help: "" };
  const commands = commandsIn(greeting);
  const likely = QUESTION.test(greeting) || commands.length === 0
    ? [FIRST_LINE, ...commands]
    : [...commands, FIRST_LINE];
  const found = (joining: Joining, help = ""): FoundJoining => ({ joining, greeting, help });
  for (const lines of likely) {
    if (await trials.showsName(lines)) return found({ kind: "typed", lines });
  }
  const name = await trials.givenName();
  if (name !== undefined) return found({ kind: "given", name });
  const help = await trials.help();
  const named = commandsIn(help).filter((lines) => !likely.includes(lines));
  for (const lines of named) {
    if (await trials.showsName(lines)) return found({ kind: "typed", lines }, help);
  }
  const others = USUAL.filter((lines) => !likely.includes(lines) && !named.includes(lines));
  if (await trials.showsName(others.join("\n"))) {
    for (const lines of others) {
      if (await trials.showsName(lines)) return found({ kind: "typed", lines }, help);
    }
  }
  return found({ kind: "unknown" }, help);
}

/** The commands of a text that set a name: `/nick {name}`. */
export function commandsIn(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(NAME_COMMAND), ([word]) => `${word} ${JOIN_NAME}`))];
}

/** The lines that give a client its name, with their line ends. */
export function joiningLines(lines: string, name: string): Uint8Array {
  return utf8Bytes(`${lines.replaceAll(JOIN_NAME, name)}\n`);
}

/** Pairs of clients that try one way each. */
class Trials {
  readonly #probe: ServerProbe;
  readonly #say: (text: string) => Uint8Array;
  #count = 0;

  constructor(probe: ServerProbe, say: (text: string) => Uint8Array) {
    this.#probe = probe;
    this.#say = say;
  }

  /** What a client receives that sends nothing. */
  async greeting(): Promise<string> {
    return await this.#alone((client) => quietly(this.#probe, client));
  }

  /** The greeting and the answer to `/help`. */
  async help(): Promise<string> {
    return await this.#alone(async (client) => {
      await quietly(this.#probe, client);
      await client.send(utf8Bytes("/help\n"));
      await quietly(this.#probe, client);
    });
  }

  /** Whether a client that sends `lines` is shown to another one under the name in them. */
  async showsName(lines: string): Promise<boolean> {
    return await this.#together(async (ana, bob) => {
      for (const client of [ana, bob]) await client.send(joiningLines(lines, client.name));
      await quietly(this.#probe, ana, bob);
      bob.forget();
      const shown = await this.#saidBy(ana, bob, "Is this my name?");
      // A command that the server does not know is part of what it takes for the name.
      const words = lines.split("\n").map((line) => line.split(JOIN_NAME)[0]?.trim() ?? "");
      const isInName = words.some((word) => word !== "" && shown.includes(word));
      return !isInName && showsSender(shown, "Is this my name?", ana.name);
    });
  }

  /** Finds the name that the server chooses and shows to a new client; undefined if it does not. */
  async givenName(): Promise<RegExp | undefined> {
    return await this.#together(async (ana, bob) => {
      await quietly(this.#probe, ana, bob);
      const [forAna, forBob] = [ana.rest, bob.rest];
      const [first, second] = ["Who says this?", "And who says that?"];
      bob.forget();
      const byAna = wordsNear(await this.#saidBy(ana, bob, first), first);
      ana.forget();
      const byBob = wordsNear(await this.#saidBy(bob, ana, second), second);
      const anas = byAna.find((word) => !byBob.includes(word) && isIn(word, forAna));
      const bobs = byBob.find((word) => !byAna.includes(word) && isIn(word, forBob));
      if (anas === undefined || bobs === undefined) return undefined;
      return patternsOfName(forAna, anas).find((one) => one.exec(forBob)?.[1] === bobs);
    });
  }

  /** What `listener` receives when `speaker` sends a text. */
  async #saidBy(
    speaker: ProbeConnection,
    listener: ProbeConnection,
    text: string,
  ): Promise<string> {
    await speaker.send(this.#say(text));
    await listener.wait(() => listener.rest.includes(text) || null, this.#probe.timeoutMs / 4);
    await this.#probe.pause("apartMs");
    return listener.rest;
  }

  async #alone(act: (client: ProbeConnection) => Promise<void>): Promise<string> {
    const client = await this.#probe.connect(this.#who());
    await act(client);
    await client.leave();
    return client.rest;
  }

  async #together<Result>(
    act: (ana: ProbeConnection, bob: ProbeConnection) => Promise<Result>,
  ): Promise<Result> {
    const ana = await this.#probe.connect(this.#who());
    const bob = await this.#probe.connect(this.#who());
    try {
      return await act(ana, bob);
    } finally {
      await Promise.all([ana.leave(), bob.leave()]);
    }
  }

  /** Three letters that no other client of this check has. */
  #who(): string {
    const letters = (this.#count++).toString(26).padStart(2, "0");
    return `j${letters.replaceAll(/\d/g, (digit) => String.fromCharCode(0x70 + Number(digit)))}`;
  }
}

function isIn(word: string, text: string): boolean {
  return new RegExp(nameAlone(word)).test(text);
}

/** The words of the line with `text` and of the one before it, without those of `text`. */
function wordsNear(received: string, text: string): readonly string[] {
  const at = received.indexOf(text);
  if (at === -1) return [];
  const before = received.slice(0, at).split("\n").slice(-2).join("\n");
  const after = received.slice(at + text.length).split("\n")[0] ?? "";
  return `${before} ${after}`.match(WORD) ?? [];
}

/** Patterns for the place of `name` in a greeting, the most exact one first. */
function patternsOfName(greeting: string, name: string): readonly RegExp[] {
  const at = new RegExp(nameAlone(name)).exec(greeting)?.index ?? 0;
  const line = greeting.slice(0, at).split("\n").at(-1) ?? "";
  const word = /\S*\s*$/.exec(line)?.[0] ?? "";
  return [line.slice(-MAX_CONTEXT), word].map((context) =>
    new RegExp(`${RegExp.escape(context)}(${WORD.source})`)
  ).filter((pattern) => pattern.exec(greeting)?.[1] === name);
}
