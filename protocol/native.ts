// Dialect `native`, both sides: JSON Lines, minichat's own protocol, specified in docs/protocol.md.
// Lines become checked requests or refusals.

import * as v from "valibot";
import { EN } from "../texts/en.ts";
import type { ClientCodecOptions, Codec, Decoder, Dialect, Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { type Failure, failure, quoted } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import { MAX_NATIVE_LINE_BYTES, MAX_SERVER_LINE_BYTES } from "./limits.ts";
import { overlongLineEvent } from "./overlong_line.ts";
import { LineDecoder } from "./line_decoder.ts";
import { parseEvent } from "./native_events.ts";
import type { Ref, Request, Verb } from "./requests.ts";

const OPEN_BRACE = 0x7b;
/** Longest `ref`, in UTF-16 units. */
const MAX_REF_CHARS = 64;

/** minichat's own protocol. */
export const native: Dialect = {
  name: "native",
  summary: "JSON Lines, the protocol of minichat connect and of bots",
  byHand: undefined,
  echo: true,
  canRefuseName: true,
  confirms: false, // its acknowledgements name the message
  capabilities: {
    answers: true,
    goodbye: true,
    typedCommands: false,
    resumes: true,
    namesByLine: false,
    provesInHello: true,
    headers: false,
  },
  flagsReplay: true,
  detect: (head) => head[0] === OPEN_BRACE ? "yes" : "no",
  server: serverCodec,
  client: clientCodec,
};

/** Messages of checks: {@linkcode issueText} renders them in the reader's language. */
const REF_EXPECTED = "ref";
const COUNT_EXPECTED = "count";
const TARGET_EXPECTED = "@name or #group";

// JSON.parse rounds greater integers: two different refs would become one (J9).
const isExact = (given: number) => !Number.isInteger(given) || Number.isSafeInteger(given);
const refSchema = v.union([
  v.pipe(v.string(), v.maxLength(MAX_REF_CHARS)),
  v.pipe(v.number(), v.finite(REF_EXPECTED), v.check(isExact, REF_EXPECTED)),
], REF_EXPECTED);
const ref = v.optional(refSchema);

// For the same reason no greater integer can be the number of a message.
const count = v.pipe(
  v.number(),
  v.safeInteger(COUNT_EXPECTED),
  v.minValue(0, COUNT_EXPECTED),
);
const target = v.pipe(
  v.string(),
  v.regex(/^[@#]./su, TARGET_EXPECTED),
  v.transform((to) => ({
    sigil: to.startsWith("#") ? "#" as const : "@" as const,
    name: to.slice(1),
  })),
);

/** The fields of each request type; unknown fields are ignored. */
const REQUESTS = {
  hello: v.object({
    name: v.optional(v.string()),
    version: v.optional(v.pipe(v.number(), v.check(isExact, COUNT_EXPECTED))),
    hold: v.optional(v.boolean()),
    resume: v.optional(v.object({ session: v.string(), since: count })),
    password: v.optional(v.string()),
    passphrase: v.optional(v.string()),
    ref,
  }),
  say: v.object({
    text: v.string(),
    to: v.optional(target),
    action: v.optional(v.boolean()),
    ref,
  }),
  rename: v.object({ name: v.string(), ref }),
  join: v.object({ group: v.string(), ref }),
  leave: v.object({ group: v.string(), ref }),
  who: v.object({ ref }),
  whoami: v.object({ ref }),
  groups: v.object({ ref }),
  history: v.object({
    since: v.optional(count),
    before: v.optional(count),
    limit: v.optional(count),
    ref,
  }),
  help: v.object({ ref }),
  ping: v.object({ ref }),
  bye: v.object({ ref }),
  claim: v.object({ passphrase: v.string(), ref }),
  unclaim: v.object({ ref }),
  login: v.object({ name: v.string(), passphrase: v.string(), ref }),
  // Any `line` is accepted: only an operator may learn that the type exists.
  admin: v.object({ line: v.fallback(v.optional(v.string(), ""), ""), ref }),
} as const;

/** The request types a client may send. */
export const REQUEST_TYPES: readonly string[] = Object.keys(REQUESTS);

function serverCodec(): Codec<Request, ServerEvent> {
  const lines = new LineDecoder<Request>(MAX_NATIVE_LINE_BYTES, parseRequest, refuseLine);
  const decoder: Decoder<Request> = {
    feed: (chunk, emit) => lines.feed(chunk, emit),
    end: (emit) => lines.end(emit),
  };
  return { decoder, encoder: SERVER_ENCODER };
}

function refuseLine(failure: Failure): Request {
  return { verb: "invalid", failure, fatal: true };
}

function parseRequest(line: Uint8Array): Request | undefined {
  if (line.length === 0) return undefined; // a blank line is a person pressing Enter in nc
  const text = decodeLine(line, "strict");
  if (typeof text !== "string") return refused(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const shown = quoted(text);
    return refused(failure("bad_request", (t) => t.notJson(shown)));
  }
  const head = v.safeParse(v.object({ type: v.string(), ref: v.optional(v.unknown()) }), json);
  if (!head.success) return refused(failure("bad_request", (t) => t.notRequest));
  const { type } = head.output;
  const givenRef = v.safeParse(refSchema, head.output.ref);
  const known = givenRef.success ? givenRef.output : undefined;
  if (!Object.hasOwn(REQUESTS, type)) {
    const shown = quoted(type);
    return refused(failure("unknown_command", (t) => t.unknownType(shown)), known);
  }
  const parsed = v.safeParse(REQUESTS[type as keyof typeof REQUESTS], json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? "request";
    const textOf = issueText(issue);
    const problem = failure("bad_request", (t) => t.badField(type, field, textOf(t)));
    return refused(problem, known);
  }
  return { verb: type, ...parsed.output } as Request;
}

/** The text of an issue; it quotes nothing of the peer's input, which may be long or unsafe to print. */
function issueText({ kind, received, expected, message }: v.BaseIssue<unknown>): Failure["text"] {
  if (message === REF_EXPECTED) {
    return (t) => t.refExpected(MAX_REF_CHARS, Number.MAX_SAFE_INTEGER);
  }
  if (kind === "schema") {
    return (t) => received === "undefined" ? t.fieldMissing : t.fieldExpected(expected ?? "");
  }
  switch (message) {
    case COUNT_EXPECTED:
      return (t) => t.countExpected(Number.MAX_SAFE_INTEGER);
    case TARGET_EXPECTED:
      return (t) => t.fieldExpected(TARGET_EXPECTED);
    default:
      return () => message; // the validator's text, such as "Invalid finite: Received Infinity"
  }
}

function refused(problem: Failure, ref?: Ref): Request {
  const invalid = { verb: "invalid", failure: problem, fatal: false } as const;
  return ref === undefined ? invalid : { ...invalid, ref };
}

const SERVER_ENCODER: Encoder<ServerEvent> = {
  encode(event, out) {
    // A greeting is for connections whose dialect is still unknown.
    if (event.type !== "greeting") out.text(JSON.stringify(event) + "\n");
  },
};

function clientCodec({ texts = EN }: ClientCodecOptions = {}): Codec<ServerEvent, Request> {
  const lines = new LineDecoder<ServerEvent>(
    MAX_SERVER_LINE_BYTES,
    (line) => parseEvent(line, texts),
    (failure) => overlongLineEvent(failure, texts),
  );
  const decoder: Decoder<ServerEvent> = {
    feed: (chunk, emit) => lines.feed(chunk, emit),
    // A line without a newline was cut off with the connection and is dropped.
    end: () => {},
    // Another program's prompt: JSON that the network holds up is never cut.
    pause: (emit) => lines.pauseUnless((start) => start[0] === OPEN_BRACE, emit),
  };
  return { decoder, encoder: CLIENT_ENCODER };
}

/**
 * Requests that native does not have: those of dialects typed by hand, and those that only a server
 * makes.
 */
const NOT_SENT: ReadonlySet<Verb> = new Set([
  "invalid",
  "command",
  "reply",
  "secret",
  "answer",
  "hangup",
]);

const CLIENT_ENCODER: Encoder<Request> = {
  encode(request, out) {
    if (NOT_SENT.has(request.verb)) return;
    if (request.verb === "line") {
      return out.text(JSON.stringify({ type: "say", text: request.text }) + "\n");
    }
    const { verb, ...fields } = request;
    const to = "to" in fields && fields.to ? { to: fields.to.sigil + fields.to.name } : {};
    out.text(JSON.stringify({ type: verb, ...fields, ...to }) + "\n");
  },
};
