// What the chat needs to know of who may do what: types only, so that the chat stays pure. Server's side:
// server/authority/.

import type { CommandHelp } from "../../protocol/events.ts";
import type { Failure } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";
import type { History } from "../history/history.ts";
import type { Delivery, Member } from "./member.ts";

/** A claimed name with what is to prove it. */
export interface Proof {
  readonly name: string;
  readonly passphrase: string;
  readonly ref?: Ref;
}

/** What an authority does to the chat it is asked by. */
export interface AskingChat {
  readonly members: ReadonlySet<Member>;
  readonly history: Pick<History, "flush">;
  readonly delivery: Pick<Delivery, "toOne">;
  /** `changed` stores what is new about a member whose session outlives its connection. */
  readonly holding: { saveChanges(member: Member): void };
  refuse(member: Member, problem: Failure, ref?: Ref): void;
}

/** Who may bear which name, and who may give orders. The chat passes itself where it is to be changed. */
export interface ChatAuthority {
  /** Why `member` may not bear that name: it is banned, or somebody else's. */
  refuses(name: string, member: Pick<Member, "identity">): Failure | undefined;
  /** Why no group may be called so: somebody has claimed the name. */
  refusesGroup(name: string): Failure | undefined;
  /** Whether the name is claimed, and not by whoever `member` has proven to be. */
  isClaimedFrom(name: string, member: Pick<Member, "identity">): boolean;
  /** Makes `member`'s name its own, or changes the passphrase; answers it, later. */
  claim(chat: AskingChat, member: Member, passphrase: string, ref?: Ref): void;
  /** Gives `member`'s claim up. */
  unclaim(chat: AskingChat, member: Member, ref?: Ref): void;
  /**
   * Calls `then` once the proof is found right, when nobody else has the name any more; tells `member`
   * that it is wrong. Meanwhile its later requests wait.
   */
  login(chat: AskingChat, member: Member, proof: Proof, then: () => void): void;
  /** Whether `member` may give orders. */
  isOperator(member: Member): boolean;
  /** Carries an order out and answers it; false when there is none of that name. */
  order(chat: AskingChat, member: Member, line: string, ref?: Ref): boolean;
  /** The orders there are, for an operator's help. */
  readonly orders: readonly CommandHelp[];
}
