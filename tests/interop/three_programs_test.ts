// The README's example with the real programs: telnet, nc and minichat connect in one chat.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { admin, exitOf, makeWorld, programCommand, startServer } from "../harness.ts";
import { startOutside } from "./outside_program.ts";
import { TmuxTerminal } from "./tmux.ts";

const RIGHT_AWAY_MS = 100;

Deno.test("telnet, nc with USER/MSG and minichat connect in tmux chat and get the goodbye", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const port = String(server.port);
  const [command, args] = programCommand(["connect", "127.0.0.1", port, "alice"]);
  await using alice = await TmuxTerminal.start([command, ...args], { env: world.env });
  await alice.shows(/You are alice/);
  await using bob = startOutside("telnet", ["127.0.0.1", port]);
  await bob.stdout.match(/Type your name/);
  await bob.type("bob\n");
  await bob.stdout.match(/^-- You are bob/);
  await using carol = startOutside("nc", ["127.0.0.1", port]);
  await carol.type("USER carol\n");
  await alice.shows(/carol joined/);

  await alice.type("hello from alice");
  await alice.press("Enter");
  assertStrictEquals(await bob.stdout.match(/hello from alice/), "alice: hello from alice");
  assertStrictEquals(await carol.stdout.match(/hello from alice/), "MSG alice hello from alice");
  await bob.type("hello from bob\n");
  await alice.shows(/bob: hello from bob/);
  assertStrictEquals(await carol.stdout.match(/hello from bob/), "MSG bob hello from bob");
  await carol.type("MSG hello from carol\n");
  await alice.shows(/carol: hello from carol/);
  assertStrictEquals(await bob.stdout.match(/hello from carol/), "carol: hello from carol");

  await bob.type("@alice a secret\n");
  await alice.shows(/bob.*a secret/);
  await alice.type("@carol another secret");
  await alice.press("Enter");
  assertMatch(await carol.stdout.match(/another secret/), /^MSG alice .*another secret$/);
  await bob.type("/no-such-command\n");
  await bob.stdout.match(/no-such-command/);
  assert(!bob.stdout.seen.some((line) => line.includes("another secret")));
  assert(!carol.stdout.seen.some((line) => line.includes("a secret")));

  assertStrictEquals((await admin(world, "shutdown", "3")).code, 0);
  for (const seconds of [3, 2, 1]) {
    await alice.shows(new RegExp(`stops in ${seconds} s`));
    await bob.stdout.match(new RegExp(`^-- The server stops in ${seconds} s`));
    await carol.stdout.match(new RegExp(`^MSG server The server stops in ${seconds} s`));
  }
  assertStrictEquals((await exitOf(server)).code, 0);
  await bob.stdout.match(/^-- Goodbye: the server stopped/);
  await carol.stdout.match(/^MSG server Goodbye: the server stopped/);
  // A client on a terminal waits for the server as long as its user likes.
  await alice.shows(/Coming back by itself/);
  await alice.type("/quit");
  await alice.press("Enter");
  assertStrictEquals(await alice.exitStatus(), 0);
});

Deno.test("a line from nc is on the terminal of minichat connect within 100 ms", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const port = String(server.port);
  const [command, args] = programCommand(["connect", "127.0.0.1", port, "alice"]);
  await using alice = await TmuxTerminal.start([command, ...args], { env: world.env });
  await alice.shows(/You are alice/);
  await using carol = startOutside("nc", ["127.0.0.1", port]);
  await carol.type("USER carol\n");
  await alice.shows(/carol joined/);
  const tookMs: number[] = [];
  for (let round = 0; round < 7; round++) {
    const began = performance.now();
    await carol.type(`MSG look ${round}\n`);
    await alice.shows(new RegExp(`carol: look ${round}`));
    tookMs.push(performance.now() - began);
  }
  const median = tookMs.sort((a, b) => a - b)[3] ?? Infinity;
  assert(median < RIGHT_AWAY_MS, `median ${median} ms`);
});

Deno.test("telnet and nc see each other's lines within 100 ms", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const port = String(server.port);
  await using bob = startOutside("telnet", ["127.0.0.1", port]);
  await bob.stdout.match(/Type your name/);
  await bob.type("bob\n");
  await bob.stdout.match(/^-- You are bob/);
  await using carol = startOutside("nc", ["127.0.0.1", port]);
  await carol.type("USER carol\n");
  await bob.stdout.match(/carol joined/);
  const tookMs: number[] = [];
  for (let round = 0; round < 11; round++) {
    const began = performance.now();
    await carol.type(`MSG ping ${round}\n`);
    await bob.stdout.match(new RegExp(`^carol: ping ${round}$`));
    await bob.type(`pong ${round}\n`);
    await carol.stdout.match(new RegExp(`^MSG bob pong ${round}$`));
    tookMs.push((performance.now() - began) / 2);
  }
  const median = tookMs.sort((a, b) => a - b)[5] ?? Infinity;
  assert(median < RIGHT_AWAY_MS, `median ${median} ms`);
});
