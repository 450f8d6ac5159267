// `minichat connect` in a pipe while the network fails, and the server is killed and started again.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Proxy } from "../../benchmarks/torture/proxy.ts";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

const ENCODER = new TextEncoder();

Deno.test("connect in a pipe reconnects to a server that was killed, and sends each line once (F74)", async () => {
  using world = makeWorld();
  const local = ["--host", "127.0.0.1", "--data", `${world.directory}/data`];
  const first = await startServer(world, ["--port", "0", ...local]);
  const place = ["--port", String(first.port), ...local];
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
  await bot.stderr.match(/^Back after \d+ s$/, 20_000);
  await bot.stdin.write(ENCODER.encode("after\n"));
  await second.stdout.match(/^bot: after$/);
  await bot.stdin.close();
  assertStrictEquals((await exitOf(bot)).code, 0);
  const sent = second.stdout.seen.filter((line) => line.startsWith("bot: "));
  assertEquals(sent, ["bot: meanwhile", "bot: after"]);
  const texts = bot.stdout.seen.map((line) => JSON.parse(line))
    .filter(({ type }) => type === "message").map(({ text }) => text);
  assertEquals(texts, ["before", "meanwhile", "after"]);
});

Deno.test("connect in a pipe resumes its session, though acknowledgements were lost (F27, F74)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using proxy = new Proxy(server.port);
  await using nina = await TestClient.native(server, "nina");
  const args = ["connect", "--json", "127.0.0.1", String(proxy.port), "bot"];
  await using bot = startProgram(world, args);
  await bot.stdin.write(ENCODER.encode("one\n"));
  await bot.stdout.match(/"type":"ack"/);
  proxy.mode = "deaf";
  await bot.stdin.write(ENCODER.encode("two\n"));
  await server.stdout.match(/^bot: two$/); // stored, and the client does not know
  proxy.mode = "closed";
  proxy.cut();
  await bot.stderr.match(/; coming back, for at most 60 s$/);
  await bot.stdin.write(ENCODER.encode("three\n"));
  await nina.request({ type: "say", text: "missed" });
  proxy.mode = "fair";
  await bot.stderr.match(/^Back after \d+ s$/, 20_000);
  await server.stdout.match(/^bot: three$/);
  await bot.stdin.close();
  assertStrictEquals((await exitOf(bot)).code, 0);
  const sent = server.stdout.seen.filter((line) => line.startsWith("bot: "));
  assertEquals(sent, ["bot: one", "bot: two", "bot: three"]);
  const events = bot.stdout.seen.map((line) => JSON.parse(line));
  const texts = events.filter(({ type }) => type === "message").map(({ text }) => text);
  assertEquals(texts, ["one", "two", "missed", "three"]);
  assertEquals(events.filter(({ type }) => type === "ack").map(({ ref }) => ref), [1, 2, 3]);
  const left = (await nina.events()).filter(({ type, name }) => type === "left" && name === "bot");
  assert(left.length <= 1, "nobody hears of a blip, only of the end");
});

Deno.test("connect in a pipe ends immediately when the server stops in good order", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using bot = startProgram(world, ["connect", "127.0.0.1", String(server.port), "bot"]);
  await server.stdout.match(/bot joined/);
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(bot)).code, 0);
});
