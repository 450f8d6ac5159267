// Converts messages to rows of the table `message` and back.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Ref } from "../../protocol/requests.ts";
import { visible } from "../../protocol/sanitize.ts";
import { bounded, LATEST_MS, MAX_STORED } from "../store/bounded_columns.ts";
import type { Audience, Draft } from "./history.ts";

/** The columns of {@linkcode rowOf}, in its order. */
export const MESSAGE_COLUMNS =
  "seq, at, sender, target, text, action, kind, a, b, session, ref, source";

/** The columns as they are read: a row changed by hand may have numbers that no message has. */
export const READ_COLUMNS = `seq, ${bounded("at", LATEST_MS)}, sender, target, text, action <> 0 \
AS action, ${bounded("kind", 9)}, ${bounded("a", MAX_STORED)}, ${bounded("b", MAX_STORED)}`;

/** The column of {@linkcode rowOf} that files of earlier versions lack. */
export const SOURCE_COLUMN = bounded("source", MAX_STORED);

/** The condition of a row whose number a message can have. */
export const READABLE = `seq BETWEEN 1 AND ${MAX_STORED}`;

/** A row of the table as read. */
export type MessageRow = Record<string, unknown>;

/** A value that can be stored. */
type Value = number | string | null;

/** The `kind` of messages that everyone may read. */
export const EVERYONE = 0;
const PEOPLE = 1;
const GROUP = 2;

const ALL: Audience = { kind: "everyone" };

/** The row of a draft; `at` in milliseconds since the epoch, `source` of its sender's address. */
export function rowOf(
  draft: Draft,
  { seq, at, source }: {
    readonly seq: number;
    readonly at: number;
    readonly source: number | null;
  },
): Value[] {
  const { from, to, text, action, audience, origin } = draft;
  const { serial = null, ref = null } = origin ?? {};
  return [
    seq,
    at,
    from,
    to ?? null,
    text,
    action ? 1 : 0,
    ...readersOf(audience),
    serial,
    ref === null ? null : refText(ref),
    source,
  ];
}

/** A ref as stored: the number 1 and the text "1" differ. */
export function refText(ref: Ref): string {
  return JSON.stringify(ref);
}

/** The message of a row, as sent; made safe again, since another program may have changed it. */
export function messageOf(row: MessageRow): MessageEvent {
  const { seq, at, sender, target, text, action } = row;
  return {
    type: "message",
    seq: Number(seq),
    at: new Date(Number(at)).toISOString(),
    from: visible(String(sender)),
    ...(target === null ? {} : { to: visible(String(target)) }),
    text: visible(String(text)),
    ...(action ? { action: true } : {}),
  };
}

/** Who may read the message of a row. */
export function audienceOf({ kind, a, b }: MessageRow): Audience {
  if (kind === EVERYONE) return ALL;
  if (kind === GROUP) return { kind: "group", serial: Number(a), sender: Number(b) };
  return { kind: "people", serials: [Number(a), Number(b)] };
}

function readersOf(audience: Audience): [number, number | null, number | null] {
  switch (audience.kind) {
    case "everyone":
      return [EVERYONE, null, null];
    case "people": {
      const [a = 0, b = a] = audience.serials;
      return [PEOPLE, a, b];
    }
    case "group":
      return [GROUP, audience.serial, audience.sender];
  }
}
