// Each server of the comparison as a real process has the same conversation of sheet 004.

import { assertStrictEquals } from "@std/assert";
import { Processes } from "../../../benchmarks/child_processes.ts";
import { ChildProcess } from "../../../benchmarks/strategies/child_process.ts";
import { STRATEGIES } from "../../../benchmarks/strategies/strategy_servers.ts";
import { DEADLINE_MS } from "../../harness.ts";
import { LineQueue } from "../../line_queue.ts";

/** A client that writes bytes and reads lines. */
class Talking implements AsyncDisposable {
  readonly #connection: Deno.TcpConn;
  readonly #lines = new LineQueue();
  readonly #pumped: Promise<void>;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#pumped = this.#lines.pump(connection.readable);
  }

  static async connect(port: number): Promise<Talking> {
    return new Talking(await Deno.connect({ port, hostname: "127.0.0.1" }));
  }

  async send(words: string): Promise<void> {
    await this.#connection.write(new TextEncoder().encode(words));
  }

  next(): Promise<string> {
    return this.#lines.next(DEADLINE_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    await this.#pumped;
  }
}

/** Sends `word` until `listener` has received it: the protocol does not confirm registration. */
async function untilReceived(speaker: Talking, listener: Talking, word: string): Promise<string> {
  let received: string | undefined;
  const first = listener.next().then((line) => received = line);
  for (const late = Date.now() + DEADLINE_MS; received === undefined && Date.now() < late;) {
    await speaker.send(`MSG ${word}\n`);
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return await first;
}

/** Skips the repeated messages of {@linkcode untilReceived}. */
async function nextBut(client: Talking, past: string): Promise<string> {
  let line = await client.next();
  while (line === past) line = await client.next();
  return line;
}

for (const { label, launch } of STRATEGIES) {
  Deno.test({
    name: `Sheet 004 by ${label}: split lines, many a read, a vanishing and a resetting client`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      await using processes = new Processes();
      const needs = { clients: 10, threads: 6, directory: processes.folder };
      await using server = new ChildProcess(processes, launch(needs));
      await converse(await portOf(server));
    },
  });
}

async function portOf(server: ChildProcess): Promise<number> {
  for (;;) {
    const port = /^Listening on .*:(\d+)\b/.exec(await server.line())?.[1];
    if (port !== undefined) return Number(port);
  }
}

async function converse(port: number): Promise<void> {
  await using alice = await Talking.connect(port);
  await using bob = await Talking.connect(port);
  await alice.send("US");
  await bob.send("USER bob\n");
  await alice.send("ER alice\n");
  assertStrictEquals(await untilReceived(alice, bob, "here"), "MSG alice here");
  assertStrictEquals(await untilReceived(bob, alice, "here"), "MSG bob here");

  await alice.send("MSG one\nMSG two\nMSG thr");
  assertStrictEquals(await nextBut(bob, "MSG alice here"), "MSG alice one");
  assertStrictEquals(await bob.next(), "MSG alice two");
  await alice.send("ee é\n");
  assertStrictEquals(await bob.next(), "MSG alice three é");

  {
    await using carol = await Talking.connect(port);
    await carol.send("USER carol\n");
    assertStrictEquals(await untilReceived(carol, alice, "soon gone").then(() => "heard"), "heard");
    await carol.send("MSG half a li");
  }
  const reset = await Deno.connect({ port, hostname: "127.0.0.1" });
  await reset.write(new TextEncoder().encode("USER dan\nMSG from dan\n"));
  while (await nextBut(bob, "MSG carol soon gone") !== "MSG dan from dan");
  await bob.send("MSG unread by dan\n");
  while (await alice.next() !== "MSG bob unread by dan");
  reset.close(); // with bytes it has not read: its system answers with a reset

  for (let number = 0; number < 5; number++) {
    await alice.send(`MSG still here ${number}\n`);
    assertStrictEquals(await bob.next(), `MSG alice still here ${number}`);
  }
  await using erin = await Talking.connect(port);
  await erin.send("USER erin\n");
  assertStrictEquals(await untilReceived(erin, bob, "hello"), "MSG erin hello");
}
