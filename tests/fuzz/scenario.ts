// One input of the fuzzer: who connects, what each sends and what else happens, in which order.
// Plain data that a file can hold and replay.

import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { DialectName } from "../../protocol/dialect.ts";

/** A client that connects, and to which listener. */
export interface Actor {
  readonly kind: "tcp" | "unix";
  /** Whether the listener sends joins, leaves and refusals in every dialect (D17). */
  readonly notices: boolean;
  /** The only dialect of the listener (default all). */
  readonly pinned?: DialectName;
}

/** A member that registers correctly, reads, and sends nothing. */
export interface SilentMember {
  readonly dialect: DialectName;
  /** Index into the layouts of `framed`. */
  readonly layout: number;
}

/** The commands that an operator can give. */
export const ORDERS = ["kick", "ban", "unban", "mute", "unmute", "tell", "wall"] as const;

/** One step. `who` is the index of an actor. */
export type ScenarioStep =
  /** Sends bytes; half-closes after them if `end` is set. */
  | { readonly does: "send"; who: number; bytes: Uint8Array; readonly end?: true }
  | { readonly does: "reset"; who: number }
  /** Stops reading after `room` more bytes. */
  | { readonly does: "stall"; who: number; readonly room: number }
  /** Reads again. */
  | { readonly does: "read"; who: number }
  /** Lets every write to it fail from now on. */
  | { readonly does: "deafen"; who: number }
  | { readonly does: "wait"; readonly ms: number }
  | {
    readonly does: "order";
    readonly order: typeof ORDERS[number];
    readonly subject: string;
    readonly reason: string;
  };

/** One input of the fuzzer. */
export interface Scenario {
  actors: Actor[];
  listeners: SilentMember[];
  steps: ScenarioStep[];
  /** Where the delivery "in two" cuts the bytes. */
  cut: number;
  /** Whether the server's limits are so low that a few clients reach them. */
  tight: boolean;
}

/** A copy that can be changed on its own; the bytes are shared. */
export function copy({ actors, listeners, steps, cut, tight }: Scenario): Scenario {
  return {
    actors: [...actors],
    listeners: [...listeners],
    steps: steps.map((step) => ({ ...step })),
    cut,
    tight,
  };
}

/** As JSON, one step a line; bytes as the characters U+0000 to U+00FF. */
export function toJson({ actors, listeners, steps, cut, tight }: Scenario): string {
  const lines = steps.map((step) =>
    JSON.stringify(step.does === "send" ? { ...step, bytes: toLatin1(step.bytes) } : step)
  );
  return [
    "{",
    `"actors": ${JSON.stringify(actors)},`,
    `"listeners": ${JSON.stringify(listeners)},`,
    `"cut": ${cut},`,
    `"tight": ${tight},`,
    '"steps": [',
    lines.join(",\n"),
    "]}\n",
  ].join("\n");
}

/** The opposite of {@linkcode toJson}; throws a SyntaxError for anything else. */
export function fromJson(text: string): Scenario {
  const { actors, listeners, steps, cut, tight } = JSON.parse(text);
  if (![actors, listeners, steps].every(Array.isArray)) {
    throw new SyntaxError("Not a session: expected actors, listeners and steps");
  }
  for (const { dialect } of listeners) {
    if (!DIALECT_NAMES.includes(dialect)) throw new SyntaxError(`No such dialect: "${dialect}"`);
  }
  return {
    actors,
    listeners,
    cut: Number(cut),
    tight: Boolean(tight),
    steps: steps.map((step: { does: string; bytes: string }) =>
      step.does === "send" ? { ...step, bytes: fromLatin1(step.bytes) } : step
    ),
  };
}

/** Bytes as text, one character each. */
export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** Bytes of text whose characters are below U+0100. */
export function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
