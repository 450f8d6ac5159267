// Sheet 002's two-person mode, one line each in turns (R45-R52, D22): the real program on either
// side, with itself and with a naive program of the sheet on a raw socket.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  DEADLINE_MS,
  exitOf,
  makeWorld,
  type RunningProgram,
  runProgram,
  startProgram,
  type World,
} from "../harness.ts";
import { LineQueue } from "../line_queue.ts";

const LOCAL = ["--host", "127.0.0.1", "--port", "0"];

function type(program: RunningProgram, text: string): Promise<void> {
  return program.stdin.write(new TextEncoder().encode(text));
}

/** `minichat serve --turns`, listening. */
async function startTurns(
  world: World,
  ...args: string[]
): Promise<RunningProgram & { port: number }> {
  const running = startProgram(world, ["serve", "--turns", ...args]);
  const line = await running.stdout.match(/^Listening on/, 2 * DEADLINE_MS);
  await running.stdout.match(/^ {2}nc /);
  const port = Number(/:(\d+)\. Join/.exec(line)?.[1] ?? 0);
  return { ...running, port };
}

/** A foreign server of the sheet: accepts one client, and replies to each line with `answer`. */
function naiveServer(answer: (line: string) => string | null): {
  port: number;
  received: Promise<string[]>;
} {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async (): Promise<string[]> => {
    using conn = await listener.accept();
    listener.close();
    const lines = new LineQueue();
    const buffer = new Uint8Array(1024);
    let text = "";
    for (let count; (count = await conn.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
      while (text.includes("\n")) {
        const at = text.indexOf("\n");
        lines.push(text.slice(0, at));
        const sent = answer(text.slice(0, at));
        text = text.slice(at + 1);
        if (sent === null) return lines.seen;
        await conn.write(new TextEncoder().encode(sent));
      }
    }
    return lines.seen;
  };
  return { port: (listener.addr as Deno.NetAddr).port, received: serve() };
}

Deno.test("serve --turns and connect --turns alternate, client first, in pipes (R50, R51)", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL);
  await using ana = startProgram(world, ["connect", "--turns", "127.0.0.1", String(bob.port)]);
  await type(bob, "fine\nno\n"); // typed too early: sent one line a turn
  await type(ana, "how are you?\n");
  assertStrictEquals(await bob.stdout.next(), "how are you?");
  assertStrictEquals(await ana.stdout.next(), "fine");
  await type(ana, "do you wait?\nI too\n");
  assertStrictEquals(await bob.stdout.next(), "do you wait?");
  assertStrictEquals(await ana.stdout.next(), "no");
  assertStrictEquals(await bob.stdout.next(), "I too");
  await type(bob, "bye\n");
  assertStrictEquals(await ana.stdout.next(), "bye");
  await ana.stdin.close();
  assertStrictEquals((await exitOf(ana)).code, 0);
  await bob.stderr.match(/^The other side has left$/);
  bob.kill("SIGTERM");
  assertStrictEquals((await exitOf(bob)).code, 0);
  assertEquals(bob.stderr.seen.at(-1), "Stopped");
});

Deno.test("serve --turns serves naive clients one after the other, as lines alone (R46, D12)", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL);
  for (const [line, ending] of [["first", "\n"], ["second", "\r\n"], ["at EOF", ""]] as const) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: bob.port });
    const lines = new LineQueue();
    await conn.write(new TextEncoder().encode(line + ending));
    await conn.closeWrite();
    assertStrictEquals(await bob.stdout.next(), line);
    await type(bob, `so: ${line}\n`);
    await lines.pump(conn.readable);
    assertEquals(lines.seen, [`so: ${line}`]);
    await bob.stderr.match(/^The other side has left$/);
  }
});

Deno.test("serve --turns tells a second client that the place is taken, and the operator", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL);
  await using ana = await TestClient.connect(bob);
  await ana.send("hello\n");
  await bob.stdout.match(/^hello$/);
  const eve = await runProgram(world, ["connect", "--turns", "127.0.0.1", `${bob.port}`], "");
  assertStrictEquals(eve.code, 0);
  assertMatch(eve.stdout, /^Two are talking here already: [^\n]*\n$/);
  await bob.stderr.match(/^Turned away 127\.0\.0\.1/);
  await type(bob, "still here\n");
  assertStrictEquals(await ana.lines.next(), "still here");
});

