// The chat's interface to the authority, which decides who may use which name and give operator
// commands. Types only; implemented in server/authority/.

import type { CommandHelp } from "../../protocol/events.ts";
import type { Failure } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";
import type { History } from "../history/history.ts";
import type { Delivery, Member } from "./member.ts";

/** A claimed name, with the passphrase that is to prove it. */
export interface Proof {
  readonly name: string;
  readonly passphrase: string;
  readonly ref?: Ref;
}

/** What an authority needs of the chat that calls it. */
export interface AskingChat {
  readonly members: ReadonlySet<Member>;
  readonly history: Pick<History, "flush">;
  readonly delivery: Pick<Delivery, "toOne">;
  /** Stores a member whose session outlives its connection. */
  readonly grace: { saveChanges(member: Member): void };
  refuse(member: Member, problem: Failure, ref?: Ref): void;
}

/**
 * Decides who may use which name, and who may give operator commands. The chat passes itself where
 * it may be changed.
 */
export interface ChatAuthority {
  /** Why `member` may not use that name: it is banned, or claimed by another person. */
  refuses(name: string, member: Pick<Member, "identity">): Failure | undefined;
  /** Why no group may have that name: it is claimed. */
  refusesGroup(name: string): Failure | undefined;
  /** Whether the name is claimed and `member` has not proven the claim. */
  isClaimedFrom(name: string, member: Pick<Member, "identity">): boolean;
  /** Claims `member`'s name, or changes its passphrase; answers later, once it is hashed. */
  claim(chat: AskingChat, member: Member, passphrase: string, ref?: Ref): void;
  /** Removes `member`'s claim. */
  unclaim(chat: AskingChat, member: Member, ref?: Ref): void;
  /**
   * Calls `then` once the passphrase is found right and every other member with that name is
   * disconnected; else refuses. Until then `member`'s later requests wait.
   */
  login(chat: AskingChat, member: Member, proof: Proof, then: () => void): void;
  /** Whether `member` may give operator commands. */
  isOperator(member: Member): boolean;
  /** Performs an operator command and answers it; false if there is none of that name. */
  order(chat: AskingChat, member: Member, line: string, ref?: Ref): boolean;
  /** The operator commands, for an operator's help. */
  readonly orders: readonly CommandHelp[];
}
