// Requests that a peer may make, in any dialect. Pure data, not yet checked; server/chat/perform.ts
// performs them, slash_commands.ts parses typed commands.

import type { Failure } from "./failures.ts";

/** A client's own id for a request, echoed in the answer; at most 64 characters as a string. */
export type Ref = string | number;

/**
 * The recipient of a message: `@x` is the person x, or else the group x (R79, D21); `#x` is only a
 * group.
 */
export interface Target {
  readonly sigil: "@" | "#";
  readonly name: string;
}

/** The session to resume, and the number of the last message it received. */
export interface Resume {
  /** The secret token of an earlier `welcome`. */
  readonly session: string;
  /** The greatest `seq` received, 0 for none. */
  readonly since: number;
}

/** One decoded request. Texts are valid UTF-8, not yet sanitised or measured. */
export type Request =
  & (
    /** Registration; without `name` the default name `userID` is given (R58). */
    | {
      readonly verb: "hello";
      readonly name?: string;
      readonly version?: number;
      /**
       * Whether its name and groups are reserved for the grace time when the connection is lost.
       */
      readonly hold?: boolean;
      readonly resume?: Resume;
      /** The server's password, if it has one. */
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
    /**
     * A line of a dialect that asks for the name first: the name until there is one, then a
     * message.
     */
    | { readonly verb: "line"; readonly text: string }
    /** A message to the last member who wrote to this peer privately. */
    | { readonly verb: "reply"; readonly text: string }
    /** `passphrase` is used if the name is claimed. */
    | { readonly verb: "rename"; readonly name: string; readonly passphrase?: string }
    | { readonly verb: "join"; readonly group: string }
    | { readonly verb: "leave"; readonly group: string }
    | { readonly verb: "who" }
    /** The peer's own id and name: the answer is `you` (R60). */
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
    /** Leaves the chat; others see the `reason`, cut to `MAX_REASON_CHARS`. */
    | { readonly verb: "bye"; readonly reason?: string }
    /**
     * An orderly end of the transport without `bye`: the name is held as after a lost connection.
     */
    | { readonly verb: "hangup" }
    /**
     * The decoder's own answer, sent in order with all others; `bytes` must not be a view of a
     * chunk.
     */
    | { readonly verb: "answer"; readonly bytes: Uint8Array }
    /** Claims the current name: from now on it can only be taken with the passphrase. */
    | { readonly verb: "claim"; readonly passphrase: string }
    | { readonly verb: "unclaim" }
    /** Proves a claimed name and takes it, also from another connection that has it. */
    | { readonly verb: "login"; readonly name: string; readonly passphrase: string }
    /** An operator's command as typed, `kick bob`; an unknown request for everyone else (F68). */
    | { readonly verb: "admin"; readonly line: string }
    /** A line read while a secret was asked for; `means` is the request it would be otherwise. */
    | { readonly verb: "secret"; readonly text: string; readonly means: Request }
    /** A command as typed, `/word rest`: slash_commands.ts resolves it to one of the above. */
    | { readonly verb: "command"; readonly word: string; readonly rest: string }
    /** Input that is no request; `fatal` if the byte stream can no longer be trusted. */
    | {
      readonly verb: "invalid";
      readonly failure: Failure;
      readonly fatal: boolean;
      /** The input as typed, if it may be an operator's command. */
      readonly typed?: string;
    }
  )
  & { readonly ref?: Ref };

/** The verbs of {@linkcode Request}. */
export type Verb = Request["verb"];

/** The `ref` field for an answer; absent if the request had none. */
export function withRef(ref: Ref | undefined): { ref?: Ref } {
  return ref === undefined ? {} : { ref };
}

/** Names that stand for everyone when used as a target (R32, D8). */
export const EVERYONE_NAMES: ReadonlySet<string> = new Set(["tous", "all", "everyone"]);

/** Whether a message is for everyone: without a target, or with one such as `@tous`. */
export function isSaidToAll({ to }: Request & { readonly verb: "say" }): boolean {
  return to === undefined || to.sigil === "@" && EVERYONE_NAMES.has(to.name.toLowerCase());
}
