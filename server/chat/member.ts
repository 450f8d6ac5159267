// Who is connected, and the groups they are in: the chat's state as plain data, and the narrow view
// of a connection that the chat has. Pure.

import type { Texts } from "../../texts/texts.ts";
import type { Slice } from "../../protocol/block.ts";
import type { Answer, DialectName, Encoder } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";
import type { SharedLog } from "../net/shared_log.ts";

/**
 * Where the bytes for one peer wait, in order. Only the delivery uses it; nothing here blocks or calls
 * back into the chat.
 */
export interface Outbox {
  /** Queues encoded bytes. */
  push(slice: Slice): void;
  /** Sends from now on what is appended to `log`, in order with what is pushed. */
  follow(log: SharedLog): void;
  unfollow(): void;
  /** The log it follows. */
  readonly log: SharedLog | undefined;
  /** Leaves out what was appended to its log from position `from` on. */
  skipFrom(from: number): void;
  /** Bytes not yet sent. */
  readonly queuedBytes: number;
  /** Calls `then` once there is room again, never at once. */
  onDrained(then: () => void): void;
}

/** A connection as the chat and the fan-out see it. */
export interface Peer {
  readonly dialect: DialectName;
  /** Where from: an IP address, or `unix`. */
  readonly address: string;
  /** The language of what this peer is sent. */
  readonly texts: Texts;
  /** Gets its own messages too (D5). */
  readonly echo: boolean;
  /** Can be told that its name is refused (D6). */
  readonly canRefuseName: boolean;
  /** Can tell what was said earlier from what is said now. */
  readonly flagsReplay: boolean;
  /** Writes events as this peer reads them; peers that read the same bytes share it. */
  readonly encoder: Encoder<ServerEvent>;
  /** Writes what is for this peer alone, in place of `encoder`; may keep state. */
  readonly own?: Encoder<ServerEvent | Answer> | undefined;
  /** Only the delivery uses it: the chat must run on a delivery that has none. */
  readonly outbox: Outbox;
  /** Holds its later requests back until what is answered is called. */
  wait(): () => void;
  /** From now on it is the connection of `member`, of an earlier session. */
  attachMember(member: Member): void;
  /** Says goodbye, in answer to `ref` if there is one, and ends the connection. */
  close(reason: CloseReason, detail?: string, ref?: Ref): void;
}

/**
 * Some of those who get what is for everyone: `listing` ones keep a list of names, so every join and leave
 * is theirs; `summarised` ones get a summary of many. {@linkcode Encoder.listsNames} says which.
 */
export type Readers = "listing" | "summarised";

/** Whether readers of `encoder` belong to `readers`; undefined stands for everyone. */
export function areAmong(
  readers: Readers | undefined,
  encoder: Pick<Encoder<ServerEvent>, "listsNames">,
): boolean {
  return readers === undefined || (encoder.listsNames ?? false) === (readers === "listing");
}

/** What a delivery writes to. */
export type Addressee = Pick<Peer, "encoder" | "own" | "outbox">;

/** Where events go. */
export interface Delivery {
  /** From now on `member` gets what is for everyone; until {@linkcode Delivery.dismiss}. */
  admit(member: Member): void;
  dismiss(member: Member): void;
  /** Dismisses a member and admits it again where its encoder has changed since it was admitted. */
  readmit(member: Member): void;
  /** To all who are admitted and among `readers`, except `except`; costs the same however many they are. */
  toEveryone(event: ServerEvent, except?: Member, readers?: Readers): void;
  /** To every one of `members` except `except`, encoded once per encoder. */
  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void;
  toOne(peer: Addressee, event: ServerEvent | Answer): void;
  /** Bytes queued for the peer and not yet sent. */
  queuedBytes(peer: Addressee): number;
  /** Calls `then` once the peer's queue has room again; never before this call returns. */
  whenLow(peer: Addressee, then: () => void): void;
}

/** The groups of whoever is in none. */
export const NO_GROUPS: ReadonlyMap<Group, number> = new Map();

/** Somebody connected. */
export interface Member {
  readonly kind: "member";
  /** Lowest free number when the connection came (R70, D20). */
  readonly id: number;
  /** Never reused, not by a later server either; stays the same when it comes back. */
  readonly serial: number;
  /** Its connection; another one after it has come back. */
  peer: Peer;
  /** RFC 3339. */
  readonly since: string;
  /** Secret token of this session. */
  session: string;
  /** Keeps its name and groups for a while when its connection breaks, and may say things again. */
  holds: boolean;
  /** Its connection broke, and it may still come back. */
  isDisconnected: boolean;
  /** Empty until registered. */
  name: string;
  /**
   * The groups this member is in, each with the newest message's number on joining it. Replaced when
   * it changes: most are in none and share one.
   */
  groups: ReadonlyMap<Group, number>;
  /** The claim this member has proven to be its own, as the authority names it; "" for none. */
  identity: string;
  /** The claimed name for which a passphrase was asked: the next line is taken for it. */
  asked: string | undefined;
  /** Whoever last wrote here privately, for `/reply`. */
  lastPrivateFrom: Member | undefined;
  hasLeft: boolean;
}

/** Somebody who has no name yet. */
export function newMember(
  known: Pick<Member, "id" | "peer" | "serial" | "session" | "since">,
): Member {
  return {
    kind: "member",
    ...known,
    isDisconnected: false,
    holds: false,
    name: "",
    identity: "",
    asked: undefined,
    groups: NO_GROUPS,
    lastPrivateFrom: undefined,
    hasLeft: false,
  };
}

/** A group exists as long as it has members (R83). */
export interface Group {
  readonly kind: "group";
  readonly serial: number;
  readonly name: string;
  readonly members: Set<Member>;
}
