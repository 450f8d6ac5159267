// F45: people of every dialect come, join groups, speak and go, again and again, and nothing of them
// stays in the server. MINICHAT_SOAK sets the visits of each half; 50,000 take some minutes.

import assert from "node:assert/strict";
import { TestClient } from "../test_client.ts";
import { DIALECT_PHRASES, type DialectPhrases } from "../faults/dialect_phrases.ts";
import { admin, makeWorld, type RunningServer, startServer, type World } from "../harness.ts";
import { DIALECT_EXCHANGES } from "./dialect_exchanges.ts";

/** Visits of each half. */
const VISITS = Number(Deno.env.get("MINICHAT_SOAK") ?? 1_000);
/** Visits before anything is measured: what is compiled, and filled, once. */
const WARM_UP = 500;
/** Who come and go at the same time, of each dialect. */
const OF_EACH = 4;
/** Lines that each says. */
const SAID = 3;
/** By how much resident memory may grow in the second half: less than 8 KiB for each visit. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/** All garbage is collected, and soon: what is left after that is kept by somebody. */
const COLLECTING = "--max-semi-space-size=4,--gc-global";

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
function visit({ dialect, say }: DialectPhrases, group: string): (string | Uint8Array)[] {
  const { groups } = DIALECT_EXCHANGES[dialect];
  const there = groups === undefined ? [] : [groups.join(group), groups.say(group, "hi")];
  return [...there, ...Array.from({ length: SAID }, (_, number) => say(`word ${number}`))];
}

/** Comes and goes until `isOver`. Every other time it goes without a word. */
async function churn(
  server: RunningServer,
  book: DialectPhrases,
  name: string,
  isOver: () => boolean,
): Promise<void> {
  for (let visits = 0; !isOver(); visits++) {
    await using client = await TestClient.connect(server, book.reshape);
    await client.send(book.hello(`${name}-${visits % 7}`));
    await client.lines.match(book.welcome);
    for (const part of visit(book, `group-${visits % 5}`)) await client.send(part);
    const token = `end-${visits}`;
    await client.send(book.nonsense(token));
    await client.until((line) => line.includes(token));
    if (visits % 2 === 0 && book.quit !== undefined) {
      await client.send(book.quit);
      await client.lines.ended();
    }
  }
}

/** That many visits, of all dialects at once. */
async function crowds(server: RunningServer, visits: number): Promise<void> {
  let left = visits;
  const isOver = () => --left < 0;
  await Promise.all(
    DIALECT_PHRASES.flatMap((book) =>
      Array.from(
        { length: OF_EACH },
        (_, at) => churn(server, book, `${book.dialect}-${at}`, isOver),
      )
    ),
  );
}

const timeout = 300_000 + 20 * VISITS;

Deno.test(
  "people of every dialect come and go, and nothing of them stays (F45)",
  { timeout },
  async () => {
    using made = makeWorld();
    const world = { ...made, env: { ...made.env, DENO_V8_FLAGS: COLLECTING } };
    await using server = await startServer(world, ["--listen", "tcp:127.0.0.1:0,notices"]);
    await crowds(server, WARM_UP);
    const start = await settled(world, server);
    await crowds(server, VISITS);
    const middle = await settled(world, server);
    await crowds(server, VISITS);
    const end = await settled(world, server);
    if (Deno.env.has("MINICHAT_SOAK")) report([start, middle, end]);

    for (const { clients, registered, groups, queuedBytes, queueMemory } of [start, middle, end]) {
      const left = { clients, registered, groups, queuedBytes, inQueues: queueMemory.bytes };
      assert.deepEqual(left, { clients: 0, registered: 0, groups: 0, queuedBytes: 0, inQueues: 0 });
    }
    assert.ok(
      end.descriptors < start.descriptors + OF_EACH,
      `${end.descriptors} descriptors after ${start.descriptors}`,
    );
    const growth = end.residentBytes - middle.residentBytes;
    assert.ok(growth < GROWTH_BYTES, `${growth} bytes more after ${VISITS} visits`);
  },
);

/** The figures, where somebody asked for a run of that length. */
function report(all: readonly Figures[]): void {
  const lines = all.map(({ residentBytes, descriptors }) =>
    `${(residentBytes / 1024 / 1024).toFixed(1)} MiB, ${descriptors} descriptors\n`
  );
  const text = `${2 * VISITS} visits; at the start, in the middle, in the end:\n${lines.join("")}`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
