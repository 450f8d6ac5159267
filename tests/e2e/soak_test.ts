// F45: people of every dialect come, join groups, speak and go, again and again, and nothing of them
// stays in the server. MINICHAT_SOAK sets for how many seconds; six without it.

import assert from "node:assert/strict";
import { TestClient } from "../client.ts";
import { type Phrasebook, PHRASEBOOKS } from "../faults/phrasebook.ts";
import { admin, makeWorld, type RunningServer, startServer, type World } from "../harness.ts";
import { SPEECH } from "./speech.ts";

const SECONDS = Number(Deno.env.get("MINICHAT_SOAK") ?? 6);
/** Who come and go at the same time, of each dialect. */
const OF_EACH = 4;
/** Lines that each says. */
const SAID = 3;
/** By how much resident memory may grow in the second half: a collector with little to do grows too. */
const GROWTH_BYTES = 16 * 1024 * 1024;

/** As the executable has it built in; else the engine lets more garbage lie than anything could leak. */
const YOUNG_SPACE = "--max-semi-space-size=4";

/** What this test reads of `admin stats --json`. */
interface Figures {
  readonly clients: number;
  readonly registered: number;
  readonly groups: number;
  readonly queuedBytes: number;
  readonly queueMemory: { readonly bytes: number };
  readonly residentBytes: number;
  /** Open descriptors of the server's process. */
  readonly descriptors: number;
}

async function figures(world: World, server: RunningServer): Promise<Figures> {
  const { stdout } = await admin(world, "stats", "--json");
  const descriptors = [...Deno.readDirSync(`/proc/${server.pid}/fd`)].length;
  return { ...JSON.parse(stdout).data, descriptors };
}

/** The same once everybody who has gone has been seen to go. */
async function settled(world: World, server: RunningServer): Promise<Figures> {
  for (let attempt = 0;; attempt++) {
    const now = await figures(world, server);
    if (now.clients === 0 && now.queuedBytes === 0 || attempt === 10) return now;
  }
}

/** Joins a group and says something there, where there are words for that, and to everyone. */
function visit({ dialect, say }: Phrasebook, group: string): (string | Uint8Array)[] {
  const { groups } = SPEECH[dialect];
  const there = groups === undefined ? [] : [groups.join(group), groups.say(group, "hi")];
  return [...there, ...Array.from({ length: SAID }, (_, number) => say(`word ${number}`))];
}

/** Comes and goes until `isOver`; answers how often. Every other time it goes without a word. */
async function churn(
  server: RunningServer,
  book: Phrasebook,
  name: string,
  isOver: () => boolean,
): Promise<number> {
  let visits = 0;
  while (!isOver()) {
    await using client = await TestClient.connect(server, book.reshape);
    await client.send(book.hello(`${name}-${visits % 7}`));
    await client.lines.match(book.welcome);
    for (const part of visit(book, `group-${visits % 5}`)) await client.send(part);
    const token = `end-${visits}`;
    await client.send(book.nonsense(token));
    await client.until((line) => line.includes(token));
    if (visits++ % 2 === 0 && book.quit !== undefined) {
      await client.send(book.quit);
      await client.lines.ended();
    }
  }
  return visits;
}

/** All dialects at once for so long; answers the visits. */
async function crowds(server: RunningServer, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() > end;
  const visits = await Promise.all(
    PHRASEBOOKS.flatMap((book) =>
      Array.from(
        { length: OF_EACH },
        (_, at) => churn(server, book, `${book.dialect}-${at}`, isOver),
      )
    ),
  );
  return visits.reduce((sum, one) => sum + one);
}

Deno.test("people of every dialect come and go, and nothing of them stays (F45)", async () => {
  using made = makeWorld();
  const world = { ...made, env: { ...made.env, DENO_V8_FLAGS: YOUNG_SPACE } };
  await using server = await startServer(world, ["--listen", "tcp:127.0.0.1:0,notices"]);
  await crowds(server, 1); // what is compiled, and filled, once
  const start = await settled(world, server);
  const first = await crowds(server, SECONDS / 2);
  const middle = await settled(world, server);
  const second = await crowds(server, SECONDS / 2);
  const end = await settled(world, server);
  if (Deno.env.has("MINICHAT_SOAK")) report(first + second, [start, middle, end]);

  assert.ok(first + second > 100, `${first + second} visits`);
  for (const { clients, registered, groups, queuedBytes, queueMemory } of [start, middle, end]) {
    const left = { clients, registered, groups, queuedBytes, inQueues: queueMemory.bytes };
    assert.deepEqual(left, { clients: 0, registered: 0, groups: 0, queuedBytes: 0, inQueues: 0 });
  }
  assert.ok(
    end.descriptors <= start.descriptors,
    `${end.descriptors} descriptors after ${start.descriptors}`,
  );
  const growth = end.residentBytes - middle.residentBytes;
  assert.ok(growth < GROWTH_BYTES, `${growth} bytes more after ${second} visits`);
});

/** The figures, where somebody asked for a run of that length. */
function report(visits: number, all: readonly Figures[]): void {
  const lines = all.map(({ residentBytes, descriptors }) =>
    `${(residentBytes / 1024 / 1024).toFixed(1)} MiB, ${descriptors} descriptors\n`
  );
  const text = `${visits} visits; at the start, in the middle, in the end:\n${lines.join("")}`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
