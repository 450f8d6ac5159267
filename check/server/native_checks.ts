// The checks of a server of the native protocol, docs/protocol.md: JSON Lines.

import { literalPattern, utf8Bytes } from "../bytes.ts";
import { commonChecks, type CommonSources, TALK } from "./common_checks.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import { LEAVING_CHECKS } from "./leaving_checks.ts";
import { MESSAGE_CHECKS } from "./message_checks.ts";
import type { ServerCheck } from "./server_runner.ts";
import type { ServerProbe } from "./server_probe.ts";
import { type DialectProbe, expectMessage, joinChat, joinThree, joinTwo } from "./dialect_probe.ts";

const PAGE = "docs/protocol.md";
const SEE = `See ${PAGE}, which has a whole session`;

/** Fields that an event must have; `*` stands for any value. */
type Fields = Readonly<Record<string, string | number | boolean>>;

const TONGUE: DialectProbe = {
  hello: (name) => request({ type: "hello", name, version: 1 }),
  joined: async (player) => {
    await player.expect(event({ type: "welcome", name: player.name }), {
      expected: `{"type":"welcome","name":"${player.name}",...}`,
      hint: `A hello is answered with welcome. ${SEE}`,
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

/** A request of one kind whose direct answer shows what is asked for. */
interface Asking {
  readonly id: string;
  readonly title: string;
  /** As it is sent, without its newline. */
  readonly line: string;
  readonly answer: Fields;
  readonly hint: string;
}

const ASKINGS: readonly Asking[] = [
  {
    id: "ping",
    title: "Answers ping with pong, with the same ref",
    line: '{"type":"ping","ref":"p1"}',
    answer: { type: "pong", ref: "p1" },
    hint: `The direct answer to a request carries its ref. ${SEE}`,
  },
  {
    id: "ack",
    title: "Answers say with ack, with the same ref and the number of the others",
    line: '{"type":"say","text":"Is this kept?","ref":42}',
    answer: { type: "ack", ref: 42, recipients: 1 },
    hint: `A message is acknowledged once it is stored; recipients counts the others. ${SEE}`,
  },
  {
    id: "unknown-field",
    title: "Ignores fields that it does not know",
    line: '{"colour":"blue","type":"ping","ref":"f1","deep":{"a":[1]}}',
    answer: { type: "pong", ref: "f1" },
    hint: "Unknown fields are ignored: later versions add some",
  },
  {
    id: "unknown-type",
    title: "Answers a type that it does not know with unknown_command, and goes on",
    line: '{"type":"dance","ref":"d1"}',
    answer: { type: "error", code: "unknown_command", ref: "d1" },
    hint: "A request of an unknown type is answered with an error, and the connection stays",
  },
  {
    id: "not-json",
    title: "Answers what is not JSON with bad_request, and goes on",
    line: "{hello?",
    answer: { type: "error", code: "bad_request" },
    hint: "A line that is not JSON is answered with an error, and the connection stays",
  },
  {
    id: "missing-field",
    title: "Answers a request without a field that it needs with bad_request",
    line: '{"type":"say","ref":"m1"}',
    answer: { type: "error", code: "bad_request", ref: "m1" },
    hint: "Check each field of a request before you use it",
  },
  {
    id: "no-such-name",
    title: "Answers a message to nobody with no_such_name",
    line: '{"type":"say","to":"@nobody.here","text":"Hello?","ref":"n1"}',
    answer: { type: "error", code: "no_such_name", ref: "n1" },
    hint: "Look the name up before you send, and tell the sender when nobody has it",
  },
  {
    id: "bye",
    title: "Answers bye with closed",
    line: '{"type":"bye","ref":"b1"}',
    answer: { type: "closed", reason: "bye" },
    hint: "bye is answered with a last line, closed, and then the connection ends",
  },
];

function asking({ id, title, line, answer, hint }: Asking): ServerCheck {
  return {
    check: { id, title, level: "required", sources: [PAGE] },
    needs: [TALK],
    async run(stage) {
      const { ana } = await joinTwo(stage, TONGUE);
      await ana.send(utf8Bytes(line + "\n"));
      const expected = JSON.stringify(answer).replace(/}$/, ",...}");
      await ana.expect(event(answer), { expected, hint });
      if (answer["type"] === "closed") {
        return await ana.expectEnd({ expected: "the end of its connection", hint });
      }
      const { ask, answer: pong, looks } = lastPing(ana);
      await ana.send(ask);
      await ana.expect(pong, { expected: `${looks} afterwards`, hint });
    },
  };
}

function lastPing(player: ProbeConnection) {
  const ref = `after-${player.name}`;
  return {
    ask: request({ type: "ping", ref }),
    answer: event({ type: "pong", ref }),
    looks: `{"type":"pong","ref":"${ref}"}`,
  };
}

const OWN: readonly ServerCheck[] = [
  {
    check: {
      id: "private",
      title: "A message to @name reaches that one alone",
      level: "required",
      sources: [PAGE],
    },
    needs: [TALK],
    run: saysPrivately,
  },
  {
    check: {
      id: "coming-and-going",
      title: "Tells the others who joins and who leaves",
      level: "required",
      sources: [PAGE],
    },
    needs: [TALK],
    async run(stage) {
      const { ana } = await joinTwo(stage, TONGUE);
      const carol = await joinChat(stage, TONGUE, "carol");
      for (const type of ["joined", "left"]) {
        if (type === "left") await carol.close();
        await ana.expect(event({ type, name: carol.name }), {
          expected: `{"type":"${type}","name":"${carol.name}",...}`,
          hint: "Everyone is told of each client that joins or leaves",
        });
      }
    },
  },
];

async function saysPrivately(stage: ServerProbe): Promise<void> {
  const { ana, bob, carol } = await joinThree(stage, TONGUE);
  const [text, last] = ["Between us.", "For everyone."];
  await ana.send(request({ type: "say", to: `@${bob.name}`, text }));
  const hint = "A message with `to` goes to that person alone";
  await bob.expect(event({ type: "message", from: ana.name, to: `@${bob.name}`, text }), {
    expected: `{"type":"message","to":"@${bob.name}","text":"${text}",...}`,
    hint,
  });
  await ana.send(TONGUE.say(last));
  const { before } = await expectMessage(
    TONGUE,
    { speaker: ana, listener: carol, text: last },
    hint,
  );
  if (!before.includes(text)) return;
  throw carol.unexpectedData(before, { expected: `${carol.name} gets nothing of it`, hint });
}

function request(fields: Record<string, unknown>): Uint8Array {
  return utf8Bytes(JSON.stringify(fields) + "\n");
}

/** A line that is an object with these fields, wherever they stand in it. */
function event(fields: Fields): RegExp {
  const each = Object.entries(fields).map(([key, value]) =>
    `(?=[^\\n]*"${key}" ?: ?${literalPattern(JSON.stringify(value))})`
  );
  return new RegExp(`(?<=^|\\n)\\{${each.join("")}[^\\n]*\\n`);
}

/** All of them, in the order in which they are played. */
export const NATIVE_CHECKS: readonly ServerCheck[] = [
  ...commonChecks(MESSAGE_CHECKS, TONGUE, MESSAGES),
  ...ASKINGS.map(asking),
  ...OWN,
  ...commonChecks(LEAVING_CHECKS, TONGUE, LEAVING),
];
