// Members and groups: the chat's state as plain data, and the chat's narrow view of a connection.

import type { Texts } from "../../texts/texts.ts";
import type { Slice } from "../../protocol/block.ts";
import type { Answer, DialectName, Encoder } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";
import type { SharedLog } from "../net/shared_log.ts";

/**
 * The send queue of one peer, in order. Only the delivery uses it; no method blocks or calls back
 * into the chat.
 */
export interface Outbox {
  /** Queues encoded bytes. */
  push(slice: Slice): void;
  /** From now on also sends what is appended to `log`, in order with what is pushed. */
  follow(log: SharedLog): void;
  unfollow(): void;
  /** The log it follows. */
  readonly log: SharedLog | undefined;
  /** Skips what was appended to its log from position `from` on. */
  skipFrom(from: number): void;
  /** Bytes not yet sent. */
  readonly queuedBytes: number;
  /** Calls `then` once there is room again, never before this call returns. */
  onDrained(then: () => void): void;
}

/** A connection as the chat and the fan-out see it. */
export interface Peer {
  readonly dialect: DialectName;
  /** IP address, or `unix`. */
  readonly address: string;
  /** The language of texts for this peer. */
  readonly texts: Texts;
  /** Whether it also gets its own messages (D5). */
  readonly echo: boolean;
  /** Whether its own name in front of its texts is left out (J6; default false). */
  readonly dropsOwnName?: boolean;
  /** Whether the refusal of a name can be reported to it (D6). */
  readonly canRefuseName: boolean;
  /** Whether replayed messages are marked for it. */
  readonly flagsReplay: boolean;
  /** Encodes events for this peer; peers that read the same bytes share it. */
  readonly encoder: Encoder<ServerEvent>;
  /** Encodes what is for this peer only, in place of `encoder`; may have state. */
  readonly own?: Encoder<ServerEvent | Answer> | undefined;
  /** Only for the delivery: the chat must also run on a delivery without queues. */
  readonly outbox: Outbox;
  /** Holds its later requests back until the returned function is called. */
  wait(): () => void;
  /** Makes it the connection of `member`, which is of an earlier session. */
  attachMember(member: Member): void;
  /** Sends `closed`, in answer to `ref` if there is one, and ends the connection. */
  close(reason: CloseReason, detail?: string, ref?: Ref): void;
}

/**
 * Which readers of a broadcast: `listing` readers keep a list of names, so they get every join and
 * leave; `summarised` readers get a summary of many. See {@linkcode Encoder.listsNames}.
 */
export type Readers = "listing" | "summarised";

/** Whether readers of `encoder` belong to `readers`; undefined stands for everyone. */
export function areAmong(
  readers: Readers | undefined,
  encoder: Pick<Encoder<ServerEvent>, "listsNames">,
): boolean {
  return readers === undefined || (encoder.listsNames ?? false) === (readers === "listing");
}

/** The part of a peer that a delivery uses. */
export type Addressee = Pick<Peer, "encoder" | "own" | "outbox">;

/** Sends events to members. */
export interface Delivery {
  /** From now on `member` gets broadcasts, until {@linkcode Delivery.dismiss}. */
  admit(member: Member): void;
  dismiss(member: Member): void;
  /** Dismisses a member and admits it again if its encoder has changed since it was admitted. */
  readmit(member: Member): void;
  /**
   * To all admitted members among `readers`, except `except`; the cost does not depend on their
   * number.
   */
  toEveryone(event: ServerEvent, except?: Member, readers?: Readers): void;
  /** To each of `members` except `except`, encoded once per encoder. */
  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void;
  toOne(peer: Addressee, event: ServerEvent | Answer): void;
  /** Bytes queued for the peer and not yet sent. */
  queuedBytes(peer: Addressee): number;
  /** Calls `then` once the peer's queue has room again; never before this call returns. */
  whenLow(peer: Addressee, then: () => void): void;
}

/** The groups of a member that is in none. */
export const NO_GROUPS: ReadonlyMap<Group, number> = new Map();

/** A client of the chat, registered or not. */
export interface Member {
  readonly kind: "member";
  /** Lowest free number when it connected (R70, D20). */
  readonly id: number;
  /** Never reused, not by a later server either; unchanged when it resumes. */
  readonly serial: number;
  /** Its connection; replaced when it resumes. */
  peer: Peer;
  /** RFC 3339. */
  readonly since: string;
  /** Secret token of this session. */
  session: string;
  /**
   * Whether its name and groups are held for the grace time after a lost connection, and messages
   * that it repeats with the same `ref` are stored once.
   */
  holds: boolean;
  /** Whether its connection was lost and it may still resume. */
  isDisconnected: boolean;
  /** Empty until registered. */
  name: string;
  /**
   * The groups of this member, each with the number of the newest message when it joined. Replaced
   * when they change: most members are in none and share one map.
   */
  groups: ReadonlyMap<Group, number>;
  /** The claim that this member has proven, as the authority names it; "" for none. */
  identity: string;
  /** The claimed name whose passphrase was asked for: the next line is the passphrase. */
  nameToProve: string | undefined;
  /** Whether it gave its name by a verb: then its messages may begin with one. */
  usesVerbs: boolean;
  /** The last member who wrote to it privately, for `/reply`. */
  lastPrivateFrom: Member | undefined;
  hasLeft: boolean;
}

/** A member that has no name yet. */
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
    nameToProve: undefined,
    usesVerbs: false,
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
