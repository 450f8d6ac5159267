// The contents of `welcome` and `who`: the chat's state for a new member, and the list of members.
// Changes nothing.

import type { ServerEvent, UserInfo } from "../../protocol/events.ts";
import { MAX_LISTED, MAX_NAMES_LISTED, NATIVE_VERSION } from "../../protocol/limits.ts";
import type { History } from "../history/history.ts";
import type { Groups } from "./groups.ts";
import type { Member } from "./member.ts";

/** The parts of a chat that `welcome` describes. */
export interface ChatState {
  readonly members: ReadonlySet<Member>;
  readonly groups: Pick<Groups, "names">;
  readonly history: Pick<History, "lastSeq">;
}

/** The `welcome` event of a member that has just registered or resumed. */
export function welcomeEvent(
  { groups, history, members }: ChatState,
  { id, name, session }: Member,
): ServerEvent & { readonly type: "welcome" } {
  const users: string[] = [];
  for (const member of members) {
    if (users.push(member.name) === MAX_LISTED) break;
  }
  return {
    type: "welcome",
    id,
    name,
    session,
    seq: history.lastSeq,
    users,
    groups: groups.names(MAX_LISTED),
    total: members.size,
    version: NATIVE_VERSION,
  };
}

/**
 * The members, at most `limit` of them and {@linkcode MAX_NAMES_LISTED} names including their
 * groups'.
 */
export function listUsers(members: ReadonlySet<Member>, limit: number): UserInfo[] {
  const listed: UserInfo[] = [];
  let remaining = MAX_NAMES_LISTED;
  for (const { id, name, groups, since, isDisconnected, peer: { dialect } } of members) {
    remaining -= 1 + groups.size;
    if (listed.length === limit || remaining < 0) break;
    const names = [...groups.keys()].map((group) => group.name);
    listed.push({
      id,
      name,
      groups: names,
      since,
      dialect,
      ...(isDisconnected && { away: isDisconnected }),
    });
  }
  return listed;
}
