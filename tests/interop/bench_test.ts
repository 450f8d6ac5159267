// The benchmarks' own programs, compiled with gcc: the reference server is a correct chat, the load
// generator notices an incorrect one, and the whole benchmark runs.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { buildC } from "../../benchmarks/build_c.ts";
import { type Failed, type LoadResult, runLoadGenerator } from "../../benchmarks/load_generator.ts";
import { freePort, Processes } from "../../benchmarks/child_processes.ts";
import { LineQueue } from "../line_queue.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SMALL = { wire: "usermsg", readers: 20, senders: 3, window: 8, bytes: 64 };
const BRIEF = { warmup: 20, measure: 100, deadline: 5_000 };

/** A client that sends and reads raw bytes. */
async function dial(port: number) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = new LineQueue();
  const pump = lines.pump(conn.readable);
  return {
    lines,
    async send(text: string) {
      await conn.write(new TextEncoder().encode(text));
    },
    async [Symbol.asyncDispose]() {
      await conn.closeWrite();
      await pump;
    },
  };
}

Deno.test("The reference server hands every whole line to every other client, in order", async () => {
  await using processes = new Processes();
  const port = freePort();
  const command = await buildC(processes, "reference");
  await using _server = await processes.serve({ command, args: [`${port}`], core: 0 }, port);
  await using ana = await dial(port);
  await using bob = await dial(port);
  await ana.send("USER a");
  await ana.send("na\r\n");
  await bob.send("USER bob\n");
  // A barrier: once bob's question has reached ana, both names are known to the server.
  const answered = ana.lines.match(/^MSG bob ready\?$/);
  const asking = setInterval(() => void bob.send("MSG ready?\n"), 50);
  await answered;
  clearInterval(asking);
  await ana.send("MSG one\nMS");
  assertStrictEquals(await bob.lines.next(), "MSG ana one");
  await ana.send("G two\nMSG three\nNOISE\n");
  assertStrictEquals(await bob.lines.next(), "MSG ana two");
  assertStrictEquals(await bob.lines.next(), "MSG ana three");
  await bob.send("MSG hello ana\n");
  await ana.lines.match(/^MSG bob hello ana$/);
  assert(!ana.lines.seen.some((line) => line.includes("ana three")), "a sender hears itself");
});

Deno.test("The reference server loses nothing of what a socket cannot take in one write", async () => {
  await using processes = new Processes();
  const port = freePort();
  const [command, load] = [await buildC(processes, "reference"), await buildC(processes, "load")];
  await using server = await processes.serve({ command, args: [`${port}`], core: 0 }, port);
  const large = { ...SMALL, window: 400, bytes: 8192 };
  const result = await runLoadGenerator(processes, load, {
    port,
    server: server.pid,
    ...large,
    ...BRIEF,
  });
  assert(!("failed" in result), "failed" in result ? result.failed : "");
  assert(result.deliveries > 0);
});

/** An incorrect chat: `copies` says how many copies of a line each reader gets. */
function wrongChat(
  copies: (listener: number, message: number) => number,
): Disposable & { port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const writers: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>[] = [];
  const serve = async () => {
    for await (const conn of listener) {
      const mine = writers.push(conn.writable.getWriter()) - 1;
      void hear(conn, mine);
    }
  };
  let messages = 0;
  const hear = async (conn: Deno.Conn, mine: number) => {
    let name = "";
    const lines = new LineQueue();
    const pump = lines.pump(conn.readable).catch(() => {});
    try {
      while (true) {
        const [verb, ...words] = (await lines.next(60_000)).split(" ");
        if (verb === "USER") name = words.join(" ");
        const bytes = new TextEncoder().encode(`MSG ${name} ${words.join(" ")}\n`);
        const isCounted = verb === "MSG" && words[0]?.startsWith("m");
        const message = isCounted ? messages++ : -1;
        writers.forEach((writer, index) => {
          const times = verb === "MSG" && index !== mine
            ? isCounted ? copies(index, message) : 1
            : 0;
          for (let i = 0; i < times; i++) void writer.write(bytes).catch(() => {});
        });
      }
    } catch {
      // the peer has left
    }
    await pump;
    await writers[mine]?.close().catch(() => {});
  };
  void serve().catch(() => {});
  const { port } = listener.addr as Deno.NetAddr;
  return { port, [Symbol.dispose]: () => listener.close() };
}

/** The load generator's verdict on it. */
async function judged(
  copies: (listener: number, message: number) => number,
): Promise<LoadResult | Failed> {
  await using processes = new Processes();
  const load = await buildC(processes, "load");
  using chat = wrongChat(copies);
  const few = { ...SMALL, readers: 3, senders: 1, window: 1 };
  return await runLoadGenerator(processes, load, { port: chat.port, server: 0, ...few, ...BRIEF });
}

Deno.test("The load generator accepts a slow chat and refuses one that loses or doubles", async () => {
  const right = await judged(() => 1);
  assert(!("failed" in right), "failed" in right ? right.failed : "");
  assert(right.deliveries > 0);
  const losing = await judged((listener, message) => listener === 1 && message === 9 ? 0 : 1);
  assert("failed" in losing && /Nothing came for|deliveries came/.test(losing.failed));
  const doubling = await judged((listener, message) => listener === 1 && message === 9 ? 2 : 1);
  assert("failed" in doubling && /out of order/.test(doubling.failed), JSON.stringify(doubling));
});

Deno.test("deno task bench --quick prints figures and targets, and draws the chart", async () => {
  await using processes = new Processes();
  const chart = `${processes.folder}/chart.svg`;
  const { code, stdout, stderr } = await processes.run({
    command: Deno.execPath(),
    args: [
      ...[
        "run",
        "--quiet",
        "--allow-all",
        `${ROOT}benchmarks/fanout/fanout_benchmark.ts`,
        "--quick",
        "--json",
      ],
      ...["--only", "crowd,mixed", "--servers", "c,minichat", "--chart", chart],
    ],
    core: 0,
  });
  assertStrictEquals(code, 0, stderr);
  const { figures, verdicts } = JSON.parse(stdout);
  const measured = figures.map(({ workload, server }: Record<string, string>) =>
    `${workload} ${server}`
  );
  assertEquals(measured, ["crowd minichat", "crowd c", "mixed minichat"]);
  for (const figure of figures) assert(figure.rate > 1_000 && figure.p99 > 0, stdout);
  assert(verdicts.length > 0);
  assertMatch(await Deno.readTextFile(chart), /^(<!--.*-->\n)?<svg[^]*C reference[^]*<\/svg>\s*$/);
});
