// Dialect `native`, both sides: JSON Lines, minichat's own protocol, specified in docs/protocol.md.
// Lines become checked requests or refusals.

import * as v from "valibot";
import { EN } from "../texts/en.ts";
import type { ClientCodecOptions, Codec, Decoder, Dialect, Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { type Failure, failure, quoted } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import {
  MAX_JSON_DEPTH,
  MAX_JSON_ITEMS,
  MAX_NATIVE_LINE_BYTES,
  MAX_SERVER_LINE_BYTES,
} from "./limits.ts";
import { overlongLineEvent } from "./overlong_line.ts";
import { JsonExtent, objectsIn } from "./json_extent.ts";
import { exceedsJsonLimits } from "./json_limits.ts";
import { LineDecoder, LineReader } from "./line_decoder.ts";
import { aliasedName, aliasedRequests, type Introduction } from "./native_aliases.ts";
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
  dropsOwnName: false,
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
  return { decoder: new NativeReader(), encoder: SERVER_ENCODER };
}

/** One line can be several requests: a name and a text, or objects without line ends between them. */
type Requests = Request | readonly Request[];

/** A client that has not given its name. */
const STRANGER: Introduction = Object.freeze({ name: undefined, isOwn: false });

/** Decodes a client's lines; also objects of other shapes, and of a client that ends no lines. */
class NativeReader extends LineReader<Request> {
  /** Of the objects received since the last line or pause; exists only while no line has ended. */
  #extent: JsonExtent | undefined;
  #client = STRANGER;

  constructor() {
    super(MAX_NATIVE_LINE_BYTES);
  }

  override feed(chunk: Uint8Array, emit: (request: Request) => void): void {
    if (!this.endsLines) (this.#extent ??= new JsonExtent()).feed(chunk);
    super.feed(chunk, emit);
    if (this.endsLines) this.#extent = undefined;
  }

  override end(emit: (request: Request) => void): void {
    this.#extent = undefined;
    super.end(emit);
  }

  /** Silence completes whole objects alone (D24). */
  override get pendingBytes(): number {
    return this.#extent?.isWhole ? super.pendingBytes : 0;
  }

  protected override read(line: Uint8Array): Requests | undefined {
    if (line.length === 0) return undefined; // a blank line is a person pressing Enter in nc
    const text = decodeLine(line, "strict");
    if (typeof text !== "string") return refused(text);
    if (exceedsJsonLimits(text)) {
      const problem = failure("bad_request", (t) => t.jsonTooLarge(MAX_JSON_DEPTH, MAX_JSON_ITEMS));
      return refused(problem);
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      const objects = objectsIn(text);
      if (objects !== undefined) return objects.flatMap((one) => this.#requests(one));
      const shown = quoted(text);
      return refused(failure("bad_request", (t) => t.notJson(shown)));
    }
    return this.#requests(json);
  }

  protected override refuse(failure: Failure): Request {
    return { verb: "invalid", failure, fatal: true };
  }

  #requests(json: unknown): Requests {
    const { request, isOpen } = ownRequest(json);
    const isKnown = this.#client.name !== undefined;
    if (request.verb === "say" && isKnown) return request;
    const needsOthers = request.verb === "invalid" || !isKnown;
    const requests = needsOthers ? this.#withAliases(json, request, isOpen) : request;
    for (const one of Array.isArray(requests) ? requests : [requests]) {
      const isOwn = this.#client.isOwn || (one.verb === "hello" && one === request);
      if (one.verb === "hello" || one.verb === "rename") {
        this.#client = { name: one.name ?? "", isOwn };
      } else if (one.verb === "say") this.#client = { name: this.#client.name ?? "", isOwn };
    }
    return requests;
  }

  /** The request itself, unless an object of another shape stands for others, or names its author. */
  #withAliases(json: unknown, request: Request, isOpen: boolean): Requests {
    if (request.verb === "invalid") {
      if (!isOpen) return request;
      const requests = aliasedRequests(json, this.#client);
      return requests === undefined ? request : withRef(requests, json);
    }
    if (request.verb === "hello" && request.name === undefined && request.resume === undefined) {
      const name = aliasedName(json);
      return name === undefined ? request : { ...request, name };
    }
    if (request.verb !== "say" && request.verb !== "join") return request;
    const name = aliasedName(json);
    return name === undefined ? request : [{ verb: "hello", name }, request];
  }
}

/** A request of native's own types; `isOpen` if another shape may explain the object. */
function ownRequest(json: unknown): { readonly request: Request; readonly isOpen: boolean } {
  const head = v.safeParse(v.object({ type: v.string(), ref: v.optional(v.unknown()) }), json);
  if (!head.success) {
    return { request: refused(failure("bad_request", (t) => t.notRequest)), isOpen: true };
  }
  const { type } = head.output;
  const ref = refOf(head.output.ref);
  if (!Object.hasOwn(REQUESTS, type)) {
    const shown = quoted(type);
    const problem = failure("unknown_command", (t) => t.unknownType(shown));
    return { request: refused(problem, ref), isOpen: true };
  }
  const parsed = v.safeParse(REQUESTS[type as keyof typeof REQUESTS], json);
  if (parsed.success) {
    return { request: { verb: type, ...parsed.output } as Request, isOpen: false };
  }
  const [issue] = parsed.issues;
  const isOpen = issue.kind === "schema" && issue.received === "undefined";
  return { request: refused(badField(type, issue), ref), isOpen };
}

function badField(type: string, issue: v.BaseIssue<unknown>): Failure {
  const field = v.getDotPath(issue) ?? "request";
  const textOf = issueText(issue);
  return failure("bad_request", (t) => t.badField(type, field, textOf(t)));
}

function refOf(given: unknown): Ref | undefined {
  const parsed = v.safeParse(refSchema, given);
  return parsed.success ? parsed.output : undefined;
}

/** The last of `requests`, which is answered, gets the object's `ref`. */
function withRef(requests: readonly Request[], json: unknown): Requests {
  const given = v.safeParse(v.looseObject({ ref }), json);
  if (!given.success) return refused(badField("request", given.issues[0]));
  const last = requests.at(-1);
  if (last === undefined || given.output.ref === undefined) return requests;
  return [...requests.slice(0, -1), { ...last, ref: given.output.ref }];
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
