// Going on with an earlier session: the newcomer's connection becomes that of the member it was, who
// then gets what it has missed. Pure.

import { failure } from "../../protocol/failures.ts";
import { type Ref, type Resume, withRef } from "../../protocol/requests.ts";
import { welcomeEvent } from "./welcome_and_who.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";

/** Puts a connection that has no name yet in the place of an earlier one, or says why it cannot. */
export function resumeSession(chat: Chat, newcomer: Member, wanted: Resume, ref?: Ref): void {
  chat.history.flush();
  const saved = chat.sessions.find(wanted.session);
  if (saved === undefined) {
    return chat.refuse(newcomer, failure("no_such_session", (t) => t.noSuchSession), ref);
  }
  const present = chat.holding.find(saved.serial);
  const member = chat.authority.refuses(present?.name ?? saved.name, present ?? saved) ?? present ??
    chat.restoreMember(saved);
  if ("code" in member) {
    if (member.code === "banned") {
      return newcomer.peer.close("banned", member.text(newcomer.peer.texts.refusals));
    }
    return chat.refuse(newcomer, member, ref);
  }
  const { peer } = newcomer;
  member.session = wanted.session;
  chat.replace(newcomer, member);
  peer.attachMember(member);
  chat.delivery.toOne(peer, { ...welcomeEvent(chat, member), resumed: true, ...withRef(ref) });
  chat.catchUp.start(member, wanted.since);
  chat.onResumed(member);
  if (present === undefined) chat.announceComing({ type: "joined", name: member.name }, member);
}

/** The members whose names the last server held: they are waited for, and nobody is told. */
export function restoreMembers(chat: Chat): void {
  for (const saved of chat.sessions.held()) {
    const member = chat.restoreMember(saved);
    if (!("code" in member)) chat.holding.holdRestored(member);
    else chat.sessions.release({ serial: saved.serial, session: "" }); // banned, or claimed since
  }
}
