// What a peer may ask for, whatever its dialect. Pure data: no limits, no names of people
// checked. server/chat/perform.ts gives each verb its meaning, commands.ts its words.

import type { Failure } from "./failures.ts";

/** A client's own id for a request, echoed in the answer; at most 64 characters as a string. */
export type Ref = string | number;

/** Whom a message is for: `@x` is a person, else a group (R79, D21); `#x` only a group. */
export interface Target {
  readonly sigil: "@" | "#";
  readonly name: string;
}

/** Which session to go on with, and the number of the last message it has. */
export interface Resume {
  /** The secret token of an earlier `welcome`. */
  readonly session: string;
  /** The greatest `seq` received, 0 for none. */
  readonly since: number;
}

/** One request, decoded. Text is UTF-8 made whole, not yet sanitised or measured. */
export type Request =
  & (
    /** Registration; without `name` the default name `userID` is given (R58). */
    | {
      readonly verb: "hello";
      readonly name?: string;
      readonly version?: number;
      /** Keeps its name and groups for the grace time when the connection breaks. */
      readonly hold?: boolean;
      readonly resume?: Resume;
      /** The server's, where it has one. */
      readonly password?: string;
      /** Proves a claimed name. */
      readonly passphrase?: string;
    }
    /** A message to everyone, or to `to`; an `action` is shown as `* alice waves`. */
    | {
      readonly verb: "say";
      readonly text: string;
      readonly to?: Target;
      readonly action?: boolean;
    }
    /** A line of a dialect that asks for the name first: the name while there is none, then a message. */
    | { readonly verb: "line"; readonly text: string }
    /** A message to whoever last wrote to this peer privately. */
    | { readonly verb: "reply"; readonly text: string }
    /** `passphrase` counts where the name is claimed. */
    | { readonly verb: "rename"; readonly name: string; readonly passphrase?: string }
    | { readonly verb: "join"; readonly group: string }
    | { readonly verb: "leave"; readonly group: string }
    | { readonly verb: "who" }
    /** Who one is oneself: the answer is `you` (R60). */
    | { readonly verb: "whoami" }
    | { readonly verb: "groups" }
    /**
     * Messages with a number greater than `since` and smaller than `before`, at most `limit`: the oldest of
     * them for `since` alone (forward), else the newest (backward).
     */
    | {
      readonly verb: "history";
      readonly since?: number;
      readonly before?: number;
      readonly limit?: number;
    }
    | { readonly verb: "help" }
    | { readonly verb: "ping" }
    /** Leaves; others read the `reason`, cut to `MAX_REASON_CHARS`. */
    | { readonly verb: "bye"; readonly reason?: string }
    /** An orderly end of the transport, no goodbye: the name is held as after a lost connection. */
    | { readonly verb: "hangup" }
    /** The decoder's own answer, sent in order with all others; `bytes` is no view of a chunk. */
    | { readonly verb: "answer"; readonly bytes: Uint8Array }
    /** Makes the own name this person's for good: whoever wants it later must give the passphrase. */
    | { readonly verb: "claim"; readonly passphrase: string }
    | { readonly verb: "unclaim" }
    /** Proves a claimed name and takes it, from another connection of the same person too. */
    | { readonly verb: "login"; readonly name: string; readonly passphrase: string }
    /** An operator's order as typed, `kick bob`: to everybody else there is no such thing (F68). */
    | { readonly verb: "admin"; readonly line: string }
    /** A line read while a secret was asked for; `means` is what it is where none was. */
    | { readonly verb: "secret"; readonly text: string; readonly means: Request }
    /** A command as typed, `/word rest`: the core's table turns it into one of the above. */
    | { readonly verb: "command"; readonly word: string; readonly rest: string }
    /** Input that is no request; `fatal` when the byte stream can no longer be trusted. */
    | {
      readonly verb: "invalid";
      readonly failure: Failure;
      readonly fatal: boolean;
      /** As it was typed, where it may be an operator's order. */
      readonly typed?: string;
    }
  )
  & { readonly ref?: Ref };

/** The verbs of {@linkcode Request}. */
export type Verb = Request["verb"];

/** The `ref` field for an answer; absent when the request had none. */
export function withRef(ref: Ref | undefined): { ref?: Ref } {
  return ref === undefined ? {} : { ref };
}
