// F36: the last member of a group leaves while others join it and send to it: nothing reaches a
// client that has left, and a new group of the same name is another group.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type Guest, ServerFixture } from "./server_fixture.ts";

const HASTE = { messageRate: 10_000_000, messageBurst: 1_000_000 };

/** The fields of an event that this test reads. */
interface Told {
  readonly type: string;
  readonly you?: boolean;
  readonly group?: string;
  readonly to?: string;
  readonly text?: string;
  readonly seq?: number;
}

function line(request: Record<string, unknown>): string {
  return `${JSON.stringify(request)}\n`;
}

/** Every event that `guest` received since the last call. */
async function reported(guest: Guest): Promise<Told[]> {
  return (await guest.barrier()).map((text) => JSON.parse(text));
}

/** Texts of the messages to the group; fails if one comes before it joined or after it left. */
function receivedInside(events: readonly Told[], isInside: boolean): string[] {
  const texts: string[] = [];
  for (const { type, you, group, to, text = "" } of events) {
    if (group === "dev" && you) isInside = type === "joined";
    if (type !== "message" || to !== "#dev") continue;
    assert(isInside, `heard from outside: ${text}`);
    texts.push(text);
  }
  return texts;
}

/** F36: each client receives exactly the messages of its own memberships, in every round. */
export async function raceForGroup(rounds: number): Promise<void> {
  await using fixture = await ServerFixture.open({ limits: HASTE });
  const names = ["last", "next", "outside"] as const;
  const [last, next, outside] = await Promise.all(
    names.map((name) => fixture.join("native", name)),
  );
  assert(last && next && outside);
  let ended = 0;
  for (let round = 0; round < rounds; round++) {
    await last.send(
      line({ type: "join", group: "dev" }) +
        line({ type: "say", text: `old ${round}`, to: "#dev" }),
    );
    await last.match(/"type":"ack"/);
    const releases = [
      () => last.send(line({ type: "leave", group: "dev" })),
      () => next.send(line({ type: "join", group: "dev" })),
      () => outside.send(line({ type: "say", text: `new ${round}`, to: "#dev" })),
    ];
    for (let turn = 0; turn < round % 3; turn++) {
      releases.push(releases.shift() ?? (() => Promise.resolve()));
    }
    await Promise.all(releases.map((release) => release()));
    const [ofLast, ofNext, ofOutside] = [
      await reported(last),
      await reported(next),
      await reported(outside),
    ];

    receivedInside(ofLast, true);
    const received = receivedInside(ofNext, false);
    assert(received.every((text) => text === `new ${round}`), received.join(" "));
    const ack = ofOutside.find(({ type }) => type === "ack");
    const wasNobodys = ofOutside.some(({ type }) => type === "error");
    assert((ack !== undefined) !== wasNobodys, "it was heard, or the group had ended");
    // A client that made the group again received no leave of another; else it was the same group.
    if (!ofNext.some(({ type, group, you }) => type === "left" && group === "dev" && !you)) ended++;

    await next.send(line({ type: "history", limit: 3 }));
    const { messages } = JSON.parse(await next.match(/"type":"history"/));
    const stored = messages.filter(({ to }: Told) => to === "#dev").map(({ text }: Told) => text);
    assertEquals(stored, received, "the history of the group is what was said since joining");
    await next.send(line({ type: "leave", group: "dev" }));
    await next.barrier();
    assertStrictEquals(fixture.server.chat.groups.size, 0);
  }
  assert(ended > 0 && ended < rounds, `the group ended first in ${ended} of ${rounds} rounds`);
  await fixture.canary();
}
