// Invariants of everything that was observed in one play, whatever was sent in it.

import { detect } from "../../protocol/detect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { findLayout } from "../../protocol/find_layout.ts";
import { layoutKey } from "../../protocol/frame_layouts.ts";
import { concatBuffers } from "../../protocol/first_bytes.ts";
import { MAX_FRAME_BYTES } from "../../protocol/limits.ts";
import type { Scenario } from "./scenario.ts";
import type { FuzzConnection } from "./fuzz_connection.ts";
import { read } from "./wire_readers.ts";
import { InvariantError } from "./invariant_error.ts";
import { transcript } from "./transcript.ts";
import { CHUNKINGS } from "./chunking.ts";
import { play, type PlayResult } from "./play_scenario.ts";

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const AT = 0x40;
const SLASH = 0x2f;
/** What a client sends in so many reads, byte by byte, that they take longer than a tight deadline. */
const MUCH_BYTES = 16 * 1024;

/** Plays `scenario` in every delivery; returns the broken invariant, if any, and the features. */
export async function tryScenario(
  scenario: Scenario,
): Promise<{ broken?: InvariantError; features: ReadonlySet<string> }> {
  const features = new Set<string>();
  try {
    const [first, ...more] = CHUNKINGS;
    const isDependent = isCutDependent(scenario);
    const others = isDependent ? [] : more;
    const whole = await play(scenario, first);
    whole.features.forEach((feature) => features.add(feature));
    checkPlayed(whole, isDependent);
    const expected = transcript(whole);
    for (const delivery of others) {
      const got = transcript(await play(scenario, delivery));
      if (got !== expected) {
        throw new InvariantError("delivery", difference(delivery, expected, got));
      }
    }
  } catch (problem) {
    return { broken: InvariantError.of(problem), features };
  }
  return { features };
}

/**
 * Whether the result may depend on the cuts. By design it does (docs/dialects.md) if the first
 * bytes could be of several layouts or protocols, as a NUL, which ends a line or begins a length, and
 * which with control characters is no text; for a client that ends no lines, where silence and
 * the bytes of a read do (D24); for one that sends much under tight limits, where a
 * deadline may come before the last of many reads; and for a client that reads no more: the system
 * decides whether its end or the failure of a write to it comes first.
 */
function isCutDependent({ actors, steps, tight }: Scenario): boolean {
  if (steps.some(({ does }) => does === "deafen")) return true;
  return actors.some((_, who) => {
    const sent = steps.flatMap((step) => step.does === "send" && step.who === who ? [step] : []);
    const head = sent.reduce((all, { bytes }) => concatBuffers(all, bytes), new Uint8Array(0));
    const endsNoLines = !head.some((byte) => byte === LF || byte === CR);
    if (endsNoLines && head.some((byte) => byte === AT || byte === SLASH)) return true;
    if (waitsUnended(steps, who)) return true;
    if (tight && head.length > MUCH_BYTES) return true;
    if (head[0] === NUL || (head.includes(NUL) && head.some(isControl))) return true;
    return isAmbiguous(head, sent.map(({ bytes }) => bytes.length));
  });
}

/** Whether text of a client without a line end is followed by silence. */
function waitsUnended(steps: Scenario["steps"], who: number): boolean {
  let isEnded = true;
  return steps.some((step) => {
    if (step.does === "wait") return !isEnded;
    if (step.does === "send" && step.who === who && step.bytes.length > 0) {
      const last = step.bytes.at(-1);
      isEnded = last === LF || last === CR;
    }
    return false;
  });
}

function isControl(byte: number): boolean {
  return byte < 0x20 && ![NUL, LF, CR, 0x09].includes(byte);
}

/** Whether more bytes would change what fewer ones have decided: the dialect, refusal or layout. */
function isAmbiguous(head: Uint8Array, lengths: readonly number[]): boolean {
  let end = 0;
  const ends = lengths.map((length) => end += length);
  const verdicts = [...Array.from({ length: 40 }, (_, at) => at + 1), ...ends]
    .filter((length) => length > 0 && length <= head.length)
    .map((length) => verdictOn(head.subarray(0, length)));
  return new Set(verdicts.slice(verdicts.findIndex((one) => one !== "more"))).size > 1;
}

function verdictOn(head: Uint8Array): string {
  const detected = detect(head, false);
  if (detected.kind === "more") return "more";
  if (detected.kind === "refused") return detected.protocol ?? detected.failure.code;
  const layout = detected.dialect.name === "framed" && findLayout(head, MAX_FRAME_BYTES);
  return typeof layout === "object" ? layoutKey(layout) : detected.dialect.name;
}

function difference(delivery: string, expected: string, got: string): string {
  let at = 0;
  while (expected[at] === got[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 60), at + 100);
  return `${delivery} differs\n  whole: ${around(expected)}\n  other: ${around(got)}`;
}

/** `isDependent`: first bytes may have been answered as frames of another layout than later ones. */
function checkPlayed(played: PlayResult, isDependent: boolean): void {
  const readers = [played.canary, ...played.listeners, ...played.connections];
  for (const [at, connection] of readers.entries()) {
    const { items, problem } = readAll(connection, played);
    const who = at <= played.listeners.length ? "a listener" : "the sender";
    if (who === "the sender" && isDependent && connection.dialect === "framed") continue;
    if (problem !== undefined) throw new InvariantError(`bytes for ${who}`, problem);
    if (isWhole(connection, played)) checkReceipts(connection, items);
  }
  checkReceived(played);
}

function readAll(connection: FuzzConnection, played: PlayResult) {
  const { dialect, layout, socket } = connection;
  return read(socket.bytes, { dialect, layout, whole: isWhole(connection, played) });
}

function isWhole({ readsAll }: FuzzConnection, { closed }: PlayResult): boolean {
  return readsAll && !closed.has("slow") && !closed.has("error");
}

/** Each message has its acknowledgement, once and in order, if the dialect has them. */
function checkReceipts({ dialect, layout, sent }: FuzzConnection, items: readonly string[]): void {
  if (dialect === "native") {
    // Sent again with the same ref, a message is acknowledged again and not stored again.
    const acks = [...new Set(events(items, "ack").map(({ seq }) => seq))];
    const own = acks.filter((seq) => sent.includes(seq));
    if (`${own}` !== `${sent}`) throw new InvariantError("receipts", `${acks} for ${sent}`);
  }
  const oks = items.filter((item) => item === "ok").length;
  if (dialect === "framed" && layout.shape === undefined && oks !== sent.length) {
    throw new InvariantError("receipts", `${oks} times ok for ${sent.length} messages`);
  }
}

/** The canary receives everything that is for everyone, once and in order. */
function checkReceived(played: PlayResult): void {
  const { items } = readAll(played.canary, played);
  const received = events(items, "message").filter(({ to }) => to === undefined).map(({ seq }) =>
    seq
  );
  const stored = played.messages.filter(({ to }) => to === undefined).map(({ seq }) => seq);
  if (`${received}` !== `${stored}`) {
    throw new InvariantError("delivered", `received ${received}, stored ${stored}`);
  }
}

function events<Type extends ServerEvent["type"]>(
  items: readonly string[],
  type: Type,
): Extract<ServerEvent, { type: Type }>[] {
  return items.map((item) => JSON.parse(item)).filter((event) => event.type === type);
}
