// Clients that have claimed their names, for the tests of what a claim protects.

import type { Guest, ServerFixture } from "./server_fixture.ts";

/** The passphrase of every claimed name. */
export const SECRET = "open sesame";

/** A connected client that has claimed that name. */
export async function owner(fixture: ServerFixture, name: string): Promise<Guest> {
  const guest = await fixture.join("native", name);
  await guest.client.request({ type: "claim", passphrase: SECRET, ref: "claim" });
  await guest.match(/"type":"notice".*is yours.*"ref":"claim"/);
  return guest;
}

/** Claims that name and disconnects. */
export async function absentOwner(fixture: ServerFixture, name: string): Promise<void> {
  const guest = await owner(fixture, name);
  await guest.send('{"type":"bye"}\n');
  await guest.ended();
}
