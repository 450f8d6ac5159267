// `minichat connect` in a pipe while the server is killed and started again.

import assert from "node:assert/strict";
import { exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

const ENCODER = new TextEncoder();

Deno.test("connect in a pipe comes back to a server that was killed, and says each line once (F74)", async () => {
  using world = makeWorld();
  const first = await startServer(world);
  const place = ["--port", String(first.port), "--host", "127.0.0.1"];
  await using bot = startProgram(
    world,
    ["connect", "--json", "127.0.0.1", String(first.port), "bot"],
  );
  await bot.stdin.write(ENCODER.encode("before\n"));
  await bot.stdout.match(/"type":"ack"/);
  first.kill("SIGKILL");
  await first[Symbol.asyncDispose]();
  await bot.stderr.match(/; coming back, for at most 60 s$/);
  await bot.stdin.write(ENCODER.encode("meanwhile\n"));
  await using second = await startServer(world, place);
  await bot.stderr.match(/^Back after \d+ s/, 20_000);
  await bot.stdin.write(ENCODER.encode("after\n"));
  await second.stdout.match(/^bot: after$/);
  await bot.stdin.close();
  assert.equal((await exitOf(bot)).code, 0);
  const said = second.stdout.seen.filter((line) => line.startsWith("bot: "));
  assert.deepEqual(said, ["bot: meanwhile", "bot: after"]);
});

Deno.test("connect in a pipe ends at once when the server stops in good order", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using bot = startProgram(world, ["connect", "127.0.0.1", String(server.port), "bot"]);
  await server.stdout.match(/bot joined/);
  server.kill("SIGTERM");
  assert.equal((await exitOf(bot)).code, 0);
});
