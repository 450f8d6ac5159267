// F41: a server with many of the client's own conversations is killed and started again, and all of
// them reconnect at the same time. MINICHAT_STAMPEDE sets how many they are.

import { assert, assertEquals } from "@std/assert";
import { Conversation } from "../../client/conversation.ts";
import { dial } from "../../client/dial.ts";
import { native } from "../../protocol/native.ts";
import { systemClock } from "../../shared/clock.ts";
import { KilledServer } from "../../benchmarks/torture/killed_server.ts";
import { makeWorld, programCommand } from "../harness.ts";
import { EN } from "../../texts/en.ts";

const CLIENTS = Number(Deno.env.get("MINICHAT_STAMPEDE") ?? 500);
/** Longest time until a client is back after the server listens again, in milliseconds (F41). */
const BACK_MS = 10_000;
/** Longest time for all clients to join at first, in milliseconds; it is not what is measured. */
const JOIN_MS = 60_000;
/** Clients that join at the same time: the stampede comes later. */
const AT_ONCE = 50;

/** A client that holds a session, and what happened to it. */
class Returner {
  readonly #conversation: Conversation;
  readonly #welcomed = Promise.withResolvers<void>();
  readonly over: Promise<unknown>;
  /**
   * Milliseconds of the monotonic clock at which it was back, and whether its session was resumed.
   */
  backAt = 0;
  resumed = false;
  /** Attempts to reconnect. */
  attempts = 0;
  /** Events that it must not receive: members that left, and gaps. */
  readonly news: string[] = [];
  readonly texts: string[] = [];

  constructor(name: string, port: number) {
    this.#conversation = new Conversation({
      dialect: native,
      texts: EN.client,
      name,
      dial: () => dial({ kind: "tcp", host: "127.0.0.1", port }, EN.client),
      clock: systemClock,
      random: Math.random,
      welcomeMs: BACK_MS,
      timeouts: { lostMs: JOIN_MS, announcedMs: 0 },
      maxPending: 10,
    }, {
      onConnected: () => {},
      onWait: () => {},
      onAttempt: () => this.attempts++,
      onWelcome: (_, back) => {
        if (back !== undefined) this.#isBack(back.resumed);
        this.#welcomed.resolve();
      },
      onEvent: (event) => {
        if (event.type === "message") this.texts.push(event.text);
        const isAboutLeaving = event.type === "presence" && event.left > 0;
        if (event.type === "left" || event.type === "gap" || isAboutLeaving) {
          this.news.push(JSON.stringify(event));
        }
      },
    });
    this.over = this.#conversation.run();
  }

  get welcomed(): Promise<void> {
    return this.#welcomed.promise;
  }

  #isBack(resumed: boolean): void {
    this.backAt = performance.now();
    this.resumed = resumed;
  }

  say(text: string): void {
    this.#conversation.send({ verb: "say", text });
  }

  async close(): Promise<void> {
    this.#conversation.close();
    await this.over;
  }
}

/**
 * A free port outside the system's range for clients: a client that dials a port of that range
 * without a listener may connect to itself, and then the server cannot have the port.
 */
function quietPort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (problem) {
      if (!(problem instanceof Deno.errors.AddrInUse)) throw problem;
    }
  }
}

/** Resolves when `holds` does for every client; throws after `ms`, with how many it did for. */
async function all(crowd: readonly Returner[], ms: number, holds: (one: Returner) => boolean) {
  const deadline = performance.now() + ms;
  for (;;) {
    const count = crowd.filter(holds).length;
    if (count === crowd.length) return;
    assert(performance.now() < deadline, `${count} of ${crowd.length} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function gather(port: number): Promise<Returner[]> {
  const crowd: Returner[] = [];
  while (crowd.length < CLIENTS) {
    const few = Array.from(
      { length: Math.min(AT_ONCE, CLIENTS - crowd.length) },
      (_, at) => new Returner(`client-${crowd.length + at}`, port),
    );
    crowd.push(...few);
    await Promise.all(few.map((one) => one.welcomed));
  }
  return crowd;
}

Deno.test("a crowd is back within 10 s of its server's restart, and no member is reported as left (F41)", async () => {
  using world = makeWorld();
  const [command, args] = programCommand([]);
  const server = new KilledServer({
    program: [command, ...args],
    port: quietPort(),
    data: `${world.directory}/data`,
    runtime: world.directory,
  });
  let crowd: Returner[] = [];
  try {
    await server.start();
    crowd = await gather(server.port);
    await server.kill();
    await all(crowd, JOIN_MS, ({ attempts }) => attempts > 0);
    await server.start();
    const listens = performance.now();
    await all(crowd, BACK_MS, ({ backAt }) => backAt > 0);
    const [speaker] = crowd;
    speaker?.say("all here?");
    await all(crowd, BACK_MS, ({ texts }) => texts.length > 0);
    const after = crowd.map(({ backAt }) => Math.max(0, backAt - listens));
    if (Deno.env.has("MINICHAT_STAMPEDE")) report(after, crowd);
    assertEquals(crowd.filter(({ resumed }) => !resumed).length, 0);
    assertEquals(crowd.flatMap(({ news }) => news), []);
    for (const { texts } of crowd) assertEquals(texts, ["all here?"]);
  } finally {
    await Promise.all(crowd.map((one) => one.close()));
    await server.kill();
  }
});

/** Prints the figures; called if the number of clients was set. */
function report(after: readonly number[], crowd: readonly Returner[]): void {
  const sorted = after.toSorted((a, b) => a - b).map(Math.round);
  const attempts = crowd.reduce((sum, one) => sum + one.attempts, 0);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  Deno.stderr.writeSync(new TextEncoder().encode(
    `${crowd.length} clients: half back after ${at(0.5)} ms, the last after ${at(1)} ms, ` +
      `${attempts} attempts\n`,
  ));
}
