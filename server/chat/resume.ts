// Resumes an earlier session: a new connection becomes that of the session's member, which then
// gets the messages it missed.

import { failure } from "../../protocol/failures.ts";
import { type Ref, type Resume, withRef } from "../../protocol/requests.ts";
import { welcomeEvent } from "./welcome_and_who.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";

/**
 * Moves the connection of `unregistered`, which has no name, to the member of an earlier session,
 * or refuses.
 */
export function resumeSession(chat: Chat, unregistered: Member, wanted: Resume, ref?: Ref): void {
  chat.history.flush();
  const saved = chat.sessions.find(wanted.session);
  if (saved === undefined) {
    return chat.refuse(unregistered, failure("no_such_session", (t) => t.noSuchSession), ref);
  }
  const present = chat.grace.find(saved.serial);
  const member = chat.authority.refuses(present?.name ?? saved.name, present ?? saved) ?? present ??
    chat.restoreMember(saved);
  if ("code" in member) {
    if (member.code === "banned") {
      return unregistered.peer.close("banned", member.text(unregistered.peer.texts.refusals));
    }
    return chat.refuse(unregistered, member, ref);
  }
  const { peer } = unregistered;
  member.session = wanted.session;
  chat.replace(unregistered, member);
  peer.attachMember(member);
  chat.delivery.toOne(peer, { ...welcomeEvent(chat, member), resumed: true, ...withRef(ref) });
  chat.catchUp.start(member, wanted.since);
  chat.onResumed(member);
  if (present === undefined) chat.announcePresence({ type: "joined", name: member.name }, member);
}

/** Recreates the members whose names the last server held: disconnected, without events. */
export function restoreMembers(chat: Chat): void {
  for (const saved of chat.sessions.held()) {
    const member = chat.restoreMember(saved);
    if (!("code" in member)) chat.grace.holdRestored(member);
    else chat.sessions.release({ serial: saved.serial, session: "" }); // banned, or claimed since
  }
}
