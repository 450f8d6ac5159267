// The checks of a server of the native protocol, docs/protocol.md: JSON Lines.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import {
  commonChecks,
  type CommonSources,
  type ServerCheckId,
  TALK,
  type UntitledCheck,
} from "./common_checks.ts";
import { type DialectProbe, expectMessage, joinChat, joinThree, joinTwo } from "./dialect_probe.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import { servedChecks } from "./program_suites.ts";
import type { ServerProbe } from "./server_probe.ts";

/** The source of all checks. */
const PAGE = "docs/protocol.md";

/** Fields that an event must have. */
type Fields = Readonly<Record<string, string | number | boolean>>;

const NATIVE_PROBE: DialectProbe = {
  hello: (name) => request({ type: "hello", name, version: 1 }),
  joined: async (connection) => {
    await connection.expect(event({ type: "welcome", name: connection.name }), {
      expected: `{"type":"welcome","name":"${connection.name}",...}`,
      hint: connection.texts.hints.native.welcome,
    });
  },
  say: (text) => request({ type: "say", text }),
  received: (text, from) => event({ type: "message", text, ...from === undefined ? {} : { from } }),
  expectedText: (text, from) =>
    `{"type":"message","from":"${from}","text":${JSON.stringify(text)},...}`,
  question: () => ({
    ask: request({ type: "ping", ref: "last" }),
    answer: event({ type: "pong", ref: "last" }),
    expectedText: '{"type":"pong","ref":"last"}',
  }),
};

const REQUIRED = ["required", PAGE] as const;

const MESSAGES: CommonSources = {
  [TALK]: REQUIRED,
  everyone: REQUIRED,
  "own-copy": ["required", PAGE, "D5"],
  "two-pieces": REQUIRED,
  "byte-by-byte": REQUIRED,
  "one-packet": REQUIRED,
  "one-and-a-half": REQUIRED,
  "name-and-message": REQUIRED,
  long: REQUIRED,
  "very-long": ["required", PAGE, "D18"],
  "short-after-long": REQUIRED,
  unchanged: REQUIRED,
  order: REQUIRED,
};

const LEAVING: CommonSources = {
  silent: REQUIRED,
  "half-said": REQUIRED,
  "never-registered": REQUIRED,
  vanishes: REQUIRED,
  reset: REQUIRED,
  sigpipe: REQUIRED,
  "last-words": REQUIRED,
  closes: REQUIRED,
  "taken-name": ["required", PAGE, "D6"],
  deaf: ["advised", PAGE],
};

/** A check of this dialect alone. */
type NativeCheck = UntitledCheck<ServerCheckId<"native">>;

/** A check that sends one request and looks at its direct answer. */
interface RequestRow {
  readonly id: ServerCheckId<"native">;
  /** The request without its newline. */
  readonly line: string;
  readonly answer: Fields;
  readonly hint: keyof ServerCheckTexts["hints"]["native"];
}

const REQUEST_ROWS: readonly RequestRow[] = [
  {
    id: "ping",
    line: '{"type":"ping","ref":"p1"}',
    answer: { type: "pong", ref: "p1" },
    hint: "ref",
  },
  {
    id: "ack",
    line: '{"type":"say","text":"Is this kept?","ref":42}',
    answer: { type: "ack", ref: 42, recipients: 1 },
    hint: "ack",
  },
  {
    id: "unknown-field",
    line: '{"colour":"blue","type":"ping","ref":"f1","deep":{"a":[1]}}',
    answer: { type: "pong", ref: "f1" },
    hint: "unknownField",
  },
  {
    id: "unknown-type",
    line: '{"type":"dance","ref":"d1"}',
    answer: { type: "error", code: "unknown_command", ref: "d1" },
    hint: "unknownType",
  },
  {
    id: "not-json",
    line: "{hello?",
    answer: { type: "error", code: "bad_request" },
    hint: "notJson",
  },
  {
    id: "missing-field",
    line: '{"type":"say","ref":"m1"}',
    answer: { type: "error", code: "bad_request", ref: "m1" },
    hint: "missingField",
  },
  {
    id: "no-such-name",
    line: '{"type":"say","to":"@nobody.here","text":"Hello?","ref":"n1"}',
    answer: { type: "error", code: "no_such_name", ref: "n1" },
    hint: "noSuchName",
  },
  {
    id: "bye",
    line: '{"type":"bye","ref":"b1"}',
    answer: { type: "closed", reason: "bye" },
    hint: "bye",
  },
];

