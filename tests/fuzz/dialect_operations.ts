// How a client of each dialect requests an operation, and whether it received the right events.

import { assert, assertEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { type DialectPhrases, phrasesOf } from "../dialect_phrases.ts";
import { encode } from "../protocol/splits.ts";
import type { Operation } from "./operation.ts";
import { toLatin1 } from "./scenario.ts";

/** The bytes by which `dialect` asks for that; undefined if it has no command for it. */
export function encodeOperation(dialect: DialectName, op: Operation): Uint8Array | undefined {
  const phrases = phrasesOf(dialect);
  switch (op.does) {
    case "connect":
      return phrases.hello(op.name, { path: "/s" });
    case "say":
      return encodeSay(phrases, op);
    case "reply":
      return op.text.trim() === "" ? undefined : phrases.reply?.(op.text);
    case "rename":
      return phrases.rename(op.name);
    case "join":
    case "leave":
      return phrases.groups?.[op.does](op.group);
    case "history":
      return phrases.history?.(op.limit);
    case "who":
      return phrases.who;
    case "groups":
      return phrases.groups?.list;
    case "bye":
      return phrases.quit;
    default:
      return undefined;
  }
}

function encodeSay(
  phrases: DialectPhrases,
  { text, to }: Extract<Operation, { does: "say" }>,
): Uint8Array | undefined {
  if (phrases.dialect === "etx" && text.trim() === "") return undefined;
  if (to === undefined) return phrases.say(text);
  if (to.sigil === "@") return phrases.sayTo?.(to.name, text);
  // Only native says whether a member or a group is meant.
  return phrases.dialect === "native" ? phrases.groups?.say(to.name, text) : undefined;
}

/**
 * Fails unless `got` are the bytes of `expected` in `dialect`; the texts of errors are not
 * compared.
 */
export function assertEventsReceived(
  dialect: DialectName,
  expected: readonly ServerEvent[],
  got: Uint8Array,
): void {
  if (dialect === "native") {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(got);
    const events = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    const plain = events.map((event) => ({
      ...event,
      ...(event.type === "error" ? { message: "" } : {}),
      ...(event.type === "welcome" ? { session: "" } : {}),
    }));
    return assertEquals<unknown>(plain, expected);
  }
  const codec = dialectNamed(dialect)?.server({ notices: dialect !== "framed", asksName: false });
  assert(codec);
  const wanted = expected.map((event) => {
    const reported = event.type === "error" ? { ...event, message: "ANY" } : event;
    const pattern = RegExp.escape(toLatin1(encode(codec.encoder, reported)));
    return event.type === "error" ? pattern.replace(/\\x41NY|ANY/, "[^\\n\\x03]+") : pattern;
  });
  const text = toLatin1(got);
  assert(
    new RegExp(`^${wanted.join("")}$`, "s").test(text),
    `${dialect} got ${JSON.stringify(text)} for ${JSON.stringify(expected)}`,
  );
}
