// Decodes a server's events in `native`: checks the fields that a client relies on. Types and
// fields of a later version are accepted.

import * as v from "valibot";
import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "./events.ts";
import { lineText } from "./framing.ts";
import { failure, quoted } from "./failures.ts";
import { refusalEvent } from "./refusal_event.ts";

const names = v.array(v.string());
const person = v.looseObject({ name: v.string(), groups: names });
const message = v.looseObject({
  type: v.literal("message"),
  seq: v.number(),
  at: v.string(),
  from: v.string(),
  to: v.optional(v.string()),
  text: v.string(),
});
const withName = v.looseObject({ name: v.string(), group: v.optional(v.string()) });

const commands = v.array(v.looseObject({ usage: v.string(), help: v.string() }));

const EVENTS: Readonly<Record<ServerEvent["type"], v.GenericSchema>> = {
  message,
  welcome: v.looseObject({
    name: v.string(),
    session: v.optional(v.string()),
    seq: v.optional(v.number()),
    users: names,
    groups: names,
    total: v.number(),
  }),
  gap: v.looseObject({ from: v.number(), to: v.number() }),
  ack: v.looseObject({ seq: v.number(), recipients: v.number() }),
  joined: withName,
  left: withName,
  presence: v.looseObject({
    joined: v.number(),
    left: v.number(),
    names,
    gone: names,
    total: v.number(),
  }),
  renamed: v.looseObject({ was: v.string(), name: v.string() }),
  you: v.looseObject({ name: v.string() }),
  who: v.looseObject({ users: v.array(person), total: v.number() }),
  groups: v.looseObject({
    groups: v.array(v.looseObject({ name: v.string(), members: names })),
    total: v.number(),
  }),
  history: v.looseObject({
    messages: v.array(message),
    more: v.optional(v.boolean()),
    next: v.optional(v.number()),
  }),
  greeting: v.looseObject({ here: v.number(), commands }),
  help: v.looseObject({ commands }),
  notice: v.looseObject({ text: v.string() }),
  shutdown: v.looseObject({ in: v.nullable(v.number()) }),
  pong: v.looseObject({}),
  closed: v.looseObject({ reason: v.string(), text: v.string() }),
  error: v.looseObject({ code: v.string(), message: v.string() }),
};

/**
 * The event of one line; an `error` for an invalid line. A type of a later version is returned as
 * it is, for programs that read JSON; code that switches on the type ignores it.
 */
export function parseEvent(line: Uint8Array, texts: Texts = EN): ServerEvent {
  const text = lineText(line);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return notNative(text, texts);
  }
  const head = v.safeParse(v.looseObject({ type: v.string() }), json);
  if (!head.success) return notNative(text, texts);
  const { type } = head.output;
  if (!Object.hasOwn(EVENTS, type)) return json as ServerEvent;
  const schema = EVENTS[type as keyof typeof EVENTS];
  return v.is(schema, json) ? json as ServerEvent : notNative(text, texts);
}

/**
 * Characters quoted of a line that is not JSON: it may be a text that names a remedy, such as
 * another port.
 */
const MAX_TEXT_CHARS = 200;

function notNative(line: string, texts: Texts): ServerEvent {
  const shown = /^[[{]/.test(line) ? quoted(line) : quoted(line, MAX_TEXT_CHARS);
  return refusalEvent(failure("bad_request", (t) => t.serverLineNotNative(shown)), texts);
}
