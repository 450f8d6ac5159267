// Sheet 002's two-person mode on real terminals, and with programs in Python that do what the sheet
// says and no more.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  DEADLINE_MS,
  exitOf,
  makeWorld,
  programCommand,
  startProgram,
  type World,
} from "../harness.ts";
import { startOutside } from "./outside_program.ts";
import { TmuxTerminal } from "./tmux.ts";

const LOCAL = ["--host", "127.0.0.1", "--port", "0"];
const MINE = /^you>$/;
const THEIRS = /^\(waiting for the other side\)$/;
/** The both-waiting notice comes after 5 s. */
const QUIET_DEADLINE_MS = 5_000 + DEADLINE_MS;

function program(name: string): string {
  return new URL(`programs/${name}.py`, import.meta.url).pathname;
}

async function onTerminal(world: World, ...args: string[]): Promise<TmuxTerminal> {
  const [command, rest] = programCommand(args);
  return await TmuxTerminal.start([command, ...rest], { env: world.env });
}

/** `minichat serve --turns` on a terminal. */
async function host(world: World, ...args: string[]): Promise<{ bob: TmuxTerminal; port: string }> {
  const bob = await onTerminal(world, "serve", "--turns", ...LOCAL, ...args);
  const line = await bob.shows(/^ {2}nc 127\.0\.0\.1 \d+$/);
  await bob.shows(/^\(waiting for the other side to connect\)$/);
  return { bob, port: line.split(" ").at(-1) ?? "" };
}

/** The rows of the screen from the first that matches. */
async function below(terminal: TmuxTerminal, pattern: RegExp): Promise<string[]> {
  const rows = await terminal.screen();
  return rows.slice(rows.findIndex((row) => pattern.test(row)) + 1);
}

async function enter(terminal: TmuxTerminal, text: string): Promise<void> {
  await terminal.type(text);
  await terminal.press("Enter");
}

Deno.test("serve --turns and connect --turns on two terminals: what both users see (R50-R52)", async () => {
  using world = makeWorld();
  const { bob: serving, port } = await host(world);
  await using bob = serving;
  await using ana = await onTerminal(world, "connect", "--turns", "127.0.0.1", port);
  await ana.shows(MINE);
  await bob.shows(THEIRS);
  await enter(bob, "an early thought");
  await bob.shows(/^-- Held until your turn comes$/);
  await bob.type("half a tho");
  await enter(ana, "hello");
  await ana.shows(/^them> an early thought$/);
  await enter(ana, "and now?");
  await bob.shows(/^you> half a tho$/); // the line being typed is still there
  await bob.type("ught");
  await bob.press("Enter");
  await ana.shows(/^them> half a thought$/);
  assertEquals(await below(bob, /\S connected:/), [
    "(waiting for the other side) an early thought",
    "-- Held until your turn comes",
    "them> hello",
    "you> an early thought",
    "them> and now?",
    "you> half a thought",
    "(waiting for the other side)",
  ]);
  assertEquals(await below(ana, /connected to/), [
    "you> hello",
    "them> an early thought",
    "you> and now?",
    "them> half a thought",
    "you>",
  ]);
  await ana.press("C-d");
  assertStrictEquals(await ana.exitStatus(), 0);
  await bob.shows(/^-- The other side has left$/);
  await bob.shows(/^\(waiting for the other side to connect\)$/);
  await bob.press("C-c");
  assertStrictEquals(await bob.exitStatus(), 0);
});

Deno.test("both users get a notice when both wait, and when both send (R52, D22)", async () => {
  using world = makeWorld();
  const { bob: waiting, port } = await host(world);
  await using bob = waiting;
  const args = ["connect", "--turns", "--first", "server", "127.0.0.1", port];
  await using ana = await onTerminal(world, ...args);
  await ana.shows(
    /^-- Nothing has come for 5 s: perhaps both sides are waiting\./,
    QUIET_DEADLINE_MS,
  );
  await bob.shows(/^-- Nothing has come for 5 s: perhaps both sides are waiting\./);
  await enter(ana, "then I begin");
  await bob.shows(/^them> then I begin$/);
  await bob.shows(MINE);
  await ana.shows(THEIRS);

  const { bob: speaking, port: other } = await host(world, "--first", "server");
  await using eve = speaking;
  await using tom = await onTerminal(world, "connect", "--turns", "127.0.0.1", other);
  await eve.shows(MINE);
  await tom.shows(MINE);
  await enter(eve, "me first");
  await tom.shows(/^-- Both sides are speaking: lines have crossed/);
  await tom.shows(/^them> me first$/);
  await enter(tom, "after you");
  await eve.shows(/^them> after you$/);
  await eve.shows(MINE);
});

