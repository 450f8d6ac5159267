// How a client of each dialect asks for an operation, and how what it got is held against events.

import assert from "node:assert/strict";
import type { DialectName } from "../../protocol/dialect.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { frame } from "../../protocol/frames.ts";
import { encode } from "../protocol/splits.ts";
import type { Operation } from "./operation.ts";
import { toLatin1 } from "./scenario.ts";
import { utf8 } from "./play_scenario.ts";

const STRUCT = { headerBytes: 16, littleEndian: true } as const;

/** The bytes by which `dialect` asks for that; nothing where it has no words for it. */
export function encodeOperation(dialect: DialectName, op: Operation): Uint8Array | undefined {
  if (dialect === "framed") return framedWords(op);
  const words = dialect === "native" ? json(op) : LINES[dialect](op);
  return words === undefined ? undefined : utf8(`${words}\n`);
}

function framedWords(op: Operation): Uint8Array | undefined {
  if (op.does === "connect" || op.does === "rename") return frame(STRUCT, 0, op.name);
  return op.does === "say" && op.to === undefined ? frame(STRUCT, 1, op.text) : undefined;
}

function json(op: Operation): string | undefined {
  switch (op.does) {
    case "connect":
      return JSON.stringify({ type: "hello", name: op.name });
    case "say": {
      const to = op.to && op.to.sigil + op.to.name;
      return JSON.stringify({ type: "say", text: op.text, to });
    }
    case "rename":
      return JSON.stringify({ type: "rename", name: op.name });
    case "join":
    case "leave":
      return JSON.stringify({ type: op.does, group: op.group });
    case "history":
      return JSON.stringify({ type: "history", limit: op.limit });
    case "who":
    case "groups":
    case "bye":
      return JSON.stringify({ type: op.does });
    default:
      return undefined;
  }
}

const LINES: Readonly<
  Record<"plain" | "usermsg" | "etx", (op: Operation) => string | undefined>
> = {
  usermsg(op) {
    if (op.does === "connect" || op.does === "rename") return `USER ${op.name}`;
    return op.does === "say" && op.to === undefined ? `MSG ${op.text}` : undefined;
  },
  plain(op) {
    switch (op.does) {
      case "connect":
      case "rename":
        return `/name ${op.name}`;
      case "say":
        if (op.to === undefined) return op.text;
        return op.to.sigil === "@" ? `@${op.to.name} ${op.text}` : undefined;
      case "reply":
        return op.text.trim() === "" ? undefined : `/reply ${op.text}`;
      case "join":
      case "leave":
        return `/${op.does} ${op.group}`;
      case "history":
        return `/history ${op.limit}`;
      case "who":
        return "/list";
      case "groups":
        return "/groups";
      case "bye":
        return "/quit";
      default:
        return undefined;
    }
  },
  etx(op) {
    switch (op.does) {
      case "connect":
        return `hello ${op.name}`;
      case "rename":
        return `n ${op.name}`;
      case "say":
        if (op.text.trim() === "" || op.to?.sigil === "#") return undefined;
        return op.to === undefined ? `b ${op.text}` : `s ${op.to.name} ${op.text}`;
      case "join":
        return `j ${op.group}`;
      case "leave":
        return `p ${op.group}`;
      case "who":
        return "l";
      case "groups":
        return "l g";
      case "bye":
        return "q";
      default:
        return undefined;
    }
  },
};

/** Fails unless `got` is exactly what `dialect` makes of `expected`; the words of errors are free. */
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
    return assert.deepEqual(plain, expected);
  }
  const codec = dialectNamed(dialect)?.server({ notices: dialect !== "framed", asksName: false });
  assert.ok(codec);
  const wanted = expected.map((event) => {
    const told = event.type === "error" ? { ...event, message: "ANY" } : event;
    const pattern = RegExp.escape(toLatin1(encode(codec.encoder, told)));
    return event.type === "error" ? pattern.replace(/\\x41NY|ANY/, "[^\\n\\x03]+") : pattern;
  });
  const text = toLatin1(got);
  assert.ok(
    new RegExp(`^${wanted.join("")}$`, "s").test(text),
    `${dialect} got ${JSON.stringify(text)} for ${JSON.stringify(expected)}`,
  );
}
