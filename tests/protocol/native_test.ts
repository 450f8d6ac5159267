// Both halves of native, in every cut: requests, refusals, events, caps.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { MAX_NATIVE_LINE_BYTES } from "../../protocol/limits.ts";
import { native, REQUEST_TYPES } from "../../protocol/native.ts";
import type { Request } from "../../protocol/requests.ts";
import { assertSameInAnyChunks } from "./any_chunks.ts";
import { ALL_EVENTS, SAMPLES } from "./sample_events.ts";
import { assertEverySplit, bytes, decodeAll, encode, encodeText } from "./splits.ts";

const OPTIONS = { notices: false, asksName: true };

function server() {
  return native.server(OPTIONS).decoder;
}

function client() {
  return native.client().decoder;
}

function requestOf(line: string | Uint8Array): Request {
  const input = typeof line === "string" ? bytes(line) : line;
  const items = decodeAll(server(), [input]);
  assertStrictEquals(items.length, 1);
  return items[0] as Request;
}

/** The refusal of a line that must not end the connection. */
function refusal(line: string): string {
  const request = requestOf(line);
  assert(request.verb === "invalid" && !request.fatal, line);
  return `${request.failure.code}: ${request.failure.text(EN.refusals)}`;
}

Deno.test("The server half of native reads the same requests at every split", () => {
  const lines = [
    '{"type":"hello","name":"Zoé 👍","version":1,"ref":1}',
    '{"type":"say","text":"hi \\ud83d\\udc4d","to":"@bob","ref":"r-2"}\r',
    "",
    '{ "type": "say", "text": "waves", "to": "#cooks", "action": true, "colour": "red" }',
    "not json",
    '{"type":"bye"}',
  ];
  assertEverySplit(server, bytes(lines.join("\n")), [
    { verb: "hello", name: "Zoé 👍", version: 1, ref: 1 },
    { verb: "say", text: "hi 👍", to: { sigil: "@", name: "bob" }, ref: "r-2" },
    { verb: "say", text: "waves", to: { sigil: "#", name: "cooks" }, action: true },
    {
      verb: "invalid",
      failure: { code: "bad_request", message: 'Not JSON: "not json"' },
      fatal: false,
    },
    { verb: "bye" },
  ]);
});

const REQUESTS: readonly (readonly [line: string, request: Request])[] = [
  ['{"type":"hello"}', { verb: "hello" }],
  ['{"type":"say","text":""}', { verb: "say", text: "" }],
  ['{"type":"say","text":"a\\nb\\u0000"}', { verb: "say", text: "a\nb\0" }],
  ['{"type":"rename","name":"x"}', { verb: "rename", name: "x" }],
  ['{"type":"join","group":"x"}', { verb: "join", group: "x" }],
  ['{"type":"ping","ref":9007199254740991}', { verb: "ping", ref: 9007199254740991 }],
  ['{"type":"leave","group":"x","ref":-1.5}', { verb: "leave", group: "x", ref: -1.5 }],
  ['{"type":"who"}', { verb: "who" }],
  ['{"type":"whoami"}', { verb: "whoami" }],
  ['{"type":"groups"}', { verb: "groups" }],
  ['{"type":"history"}', { verb: "history" }],
  ['{"type":"history","since":0,"limit":5}', { verb: "history", since: 0, limit: 5 }],
  ['{"type":"history","before":9007199254740991}', {
    verb: "history",
    before: Number.MAX_SAFE_INTEGER,
  }],
  ['{"type":"help"}', { verb: "help" }],
  [`{"type":"ping","ref":"${"x".repeat(64)}"}`, { verb: "ping", ref: "x".repeat(64) }],
  ['{"type":"bye"}', { verb: "bye" }],
  ['{"type":"claim","passphrase":"x y"}', { verb: "claim", passphrase: "x y" }],
  ['{"type":"unclaim","ref":1}', { verb: "unclaim", ref: 1 }],
  ['{"type":"login","name":"x","passphrase":"y"}', { verb: "login", name: "x", passphrase: "y" }],
  ['{"type":"admin","line":"kick bob"}', { verb: "admin", line: "kick bob" }],
  // A chat client may not find out that there is such a type (F68).
  ['{"type":"admin"}', { verb: "admin", line: "" }],
  ['{"type":"admin","line":5}', { verb: "admin", line: "" }],
  // The last of two equal fields counts, and no field reaches an object's prototype.
  ['{"type":"who","type":"help","__proto__":{"ref":1}}', { verb: "help" }],
];