Deno.test("connect --turns speaks with sheet 002's server in Python, on a terminal and in a pipe", async () => {
  using world = makeWorld();
  for (const how of ["terminal", "pipe"]) {
    await using server = startOutside("python3", [program("turns_server")]);
    const port = (await server.stdout.match(/^port /)).slice("port ".length);
    const args = ["connect", "--turns", "127.0.0.1", port];
    if (how === "terminal") {
      await using ana = await onTerminal(world, ...args);
      await ana.shows(MINE);
      for (const word of ["één", "deux"]) {
        await enter(ana, word);
        assertStrictEquals(await server.stdout.next(), word);
        await server.type(`re: ${word}\n`);
        await ana.shows(new RegExp(`^them> re: ${word}$`));
      }
      await server.endInput();
      await enter(ana, "trois");
      await ana.shows(/^-- The other side has left$/);
      assertStrictEquals(await ana.exitStatus(), 0);
    } else {
      await using ana = startProgram(world, args);
      await ana.stdin.write(new TextEncoder().encode("un\ndeux\n"));
      await ana.stdin.close();
      for (const word of ["un", "deux"]) {
        assertStrictEquals(await server.stdout.next(), word);
        await server.type(`re: ${word}\n`);
        assertStrictEquals(await ana.stdout.next(), `re: ${word}`);
      }
      assertStrictEquals((await exitOf(ana)).code, 0);
    }
    assertStrictEquals((await server.exited).code, 0);
  }
});

Deno.test("serve --turns speaks with sheet 002's client in Python, on a terminal and in a pipe", async () => {
  using world = makeWorld();
  const { bob: serving, port } = await host(world);
  await using bob = serving;
  {
    await using client = startOutside("python3", [program("turns_client"), port]);
    for (const word of ["één", "deux"]) {
      await client.type(`${word}\n`);
      await bob.shows(new RegExp(`^them> ${word}$`));
      await enter(bob, `re: ${word}`);
      assertStrictEquals(await client.stdout.next(), `re: ${word}`);
    }
    await client.endInput();
    assertStrictEquals((await client.exited).code, 0);
    await bob.shows(/^-- The other side has left$/);
  }
  await using piped = startProgram(world, ["serve", "--turns", ...LOCAL]);
  const at = (await piped.stdout.match(/^ {2}nc /)).split(" ").at(-1) ?? "";
  await using client = startOutside("python3", [program("turns_client"), at]);
  await piped.stdin.write(new TextEncoder().encode("1\n2\n"));
  for (const [word, answer] of [["un", "1"], ["deux", "2"]] as const) {
    await client.type(`${word}\n`);
    assertStrictEquals(await piped.stdout.next(), word);
    assertStrictEquals(await client.stdout.next(), answer);
  }
});

Deno.test("nc and socat speak with serve --turns, and nc -l with connect --turns (R48)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  await using bob = startProgram(world, ["serve", "--turns", ...LOCAL, "--listen", `unix:${path}`]);
  const port = (await bob.stdout.match(/^ {2}nc 127/)).split(" ").at(-1) ?? "";
  await bob.stdin.write(new TextEncoder().encode("to nc\nto socat\n"));
  for (
    const [command, args] of [
      ["nc", ["-N", "127.0.0.1", port]],
      ["socat", ["-", `UNIX-CONNECT:${path}`]],
    ] as const
  ) {
    await using one = startOutside(command, args);
    await one.type(`${command} here\n`);
    assertStrictEquals(await bob.stdout.match(/here$/), `${command} here`);
    assertStrictEquals(await one.stdout.next(), `to ${command}`);
    await one.endInput();
    await bob.stderr.match(/^The other side has left$/);
  }
  await using listening = startOutside("nc", ["-lU", `${path}2`]);
  await listening.type("answer\n"); // sent as soon as a client connects
  const exists = () => Deno.stat(`${path}2`).then(() => true, () => false);
  const until = performance.now() + DEADLINE_MS;
  while (!await exists()) assert(performance.now() < until, "nc listens");
  await using ana = startProgram(world, [
    "connect",
    "--turns",
    "--first",
    "server",
    `unix:${path}2`,
  ]);
  assertStrictEquals(await ana.stdout.next(), "answer");
  await ana.stdin.write(new TextEncoder().encode("thanks\n"));
  assertStrictEquals(await listening.stdout.next(), "thanks");
});
