// Members that hold their names, and resume their sessions.

import assert from "node:assert/strict";
import type { ServerEvent } from "../../../protocol/events.ts";
import type { ChatFixture, TestMember } from "./chat_fixture.ts";

/** How long a name is held, in milliseconds. */
export const GRACE_MS = 30_000;

/** A member that asked to be held. */
export function memberWithToken(
  room: ChatFixture,
  name: string,
): TestMember & { readonly token: string } {
  const person = room.connect({ echo: true });
  const [welcome] = person.ask({ verb: "hello", name, hold: true });
  assert.ok(welcome?.type === "welcome", JSON.stringify(welcome));
  return Object.assign(person, { token: welcome.session });
}

/** A new connection that resumes a session, and the events it receives immediately. */
export function resumeMember(
  room: ChatFixture,
  token: string,
  since = 0,
): { person: TestMember; told: ServerEvent[] } {
  const person = room.connect({ echo: true });
  const told = person.ask({ verb: "hello", resume: { session: token, since }, ref: "r" });
  return { person, told };
}

/** Texts of the messages among events. */
export function messageTexts(events: readonly ServerEvent[]): string[] {
  return events.flatMap((event) => event.type === "message" ? [event.text] : []);
}

/** The types of events. */
export function eventTypes(events: readonly ServerEvent[]): string[] {
  return events.map(({ type }) => type);
}