function requestCheck({ id, line, answer, hint: hintName }: RequestRow): NativeCheck {
  return {
    check: { id, level: "required", sources: [PAGE] },
    needs: [TALK],
    async run(probe) {
      const { expected, hints } = probe.texts;
      const hint = hints.native[hintName];
      const { ana } = await joinTwo(probe, NATIVE_PROBE);
      await ana.send(utf8Bytes(line + "\n"));
      const answerText = JSON.stringify(answer).replace(/}$/, ",...}");
      await ana.expect(event(answer), { expected: answerText, hint });
      if (answer["type"] === "closed") {
        return await ana.expectEnd({ expected: expected.common.end, hint });
      }
      const { ask, answer: pong, expectedText } = finalPing(ana);
      await ana.send(ask);
      await ana.expect(pong, { expected: expected.native.afterwards(expectedText), hint });
    },
  };
}

/** Shows that the connection still works. */
function finalPing(connection: ProbeConnection) {
  const ref = `after-${connection.name}`;
  return {
    ask: request({ type: "ping", ref }),
    answer: event({ type: "pong", ref }),
    expectedText: `{"type":"pong","ref":"${ref}"}`,
  };
}

const OWN: readonly NativeCheck[] = [
  {
    check: {
      id: "private",
      level: "required",
      sources: [PAGE],
    },
    needs: [TALK],
    run: sayPrivately,
  },
  {
    check: {
      id: "coming-and-going",
      level: "required",
      sources: [PAGE],
    },
    needs: [TALK],
    async run(probe) {
      const { ana } = await joinTwo(probe, NATIVE_PROBE);
      const carol = await joinChat(probe, NATIVE_PROBE, "cat");
      for (const type of ["joined", "left"]) {
        if (type === "left") await carol.close();
        await ana.expect(event({ type, name: carol.name }), {
          expected: `{"type":"${type}","name":"${carol.name}",...}`,
          hint: probe.texts.hints.native.joinedAndLeft,
        });
      }
    },
  },
];

async function sayPrivately(probe: ServerProbe): Promise<void> {
  const { ana, bob, carol } = await joinThree(probe, NATIVE_PROBE);
  const [text, last] = ["Between us.", "For everyone."];
  await ana.send(request({ type: "say", to: `@${bob.name}`, text }));
  const { expected, hints: { native: { private: hint } } } = probe.texts;
  await bob.expect(event({ type: "message", from: ana.name, to: `@${bob.name}`, text }), {
    expected: `{"type":"message","to":"@${bob.name}","text":"${text}",...}`,
    hint,
  });
  await ana.send(NATIVE_PROBE.say(last));
  const { before } = await expectMessage(
    NATIVE_PROBE,
    { speaker: ana, listener: carol, text: last },
    hint,
  );
  if (!before.includes(text)) return;
  throw carol.unexpectedData(before, { expected: expected.common.nothingOfIt(carol.name), hint });
}

function request(fields: Record<string, unknown>): Uint8Array {
  return utf8Bytes(JSON.stringify(fields) + "\n");
}

/** A pattern for a line that is an object with these fields, in any order. */
function event(fields: Fields): RegExp {
  const each = Object.entries(fields).map(([key, value]) =>
    `(?=[^\\n]*"${key}" ?: ?${literalPattern(JSON.stringify(value))})`
  );
  return new RegExp(`(?<=^|\\n)\\{${each.join("")}[^\\n]*\\n`);
}

/** All checks of the native protocol, in the order in which they run. */
export const NATIVE_CHECKS: readonly UntitledCheck<
  ServerCheckId<"common" | "native" | "program">
>[] = [
  ...commonChecks(MESSAGE_CHECKS, NATIVE_PROBE, MESSAGES),
  ...REQUEST_ROWS.map(requestCheck),
  ...OWN,
  ...commonChecks(LEAVING_CHECKS, NATIVE_PROBE, LEAVING),
  ...servedChecks("native", NATIVE_PROBE),
];
