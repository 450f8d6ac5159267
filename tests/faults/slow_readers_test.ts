// F29, F30, F32: clients that do not read are disconnected, and cost the others nothing.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";
import { fillQueue } from "./fill_buffers.ts";
import { until } from "../until.ts";

const MEMBERS = 50;
const SLOW_REGEXP = /too slow: did not read what was sent/;
const KINDS = ["tcp", "unix"] as const;

/** `count` clients that read, of all dialects, named `prefix` and a number. */
async function crowd(fixture: ServerFixture, count: number, prefix: string): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (let number = 0; number < count; number++) {
    const { dialect } = DIALECT_PHRASES[number % DIALECT_PHRASES.length] ?? { dialect: "native" };
    guests.push(await fixture.join(dialect, `${prefix}${number}`));
  }
  return guests;
}

/** The numbers sent by `speaker`, as a client received them. */
async function numbersReceived(guest: Guest): Promise<number[]> {
  return (await guest.received()).filter(({ from }) => from === "speaker")
    .map(({ text }) => Number(/^#(\d+)/.exec(text)?.[1]));
}

for (const kind of KINDS) {
  const title =
    `F29: a member who never reads is dropped during a broadcast, others lose nothing: `;
  Deno.test(title + kind, async () => {
    const clock = new FakeClock(); // so that only the cap can disconnect a client
    await using fixture = await ServerFixture.open({
      clock,
      limits: { hardQueueBytes: 256 * 1024 },
    });
    const before = await crowd(fixture, MEMBERS / 2, "early");
    await fixture.joinRaw("native", "sloth", fixture[kind]);
    const after = await crowd(fixture, MEMBERS / 2 - 2, "late");
    const speaker = await fixture.join("native", "speaker");
    await fillQueue(fixture, "sloth");
    const everybody = [...before, ...after];
    for (const guest of everybody) await guest.barrier();

    const count = 100;
    const filler = "f".repeat(4_000);
    const words = Array.from(
      { length: count },
      (_, number) => speaker.book.say(`#${number} ${filler}`),
    );
    await Promise.all([speaker.send(concatBytes(...words)), fixture.canary()]);
    await speaker.barrier();

    await fixture.closes("slow");
    assertStrictEquals(fixture.isHere("sloth"), false);
    const expected = Array.from({ length: count }, (_, number) => number);
    for (const guest of everybody) {
      assertEquals(await numbersReceived(guest), expected);
      const left = guest.seen.filter((line) => /sloth.*left|"left".*sloth/.test(line));
      assertStrictEquals(left.length, 1, "told once");
      assertMatch(left[0] ?? "", SLOW_REGEXP);
    }
    await until(
      () => fixture.server.sessions.size === everybody.length + 1,
      "the connection was gone",
    );
    await until(() => fixture.operator.stats().queuedBytes === 0, "nothing was queued");
    const sloth = await fixture.join("usermsg", "sloth");
    await sloth.barrier();
    await fixture.canary();
  });

  Deno.test(`F29: a member who reads nothing for 10 s is dropped: ${kind}`, async () => {
    const clock = new FakeClock();
    await using fixture = await ServerFixture.open({ clock });
    const witness = await fixture.join("plain", "witness");
    const sloth = await fixture.joinRaw("native", "sloth", fixture[kind]);
    await fillQueue(fixture, "sloth");
    await witness.barrier();
    clock.advance(fixture.server.limits.stalledMs);
    assert(fixture.isHere("sloth"), "dropped too early");
    clock.advance(1_000); // slow readers are looked for once a second
    const left = await witness.match(/sloth/);
    assertMatch(left, SLOW_REGEXP);
    await fixture.closes("slow");
    assertStrictEquals(fixture.operator.stats().queuedBytes, 0);
    assertStrictEquals(fixture.server.sessions.size, 1);
    // The socket is closed, not only forgotten: after what was sent comes the end.
    await assertEnds(sloth);
    await fixture.canary();
  });
}

/** Reads until the server's close arrives, as an end or as a reset. */
async function assertEnds(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(256 * 1024);
  try {
    while (await conn.read(buffer) !== null);
  } catch (problem) {
    assert(problem instanceof Deno.errors.ConnectionReset, `${problem}`);
  }
}

for (const kind of KINDS) {
  Deno.test(`F30: a reader of 1 KB a second who keeps up is never dropped: ${kind}`, async () => {
    const clock = new FakeClock();
    await using fixture = await ServerFixture.open({ clock });
    const speaker = await fixture.join("plain", "speaker");
    const slow = await fixture.joinRaw("usermsg", "slow", fixture[kind]);
    const buffer = new Uint8Array(1_024);
    let text = "";
    const decoder = new TextDecoder();
    for (let second = 0; second < 60; second++) {
      await speaker.say(`#${second} ${"s".repeat(900)}`);
      await speaker.barrier();
      const count = await slow.read(buffer) ?? 0;
      text += decoder.decode(buffer.subarray(0, count));
      clock.advance(1_000);
    }
    assert(fixture.isHere("slow"));
    await speaker.say("end of it");
    while (!text.includes("end of it")) {
      const count = await slow.read(buffer);
      assert(count !== null);
      text += decoder.decode(buffer.subarray(0, count));
    }
    const numbers = [...text.matchAll(/#(\d+) s{900}\n/g)].map((match) => Number(match[1]));
    assertEquals(numbers, Array.from({ length: 60 }, (_, second) => second));
    await fixture.canary();
  });

  Deno.test(`F32: a client that asks and never reads is not read from, and loses nothing: ${kind}`, async () => {
    const clock = new FakeClock();
    const limits = { softQueueBytes: 16 * 1024, hardQueueBytes: 64 * 1024 };
    await using fixture = await ServerFixture.open({ clock, limits });
    const witness = await fixture.join("native", "witness");
    const flooder = await fixture.joinRaw("native", "flooder", fixture[kind]);
    const flood = new Flood(flooder);
    await flood.isStuck(fixture);
    assert(fixture.isHere("flooder"), "dropped instead of slowed down");
    const { softQueueBytes, readBufferBytes } = fixture.server.limits;
    assert(fixture.queuedFor("flooder") > softQueueBytes);
    assert(fixture.queuedFor("flooder") <= softQueueBytes + 2 * readBufferBytes.max);
    await Promise.all([witness.say("undisturbed"), fixture.canary()]);
    await witness.match(/undisturbed/);
    await assertPongs(flooder, flood.stop());
    assertStrictEquals(fixture.queuedFor("flooder"), 0);
  });
}

/** Sends batches of pings without reading an answer, until it is stopped. */
class Flood {
  #writes = 0;
  #pings = 0;
  #stopping = false;
  readonly #done: Promise<void>;

  constructor(conn: Deno.Conn) {
    this.#done = this.#run(conn);
  }

  /** Waits until neither the server nor the system takes any more. */
  async isStuck(fixture: ServerFixture): Promise<void> {
    await until(() => fixture.queuedFor("flooder") > 0, "the flood had filled the buffers");
    for (let before = -1; before !== this.#writes;) {
      before = this.#writes;
      for (let turn = 0; turn < 10; turn++) await fixture.canary();
    }
  }

  /** Ends after the batch being written; returns how many pings were sent in all. */
  async stop(): Promise<number> {
    this.#stopping = true;
    await this.#done;
    return this.#pings;
  }

  async #run(conn: Deno.Conn): Promise<void> {
    while (!this.#stopping) {
      const batch = concatBytes(Array.from({ length: 200 }, () => this.#ping()).join(""));
      for (let at = 0; at < batch.length; this.#writes++) {
        at += await conn.write(batch.subarray(at));
      }
    }
  }

  /** A ping whose padding makes its answer as long as itself. */
  #ping(): string {
    const ref = `${this.#pings++}-`.padEnd(60, "p");
    return JSON.stringify({ type: "ping", ref }) + "\n";
  }
}

/** Reads until all pings are answered, each once and in order. */
async function assertPongs(conn: Deno.Conn, sent: Promise<number>): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  let answered = 0;
  let total = Infinity;
  void sent.then((count) => total = count);
  while (answered < total) {
    const count = await conn.read(buffer);
    assert(count !== null, `ended after ${answered} answers`);
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines.filter((line) => line.includes('"pong"'))) {
      assert(line.includes(`"ref":"${answered}-p`), line);
      answered++;
    }
  }
}
