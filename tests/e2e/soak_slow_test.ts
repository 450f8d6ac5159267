// F45: clients of every dialect connect, send and leave, many times, and the server keeps no memory
// for them. MINICHAT_SOAK sets the visits of each half; 50,000 take some minutes.

import { assert, assertEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { DIALECT_PHRASES, type DialectPhrases } from "../dialect_phrases.ts";
import { admin, makeWorld, type RunningServer, startServer, type World } from "../harness.ts";

/** Visits of each half. */
const VISITS = Number(Deno.env.get("MINICHAT_SOAK") ?? 1_000);
/** Visits before anything is measured: code is compiled and buffers are filled once. */
const WARM_UP = 500;
/** Clients of each dialect at the same time. */
const OF_EACH = 4;
/** Messages per visit. */
const SAID = 3;
/** By how much resident memory may grow in the second half: less than 8 KiB per visit. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/** Flags that collect all garbage, and often: what is left is still referenced. */
const COLLECTING = "--max-semi-space-size=4,--gc-global";

/** The fields of `admin stats --json` that this test reads. */
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

/** The same once the server has noticed that every client has left. */
async function settled(world: World, server: RunningServer): Promise<Figures> {
  for (let attempt = 0;; attempt++) {
    const now = await figures(world, server);
    if (now.clients === 0 && now.queuedBytes === 0 || attempt === 10) return now;
  }
}

/**
 * The requests of a visit: joins a group and sends a text to it, if the dialect has groups; then
 * texts to everyone.
 */
function visit({ groups, say }: DialectPhrases, group: string): Uint8Array[] {
  const there = groups === undefined ? [] : [groups.join(group), groups.say(group, "hi")];
  return [...there, ...Array.from({ length: SAID }, (_, number) => say(`word ${number}`))];
}

/** Connects and leaves until `isOver`; every other time without saying goodbye. */
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

/** That many visits, of all dialects at the same time. */
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
  "clients of every dialect join and leave, and no memory stays in use for them (F45)",
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
      assertEquals(left, { clients: 0, registered: 0, groups: 0, queuedBytes: 0, inQueues: 0 });
    }
    assert(
      end.descriptors < start.descriptors + OF_EACH,
      `${end.descriptors} descriptors after ${start.descriptors}`,
    );
    const growth = end.residentBytes - middle.residentBytes;
    assert(growth < GROWTH_BYTES, `${growth} bytes more after ${VISITS} visits`);
  },
);

/** Prints the figures; called if the number of visits was set. */
function report(all: readonly Figures[]): void {
  const lines = all.map(({ residentBytes, descriptors }) =>
    `${(residentBytes / 1024 / 1024).toFixed(1)} MiB, ${descriptors} descriptors\n`
  );
  const text = `${2 * VISITS} visits; at the start, in the middle, in the end:\n${lines.join("")}`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
