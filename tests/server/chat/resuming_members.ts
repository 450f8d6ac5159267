// Members that hold their names, and resume their sessions.

import { assert } from "@std/assert";
import type { ServerEvent } from "../../../protocol/events.ts";
import type { ChatFixture, TestMember } from "./chat_fixture.ts";

/** How long a name is held, in milliseconds. */
export const GRACE_MS = 30_000;

/** A member that asked to be held. */
export function memberWithToken(
  fixture: ChatFixture,
  name: string,
): TestMember & { readonly token: string } {
  const client = fixture.connect({ echo: true });
  const [welcome] = client.ask({ verb: "hello", name, hold: true });
  assert(welcome?.type === "welcome", JSON.stringify(welcome));
  return Object.assign(client, { token: welcome.session });
}

/** A new connection that resumes a session, and the events it receives immediately. */
export function resumeMember(
  fixture: ChatFixture,
  token: string,
  since = 0,
): { client: TestMember; reported: ServerEvent[] } {
  const client = fixture.connect({ echo: true });
  const reported = client.ask({ verb: "hello", resume: { session: token, since }, ref: "r" });
  return { client, reported };
}

/** Texts of the messages among events. */
export function messageTexts(events: readonly ServerEvent[]): string[] {
  return events.flatMap((event) => event.type === "message" ? [event.text] : []);
}

/** The types of events. */
export function eventTypes(events: readonly ServerEvent[]): string[] {
  return events.map(({ type }) => type);
}