Deno.test("serve --turns half-closes when its input ends, and ends after the other side", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL);
  await type(bob, "only answer\n");
  await bob.stdin.close();
  await using ana = await TestClient.connect(bob);
  await ana.send("one\n");
  assertStrictEquals(await ana.lines.next(), "only answer");
  await ana.send("two\n");
  await ana.lines.ended();
  assertStrictEquals((await exitOf(bob)).code, 0);
  assertEquals(bob.stdout.seen.slice(-2), ["one", "two"]);
});

Deno.test("serve --turns --rounds 2 stops after two dialogues and says so (R15, D7)", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL, "--rounds", "2");
  for (const name of ["ana", "eve"]) {
    await using client = await TestClient.connect(bob);
    await client.send(`${name}\n`);
    await bob.stdout.match(new RegExp(`^${name}$`));
    await type(bob, "hello\n");
    await client.lines.next();
    await client.conn.closeWrite();
    await client.lines.ended();
  }
  assertStrictEquals((await exitOf(bob)).code, 0);
  await bob.stderr.match(/^The 2 rounds are over$/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`serve --turns: ${signal} removes the socket file, frees the port and exits 0 (R47)`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    const bob = await startTurns(world, ...LOCAL, "--listen", `unix:${path}`);
    await bob.stdout.match(/^ {2}nc -U /);
    await using ana = await TestClient.connect({ path });
    await ana.send("hello from a file\n");
    await bob.stdout.match(/from a file/);
    bob.kill(signal);
    assertStrictEquals((await exitOf(bob)).code, 0);
    await ana.lines.ended();
    await bob[Symbol.asyncDispose]();
    assertEquals([...Deno.readDirSync(world.directory)], []);
    const again = ["--host", "127.0.0.1", "--port", String(bob.port)];
    await using next = await startTurns(world, ...again);
    assertStrictEquals(next.port, bob.port);
  });
}

Deno.test("connect --turns works with a naive server, and ends with 0 after the last answer", async () => {
  using world = makeWorld();
  const { port, received } = naiveServer((line) => `<${line}>\r\n`);
  const args = ["connect", "--turns", "127.0.0.1", String(port)];
  const { code, stdout, stderr } = await runProgram(world, args, "one\n\nthree");
  assertStrictEquals(code, 0, stderr);
  assertStrictEquals(stdout, "<one>\n<>\n<three>\n");
  assertEquals(await received, ["one", "", "three"]);
});

Deno.test("connect --turns ends with 1 and names the lines a server did not wait for", async () => {
  using world = makeWorld();
  const { port, received } = naiveServer(() => null);
  const args = ["connect", "--turns", `127.0.0.1:${port}`];
  const { code, stderr } = await runProgram(world, args, "one\ntwo\n");
  assertStrictEquals(code, 1);
  assertEquals(await received, ["one"]);
  assertMatch(stderr, /^Not sent: two$/m);
});

Deno.test("connect --turns says that both speak when a server begins as well (R52, D22)", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL, "--first", "server");
  assert(bob.stdout.seen.some((line) => line.includes("connect --turns --first server")));
  await using ana = startProgram(world, ["connect", "--turns", "127.0.0.1", `${bob.port}`]);
  await type(bob, "I begin\n");
  assertStrictEquals(await ana.stdout.next(), "I begin");
  assertMatch(await ana.stderr.match(/speaking/), /lines have crossed/);
  await type(ana, "no, I\n");
  assertStrictEquals(await bob.stdout.next(), "no, I");
});

Deno.test("connect --turns --first server waits for the server's first line", async () => {
  using world = makeWorld();
  await using bob = await startTurns(world, ...LOCAL, "--first", "server");
  await type(bob, "welcome\nbye\n");
  const args = ["connect", "--turns", "--first", "server", "127.0.0.1", `${bob.port}`];
  const { code, stdout } = await runProgram(world, args, "thanks\n");
  assertStrictEquals(code, 0);
  assertStrictEquals(stdout, "welcome\nbye\n");
  assertEquals(bob.stdout.rest(), ["thanks"]);
});
