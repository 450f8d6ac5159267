// How a client of sheet 003 speaks, and how the flows that come back are recognised.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import type { ExpectedMatch, ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";
import type { DialectProbe } from "./dialect_probe.ts";

const HELLO =
  "The answer to hello is the client's id (and its name) as one line that ends with \\n, not ETX: the session is not set up before that";
/** What a flow without its end lacks. */
export const SUFFIX =
  "Each flow from the server ends with ETX (\\x03), or the client never shows its prompt again";

const ETX = literalPattern("\x03");
/** Behind what may have been said before this client was registered. */
const ID_LINE = new RegExp(`(?<=^|${ETX})(\\d+)(?: [^\\n${ETX}]*)?\\r?\\n`);

/** The id that the last answer to `hello` gave. */
export async function expectIdLine(player: ProbeConnection): Promise<number> {
  const { match } = await player.expect(ID_LINE, {
    expected: `a line with its id and its name, such as 1 ${player.name}\\n,`,
    hint: HELLO,
  });
  return Number(match[1]);
}

/** Sheet 003, with the letters of D14. */
export const ETX_PROBE: DialectProbe = {
  hello: (name) => utf8Bytes(`hello ${name}\n`),
  joined: async (player) => {
    await expectIdLine(player);
  },
  say: (text) => utf8Bytes(`b ${text}\n`),
  // The sheet does not say that a text comes with its sender's name (D15 does).
  received: (text) => flowWith(literalPattern(text)),
  expectedText: (text, from) => `${from}: ${text}\\x03`,
  missingReason: (rest, text) =>
    new RegExp(`${literalPattern(text)}[^\\x03]*$`).test(rest) ? SUFFIX : undefined,
  needs: { talk: ["hello"], "last-words": ["get-name"] },
  question: (name) => ({
    ask: utf8Bytes("w\n"),
    answer: flowWith(`${nameAlone(name)}[^\\x03]{0,2}(?=\\x03)`),
    expectedText: `${name}\\x03`,
  }),
};

/** A pattern for a name that is no part of a longer one. */
export function nameAlone(name: string): string {
  return `(?<![\\w-])${literalPattern(name)}(?![\\w-])`;
}

/** A whole flow, up to its ETX, in which all of these patterns are. */
export function flowWith(...patterns: readonly string[]): RegExp {
  const each = patterns.map((pattern) => `(?=[^\\x03]*${pattern})`);
  return new RegExp(`(?<=^|\\x03)${each.join("")}[^\\x03]*\\x03`);
}

/** Sends a command and waits for the flow that answers it; answers that flow. */
export async function askFlow(
  player: ProbeConnection,
  { line, answer, ...wanted }: ExpectedMatch & { readonly line: string; readonly answer: RegExp },
): Promise<string> {
  await player.send(utf8Bytes(`${line}\n`));
  const { match } = await player.expect(answer, wanted);
  return match[0];
}

/** Waits until the server has carried out what this player sent. */
export async function etxBarrier(player: ProbeConnection): Promise<void> {
  const { ask: question, answer, expectedText } = ETX_PROBE.question?.(player.name) ?? NO_QUESTION;
  await player.pause("apartMs");
  await player.send(question);
  await player.expect(answer, {
    expected: `${expectedText} for w`,
    hint: "w asks for the own name: answer it, and end the answer with ETX (\\x03)",
  });
}

const NO_QUESTION = { ask: utf8Bytes(""), answer: /(?:)/, expectedText: "" };

/** Asks again and again until the answer satisfies `holds`. */
export async function askFlowUntil(
  stage: ServerProbe,
  player: ProbeConnection,
  { holds, ...question }: Parameters<typeof askFlow>[1] & { holds(flow: string): boolean },
): Promise<void> {
  const deadline = stage.now() + stage.timeoutMs;
  while (!holds(await askFlow(player, question))) {
    if (stage.now() > deadline) throw player.mismatch(question);
    await stage.pause("pollMs");
  }
}
