// People who have claimed their names, for the tests of what that is good for.

import type { Guest, ServerFixture } from "./server_fixture.ts";

/** Their passphrase. */
export const SECRET = "open sesame";

/** Somebody who has claimed that name. */
export async function owner(room: ServerFixture, name: string): Promise<Guest> {
  const guest = await room.join("native", name);
  await guest.client.request({ type: "claim", passphrase: SECRET, ref: "claim" });
  await guest.match(/"type":"notice".*is yours.*"ref":"claim"/);
  return guest;
}

/** The same, gone again. */
export async function absentOwner(room: ServerFixture, name: string): Promise<void> {
  const guest = await owner(room, name);
  await guest.send('{"type":"bye"}\n');
  await guest.ended();
}
