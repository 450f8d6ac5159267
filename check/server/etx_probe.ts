// Sheet 003 as the checks speak it: registration, commands, and patterns for the flows that answer
// them.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import { type DialectProbe, nameAlone, type Question } from "./dialect_probe.ts";
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

/**
 * Waits for the answer to `hello NAME`; returns its id. The sheet's `hello` has no name, which is the
 * id until `n` changes it (R58): a server that does not take it from there is asked with `w`, then
 * sent `n NAME`, as by `minichat connect`.
 */
export async function expectNamed(connection: ProbeConnection): Promise<number> {
  const { id, rest } = await idLine(connection);
  if (new RegExp(nameAlone(connection.name)).test(rest)) return id;
  const { ask, answer } = askOwnName(connection.name);
  const flowAfter = async (bytes: Uint8Array, ...patterns: readonly string[]) => {
    await connection.send(bytes);
    const flow = flowWith(...patterns);
    await connection.wait(() => flow.exec(connection.rest), MAX_FLOW_WAIT_MS);
  };
  await flowAfter(ask);
  if (!answer.test(connection.rest)) {
    // Its answer, if any, must not be taken for that to the next command.
    await flowAfter(utf8Bytes(`n ${connection.name}\n`), nameAlone(connection.name));
  }
  connection.forget();
  return id;
}

async function idLine(connection: ProbeConnection): Promise<{ id: number; rest: string }> {
  const { expected, hints } = connection.texts;
  const { match } = await connection.expect(ID_LINE, {
    expected: expected.etx.idLine(connection.name),
    hint: hints.etx.helloLine,
  });
  return { id: Number(match[1]), rest: match[2] ?? "" };
}

/** Sheet 003, with the letters of D14. */
export const ETX_PROBE: DialectProbe = {
  hello: (name) => utf8Bytes(`hello ${name}\n`),
  joined: async (connection) => {
    await expectNamed(connection);
  },
  say: (text) => utf8Bytes(`b ${text}\n`),
  // The sheet does not ask for the sender's name in front of a text; D15 does.
  received: (text) => flowWith(literalPattern(text)),
  expectedText: (text, from) => `${from}: ${text}\\x03`,
  missingReason: (rest, text, { hints }) =>
    new RegExp(`${literalPattern(text)}[^\\x03]*$`).test(rest) ? hints.etx.flowEnd : undefined,
  needs: { talk: ["hello"], "last-words": ["get-name"] },
  question: askOwnName,
};

/** The command `w`, which asks for the client's own name. */
function askOwnName(name: string): Question {
  return {
    ask: utf8Bytes("w\n"),
    answer: flowWith(`${nameAlone(name)}[^\\x03]{0,2}(?=\\x03)`),
    expectedText: `${name}\\x03`,
  };
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

/** Waits until the server has carried out all that this client sent. */
export async function etxBarrier(connection: ProbeConnection): Promise<void> {
  const { ask, answer, expectedText } = askOwnName(connection.name);
  const { expected, hints } = connection.texts;
  await connection.pause("apartMs");
  await connection.send(ask);
  await connection.expect(answer, {
    expected: expected.etx.ownName(expectedText),
    hint: hints.etx.ownName,
  });
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
