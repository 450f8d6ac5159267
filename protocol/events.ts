// What a server tells a peer, whatever its dialect. These are the objects of the native protocol
// as they are; the other dialects render them. Pure data.

import type { CloseReason, FailureCode } from "./failures.ts";
import type { Ref } from "./requests.ts";

/** Somebody present. `since` is RFC 3339 with milliseconds. */
export interface UserInfo {
  readonly id: number;
  readonly name: string;
  readonly groups: readonly string[];
  readonly since: string;
  readonly dialect: string;
  /** Its connection broke a moment ago, and its name is held. */
  readonly away?: true;
}

/** A group and the names of its members. */
export interface GroupInfo {
  readonly name: string;
  readonly members: readonly string[];
}

/** A stored message. `to` is `@name` or `#group`; absent means everyone. */
export interface MessageEvent {
  readonly type: "message";
  /** Grows by one for every stored message of a server and never repeats. */
  readonly seq: number;
  /** When it was stored, RFC 3339 with milliseconds. */
  readonly at: string;
  readonly from: string;
  readonly to?: string;
  readonly text: string;
  readonly action?: true;
  /** Set when it comes from history instead of being said now. */
  readonly replay?: true;
  /** The request's, on the sender's own copy; only for connections with an encoder of their own. */
  readonly ref?: Ref;
}

/** A command as `/help` shows it. */
export interface CommandHelp {
  readonly usage: string;
  readonly help: string;
}

/** One event. `you` marks the copy sent to the person it is about; `ref` answers a request. */
export type ServerEvent =
  | MessageEvent
  /** Sent to people whose client cannot ask first (plain): who this is and what can be typed. */
  | {
    readonly type: "greeting";
    readonly here: number;
    readonly commands: readonly CommandHelp[];
    /** Seconds until somebody who gives no name is let go. */
    readonly within: number;
  }
  | {
    readonly type: "welcome";
    readonly id: number;
    readonly name: string;
    /** Secret token of this session. */
    readonly session: string;
    /** The newest stored message's number, 0 when there is none. */
    readonly seq: number;
    readonly users: readonly string[];
    readonly groups: readonly string[];
    readonly total: number;
    readonly version: number;
    /** So many messages from before follow, marked as `replay`; nothing for none. */
    readonly replay?: number;
    /** An earlier session goes on: what it has missed follows. */
    readonly resumed?: true;
    readonly ref?: Ref;
  }
  /** Messages `from` to `to` (numbers, inclusive) that this peer may have missed are no longer stored. */
  | { readonly type: "gap"; readonly from: number; readonly to: number }
  | {
    readonly type: "ack";
    readonly seq: number;
    readonly to?: string;
    /** How many others were there to receive it. */
    readonly recipients: number;
    readonly ref?: Ref;
  }
  | {
    readonly type: "joined";
    readonly name: string;
    readonly group?: string;
    readonly you?: true;
    readonly ref?: Ref;
  }
  | {
    readonly type: "left";
    readonly name: string;
    readonly group?: string;
    readonly reason?: string;
    readonly you?: true;
    readonly ref?: Ref;
  }
  /** Many came or went within a moment: how many, and the names of some. */
  | {
    readonly type: "presence";
    readonly joined: number;
    readonly left: number;
    /** Some of those who came and are still here. */
    readonly names: readonly string[];
    /** Some of those who went. */
    readonly gone: readonly string[];
    /** How many are here now. */
    readonly total: number;
  }
  | {
    readonly type: "renamed";
    readonly was: string;
    readonly name: string;
    readonly you?: true;
    readonly ref?: Ref;
  }
  /** Who the reader is (R57, R60); `id` is absent where only the name is known. */
  | { readonly type: "you"; readonly id?: number; readonly name: string; readonly ref?: Ref }
  | {
    readonly type: "who";
    readonly users: readonly UserInfo[];
    readonly total: number;
    readonly ref?: Ref;
  }
  | {
    readonly type: "groups";
    readonly groups: readonly GroupInfo[];
    readonly total: number;
    readonly ref?: Ref;
  }
  | {
    readonly type: "history";
    /** In ascending order of `seq`. */
    readonly messages: readonly MessageEvent[];
    /** The range asked for continues beyond this page: ask again from `next`. */
    readonly more?: true;
    /** With `more`: the `since` of the following page forward, its `before` backward. */
    readonly next?: number;
    readonly ref?: Ref;
  }
  | { readonly type: "help"; readonly commands: readonly CommandHelp[]; readonly ref?: Ref }
  /** `receipt` where it confirms a message, the oldest one not confirmed yet (R14). */
  | {
    readonly type: "notice";
    readonly text: string;
    readonly receipt?: true;
    readonly ref?: Ref;
  }
  /** The server stops `in` so many seconds; `null` when that was called off (D10). */
  | { readonly type: "shutdown"; readonly in: number | null }
  | { readonly type: "pong"; readonly ref?: Ref }
  /** The last event of a connection. */
  | {
    readonly type: "closed";
    readonly reason: CloseReason;
    readonly text: string;
    readonly ref?: Ref;
  }
  | ErrorEvent;

/** A request was refused, or the peer's bytes were; `message` is one line for a person. */
export interface ErrorEvent {
  readonly type: "error";
  readonly code: FailureCode;
  readonly message: string;
  readonly ref?: Ref;
}

/** The event types of {@linkcode ServerEvent}. */
export type EventType = ServerEvent["type"];
