// `minichat connect` in pipes and scripts, against the real server.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  exitOf,
  makeWorld,
  programCommand,
  runProgram,
  startProgram,
  startServer,
} from "../harness.ts";

Deno.test("connect sends each line of stdin, waits for the last ack, and exits 0", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  const { code, stderr } = await runProgram(
    world,
    ["connect", "127.0.0.1", port, "bot"],
    "one\ntwo\n@nina three\nlast without newline",
  );
  assertStrictEquals(code, 0, stderr);
  assertMatch(stderr, /connected to: \(127\.0\.0\.1, \d+\)/);
  const sent = (await nina.events()).filter((event) => event["type"] === "message");
  const texts = sent.map((event) => [event["from"], event["text"], event["to"]]);
  assertEquals(texts, [
    ["bot", "one", undefined],
    ["bot", "two", undefined],
    ["bot", "three", "@nina"],
    ["bot", "last without newline", undefined],
  ]);
});

Deno.test("connect prints messages as name: text while stdin stays open", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using bot = startProgram(world, ["connect", "127.0.0.1", String(server.port), "bot"]);
  await server.stdout.match(/bot joined/);
  await using nina = await TestClient.native(server, "nina");
  await nina.request({ type: "say", text: "good morning" });
  assertStrictEquals(await bot.stdout.match(/morning/), "nina: good morning");
  await bot.stdin.write(new TextEncoder().encode("good evening\n"));
  await nina.lines.match(/good evening/);
  await bot.stdin.close();
  assertStrictEquals((await exitOf(bot)).code, 0);
});

Deno.test("connect --json prints the events as they are", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const args = ["connect", "127.0.0.1", String(server.port), "bot", "--json"];
  const { code, stdout } = await runProgram(world, args, "hello\n");
  assertStrictEquals(code, 0);
  const types = stdout.trim().split("\n").map((line) => JSON.parse(line).type);
  assertEquals(types.slice(0, 3), ["welcome", "message", "ack"]);
});

Deno.test("connect exits 1 when the name is taken and when the server goes away", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using _nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  const taken = await runProgram(world, ["connect", "127.0.0.1", port, "Nina"], "hello\n");
  assertStrictEquals(taken.code, 1);
  assertMatch(taken.stderr, /"Nina" is taken/);
  const args = ["connect", "--no-reconnect", "127.0.0.1", port, "bot"];
  await using bot = startProgram(world, args);
  await server.stdout.match(/bot joined/);
  server.kill("SIGKILL");
  assertStrictEquals((await exitOf(bot)).code, 1);
  assertMatch(bot.stderr.seen.join("\n"), /server|connection/i);
});

Deno.test("connect --dialect usermsg speaks sheet 004 to this server and to any other", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const place = ["127.0.0.1", String(server.port)];
  const { code, stderr } = await runProgram(
    world,
    ["connect", "--dialect", "usermsg", ...place, "ulla"],
    "from a pipe\n",
  );
  assertStrictEquals(code, 0, stderr);
  assertMatch(await nina.lines.match(/from a pipe/), /"from":"ulla"/);

  // A foreign server for the sheet: accepts one client, records what it sends, answers a line.
  const foreign = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received = (async () => {
    using conn = await foreign.accept();
    await conn.write(new TextEncoder().encode("MSG zed welcome here\n"));
    let text = "";
    const buffer = new Uint8Array(1024);
    for (let count; (count = await conn.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    return text;
  })();
  const { port } = foreign.addr;
  const guest = await runProgram(
    world,
    ["connect", "--dialect", "usermsg", "127.0.0.1", String(port), "ulla"],
    "hello zed\n",
  );
  foreign.close();
  assertStrictEquals(await received, "USER ulla\nMSG hello zed\n");
  assertMatch(guest.stdout, /^zed: welcome here$/m);
});

Deno.test("connect joins a server through a Unix socket", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using server = await startServer(world, ["--listen", `unix:${path}`]);
  const { code } = await runProgram(world, ["connect", `unix:${path}`, "ida"], "by file\n");
  assertStrictEquals(code, 0);
  assertStrictEquals(await server.stdout.match(/by file/), "ida: by file");
});

Deno.test("connect leaves when the program that reads its output has ended, without a write (C3)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const args = ["127.0.0.1", String(server.port), "bot"];
  const [program, connect] = programCommand(["connect", ...args]);
  // Its standard input stays open; what it would print is read by a program that ends immediately.
  const script = '{ "$@"; echo $? >&2; } <&3 | true';
  const shell = new Deno.Command("sh", {
    args: ["-c", `exec 3<&0; ${script}`, "sh", program, ...connect],
    env: world.env,
    ...{ stdin: "piped", stdout: "null", stderr: "piped" } as const,
  }).spawn();
  await server.stdout.match(/bot joined/);
  const { stderr } = await shell.output();
  assertMatch(new TextDecoder().decode(stderr), /You are bot[^]*\n0\n$/);
  await server.stdout.match(/bot left/);
  assertStrictEquals((await runProgram(world, ["connect", ...args], "free again\n")).code, 0);
});