for (const [line, request] of REQUESTS) {
  Deno.test(`native reads ${line.slice(0, 60)}`, () => {
    assertEquals(requestOf(line + "\n"), request);
    assertEquals(requestOf(line), request, "at EOF");
  });
}

Deno.test("native has a test for each request type", () => {
  const tested = new Set<string>(REQUESTS.map(([, request]) => request.verb));
  assertEquals(REQUEST_TYPES.filter((type) => !tested.has(type)), []);
});

const COUNT_EXPECTED = "Expected an integer from 0 to 9007199254740991";
const REF_EXPECTED =
  "Expected up to 64 characters or a number up to 9007199254740991: quote greater ones";

const REFUSED: readonly (readonly [line: string, refusal: string])[] = [
  ["{", 'bad_request: Not JSON: "{"'],
  ["[]", "bad_request: Not a request: expected an object with a type"],
  ["null", "bad_request: Not a request: expected an object with a type"],
  ['{"type":1}', "bad_request: Not a request: expected an object with a type"],
  ['{"type":"shout"}', 'unknown_command: Unknown type: "shout"'],
  ['{"type":"__proto__"}', 'unknown_command: Unknown type: "__proto__"'],
  ['{"type":"say"}', "bad_request: Bad say: text: Missing"],
  ['{"type":"say","text":null}', "bad_request: Bad say: text: Expected string"],
  ['{"type":"say","text":"x","to":"bob"}', "bad_request: Bad say: to: Expected @name or #group"],
  ['{"type":"say","text":"x","to":"@"}', "bad_request: Bad say: to: Expected @name or #group"],
  [
    '{"type":"history","limit":1.5}',
    "bad_request: Bad history: limit: Expected an integer from 0 to 9007199254740991",
  ],
  [
    '{"type":"history","since":-1}',
    "bad_request: Bad history: since: Expected an integer from 0 to 9007199254740991",
  ],
  [
    '{"type":"history","before":9007199254740993}',
    "bad_request: Bad history: before: Expected an integer from 0 to 9007199254740991",
  ],
  ['{"type":"history","before":"7"}', "bad_request: Bad history: before: Expected number"],
  ...["{}", "1e999", "9007199254740992", "-9007199254740993", "1e300", "12345678901234567890"]
    .map((ref) =>
      [`{"type":"ping","ref":${ref}}`, `bad_request: Bad ping: ref: ${REF_EXPECTED}`] as const
    ),
  [
    '{"type":"hello","version":9007199254740993}',
    `bad_request: Bad hello: version: ${COUNT_EXPECTED}`,
  ],
  ["\ufeff{}", 'bad_request: Not JSON: "\\ufeff{}"'],
];

for (const [line, expected] of REFUSED) {
  Deno.test(`native refuses ${JSON.stringify(line)} and continues`, () => {
    assertStrictEquals(refusal(line), expected);
  });
}

Deno.test("native quotes nothing of a peer that is long or unsafe to print (F15)", () => {
  const nasty = "\\u001b[2J\\u202e" + "x".repeat(1000);
  for (
    const line of [
      `{"type":"hello","version":"${nasty}"}`,
      `{"type":"say","text":"x","action":"${nasty}"}`,
      `{"type":"ping","ref":["${nasty}"]}`,
      `{"type":"${nasty}"}`,
      "\x1b[2J" + "x".repeat(1000),
    ]
  ) {
    const message = refusal(line);
    // deno-lint-ignore no-control-regex
    assertNotMatch(message, /[\x00-\x1f\u202e]/);
    assert(message.length < 120, message);
  }
});

Deno.test("native echoes the ref of a request it refuses, where it is one", () => {
  assertStrictEquals(requestOf('{"type":"say","ref":7}').ref, 7);
  assertStrictEquals(requestOf('{"type":"shout","ref":"a"}').ref, "a");
  assert(!("ref" in requestOf('{"type":"say","ref":[7]}')));
  assert(!("ref" in requestOf(`{"type":"say","ref":"${"x".repeat(65)}"}`)));
});

Deno.test("native refuses invalid UTF-8 and continues; NUL ends a line (J2, D25, F7, F8)", () => {
  const input = bytes(
    '{"type":"say","text":"',
    0xed,
    0xa0,
    0x80,
    '"}\n{"type":"who"}\0\0\n{"type":\0',
  );
  assertEverySplit(server, input, [
    {
      verb: "invalid",
      failure: { code: "invalid_utf8", message: "Not UTF-8: the line was not delivered" },
      fatal: false,
    },
    { verb: "who" },
    {
      verb: "invalid",
      failure: { code: "bad_request", message: 'Not JSON: "{"type":"' },
      fatal: false,
    },
  ]);
});

