// Events that a server sends to a peer, in any dialect. These are the objects of the native
// protocol; the other dialects render them.

import type { CloseReason, FailureCode } from "./failures.ts";
import type { Ref } from "./requests.ts";

/** A registered member. `since` is RFC 3339 with milliseconds. */
export interface UserInfo {
  readonly id: number;
  readonly name: string;
  readonly groups: readonly string[];
  readonly since: string;
  readonly dialect: string;
  /** Its connection was lost, and its name is reserved for the grace time. */
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
  /** Set if it comes from the history. */
  readonly replay?: true;
  /**
   * The request's, on the sender's copy; only sent to connections that have an encoder of their
   * own.
   */
  readonly ref?: Ref;
}

/** A command as `/help` shows it. */
export interface CommandHelp {
  readonly usage: string;
  readonly help: string;
}

/**
 * One event. `you` marks the copy for the member it is about; `ref` names the request it answers.
 */
export type ServerEvent =
  | MessageEvent
  /** Sent before registration in `plain`: how many are connected, and what can be typed. */
  | {
    readonly type: "greeting";
    readonly here: number;
    readonly commands: readonly CommandHelp[];
    /** Seconds until a client that gives no name is disconnected. */
    readonly within: number;
  }
  | {
    readonly type: "welcome";
    readonly id: number;
    readonly name: string;
    /** Secret token of this session. */
    readonly session: string;
    /** Number of the newest stored message, 0 if there is none. */
    readonly seq: number;
    readonly users: readonly string[];
    readonly groups: readonly string[];
    readonly total: number;
    readonly version: number;
    /** Number of earlier messages that follow, marked as `replay`; absent if there are none. */
    readonly replay?: number;
    /** An earlier session is resumed: the messages it missed follow. */
    readonly resumed?: true;
    readonly ref?: Ref;
  }
  /** Messages `from` to `to` (numbers, inclusive) that this peer may have missed are no longer stored. */
  | { readonly type: "gap"; readonly from: number; readonly to: number }
  | {
    readonly type: "ack";
    readonly seq: number;
    readonly to?: string;
    /** How many other members it is for. */
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
  /** A summary of many joins and leaves: their numbers, and some of the names. */
  | {
    readonly type: "presence";
    readonly joined: number;
    readonly left: number;
    /** Some of those who joined and are still registered. */
    readonly names: readonly string[];
    /** Some of those who left. */
    readonly gone: readonly string[];
    /** How many are registered now. */
    readonly total: number;
  }
  | {
    readonly type: "renamed";
    readonly was: string;
    readonly name: string;
    readonly you?: true;
    readonly ref?: Ref;
  }
  /**
   * Who the reader is (R57, R60); `id` is absent where only the name is known. `assumed`: the server
   * answered with the id alone, and `name` is the one asked for.
   */
  | {
    readonly type: "you";
    readonly id?: number;
    readonly name: string;
    readonly assumed?: true;
    readonly ref?: Ref;
  }
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
  /**
   * `receipt` is set if it confirms a message, the oldest one not confirmed yet (R14); `fromClient`
   * if the client made it itself, about the server.
   */
  | {
    readonly type: "notice";
    readonly text: string;
    readonly receipt?: true;
    readonly fromClient?: true;
    readonly ref?: Ref;
  }
  /** The server stops in `in` seconds; `null` if the stop was cancelled (D10). */
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