Deno.test("native takes a line of exactly the cap, and ends the connection at one byte more (F5)", () => {
  const json = '{"type":"who","pad":"';
  const line = json + "x".repeat(MAX_NATIVE_LINE_BYTES - json.length - 2) + '"}';
  for (const ending of ["\n", "\r\n", ""]) {
    assertEquals(requestOf(line + ending), { verb: "who" });
    const over = requestOf(" " + line + ending);
    assert(over.verb === "invalid" && over.fatal && over.failure.code === "line_too_long");
  }
});

Deno.test("The server half of native answers any bytes the same for any chunks", () => {
  const piece = fc.oneof(
    fc.constantFrom('{"type":"', "say", '","text":"', '"}', "\n", "\r", "\0", "who", "é", "{}"),
    fc.string({ unit: CODE_POINT, maxLength: 5 }),
  );
  assertSameInAnyChunks(fc.oneof(piece, fc.json().map((line) => `${line}\n`)), server, client);
});

const text = fc.string({ unit: CODE_POINT });
const ref = fc.oneof(
  fc.string({ unit: CODE_POINT, maxLength: 32 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) =>
    !Object.is(number, -0) && (!Number.isInteger(number) || Number.isSafeInteger(number))
  ),
);
const to = fc.record({
  sigil: fc.constantFrom("@" as const, "#" as const),
  name: fc.string({ unit: CODE_POINT, minLength: 1 }),
}).map(({ sigil, name }) => ({ sigil, name }));
const requests: fc.Arbitrary<Request> = fc.tuple(
  fc.oneof(
    fc.record({ verb: fc.constant("hello" as const), name: text, version: fc.nat() }, {
      requiredKeys: ["verb"],
    }),
    fc.record({ verb: fc.constant("say" as const), text, to, action: fc.boolean() }, {
      requiredKeys: ["verb", "text"],
    }),
    fc.record({ verb: fc.constant("rename" as const), name: text }),
    fc.record({ verb: fc.constantFrom("join" as const, "leave" as const), group: text }),
    fc.record({
      verb: fc.constant("history" as const),
      since: fc.nat(),
      before: fc.nat(),
      limit: fc.nat(),
    }, { requiredKeys: ["verb"] }),
    fc.record({ verb: fc.constantFrom("who" as const, "groups", "help", "ping", "bye") }),
  ),
  fc.record({ ref }, { requiredKeys: [] }),
).map(([request, answer]) => ({ ...request, ...answer } as Request));

Deno.test("native carries every request from client to server, one line each", () => {
  fc.assert(fc.property(requests, (request) => {
    const line = encode(native.client().encoder, request);
    assertStrictEquals(line.indexOf(0x0a), line.length - 1);
    assertEquals({ ...requestOf(line) }, request);
  }));
});

Deno.test("native cannot express what only users type, and sends a line as a text", () => {
  const { encoder } = native.client();
  assertStrictEquals(encodeText(encoder, { verb: "command", word: "me", rest: "x" }), "");
  assertStrictEquals(encodeText(encoder, { verb: "reply", text: "x" }), "");
  assertStrictEquals(
    encodeText(encoder, { verb: "line", text: "x" }),
    '{"type":"say","text":"x"}\n',
  );
});

Deno.test("native carries every event from server to client at every split", () => {
  const { encoder } = native.server(OPTIONS);
  const encoded = ALL_EVENTS.filter((event) => event.type !== "greeting");
  const wire = bytes(...encoded.map((event) => encodeText(encoder, event)));
  assertEverySplit(client, wire, encoded);
  assertStrictEquals(encodeText(encoder, SAMPLES.greeting), "");
});

Deno.test("native writes one line for any text of an event", () => {
  const { encoder } = native.server(OPTIONS);
  fc.assert(fc.property(text, text, (sent, from) => {
    const event = { ...SAMPLES.message, from, text: sent };
    const line = encode(encoder, event);
    assertStrictEquals(line.indexOf(0x0a), line.length - 1);
    assertEquals(decodeAll(client(), [line]), [event]);
  }));
});

Deno.test("The client half of native drops a last line that was cut off", () => {
  const events: ServerEvent[] = [];
  const decoder = native.client().decoder;
  decoder.feed(bytes('{"type":"pong"}\n{"type":"notice","te'), (event) => events.push(event));
  decoder.end((event) => events.push(event));
  assertEquals(events, [{ type: "pong" }]);
});
