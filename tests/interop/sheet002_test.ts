// Sheet 002: the line client and server, two-person mode in turns and with two processes (R45-R54,
// D12, D13).

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  exitOf,
  makeWorld,
  programCommand,
  runProgram,
  startProgram,
  startServer,
} from "../harness.ts";
import { startForeign, startWitness, typeTo } from "./witness.ts";
import { TmuxTerminal } from "./tmux.ts";

Deno.test("sheet002_line_client.py, which never reads, is served to its last line (R49)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  await using client = await startWitness("sheet002_line_client.py", "127.0.0.1", port);
  const lines = Array.from({ length: 500 }, (_, number) => `ligne ${number}`);
  await client.type(["muet", ...lines].map((line) => line + "\n").join(""));
  await client.endInput();
  for (const text of lines) {
    const received = JSON.parse(await nina.lines.match(/"message"/));
    assertEquals([received.from, received.text], ["muet", text]);
  }
  assertMatch(await nina.lines.match(/"left"/), /"name":"muet"/);
});

Deno.test("sheet002_line_client.py, which never reads, does not hold up the others", async () => {
  using world = makeWorld();
  const unhurried = ["--limit", "message-rate=1000000/s"];
  await using server = await startServer(world, [
    "--port",
    "0",
    "--host",
    "127.0.0.1",
    ...unhurried,
  ]);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  await using muet = await startWitness("sheet002_line_client.py", "127.0.0.1", port);
  await muet.type("muet\n");
  await nina.lines.match(/"joined","name":"muet"/);
  await using tom = await TestClient.plain(server, "tom");
  // More in all than the buffers between a server and a client that does not read, but never more
  // at a time than a reader may lag behind.
  const filler = "f".repeat(8_000);
  for (let number = 0; !tom.lines.seen.some((line) => /muet left/.test(line)); number++) {
    assert(number < 5_000, "muet reads after all");
    await nina.request({ type: "say", text: `${number} ${filler}` });
    await tom.lines.match(new RegExp(`^nina: ${number} f{8000}$`));
  }
  const left = tom.lines.seen.filter((line) => /muet left/.test(line));
  assertEquals(left, ["-- muet left (too slow: did not read what was sent)"]);
});

Deno.test("sheet002_turns_client.py gets a line for each of its lines (R50, R51, D12)", async () => {
  using world = makeWorld();
  await using server = await startServer(world, ["--listen", "tcp:127.0.0.1:0,dialect=plain"]);
  await using nina = await TestClient.plain(server, "nina");
  const port = String(server.port);
  await using turns = await startWitness("sheet002_turns_client.py", "127.0.0.1", port);
  await turns.type("thea\n");
  assertMatch(await turns.stdout.next(), /^Welcome/);
  await nina.lines.match(/^-- thea joined$/);
  for (let round = 0; round < 20; round++) {
    await turns.type(`line ${round}\n`);
    await turns.stdout.next();
    assertStrictEquals(await nina.lines.match(/line/), `thea: line ${round}`);
  }
  await nina.send("a word for thea\n");
  await nina.lines.match(/^-- sent to everyone/);
  for (let round = 0; !turns.stdout.seen.includes("nina: a word for thea"); round++) {
    assert(round < 50, turns.stdout.seen.join("\n"));
    await turns.type("x\n");
    await turns.stdout.next();
  }
  await turns.endInput();
  await nina.lines.match(/^-- thea left/);
  assertStrictEquals((await turns.exited).code, 0);
});

Deno.test("sheet002_fork_client.py receives and sends at any moment (R53, R54)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  await using forked = await startWitness("sheet002_fork_client.py", "127.0.0.1", port);
  await forked.stdout.match(/^Type your name/);
  await forked.type("fatou\n");
  await forked.stdout.match(/^-- You are fatou/);
  await forked.type("un\n");
  await forked.type("deux\n");
  for (const text of ["un", "deux"]) {
    const received = JSON.parse(await nina.lines.match(/"message"/));
    assertEquals([received.from, received.text], ["fatou", text]);
  }
  await nina.request({ type: "say", text: "trois" });
  assertStrictEquals(await forked.stdout.match(/trois/), "nina: trois");
  await forked.endInput();
  assertMatch(await nina.lines.match(/"left"/), /"name":"fatou"/);
  assertStrictEquals((await forked.exited).code, 0);
});

Deno.test("minichat connect sends its lines to sheet002_line_server.py (R45-R49)", async () => {
  using world = makeWorld();
  const foreign = { source: "sheet002_line_server.py", dialect: "plain", say: String } as const;
  await using there = await startForeign(world, foreign);
  const { code, stdout } = await runProgram(world, there.join("ana"), "un\n\n  deux é\n@trois");
  assertStrictEquals(code, 0);
  assertStrictEquals(stdout, "");
  await there.outside.stdout.match(/^connected:/);
  const lines = ["ana", "un", "", "  deux é", "@trois", "over"];
  for (const line of lines) assertStrictEquals(await there.outside.stdout.next(), line);
  assertStrictEquals((await there.outside.exited).code, 0);
});

Deno.test("minichat connect takes its turn at sheet002_turns_server.py (R50)", async () => {
  using world = makeWorld();
  const foreign = { source: "sheet002_turns_server.py", dialect: "plain", say: String } as const;
  await using there = await startForeign(world, foreign);
  await using ana = startProgram(world, there.join("ana"));
  // Its name is the first line.
  for (const [line, answer] of [["ana", "one"], ["un", "two"], ["deux", "three"]] as const) {
    if (line !== "ana") await typeTo(ana, line);
    await there.outside.stdout.match(new RegExp(`^${line}$`));
    await there.outside.type(`${answer}\n`);
    assertStrictEquals(await ana.stdout.next(), answer);
  }
  await ana.stdin.close();
  assertStrictEquals((await exitOf(ana)).code, 0);
  assertStrictEquals((await there.outside.exited).code, 0);
});

const FORKED = { source: "sheet002_fork_server.py", dialect: "plain", say: String } as const;

Deno.test("minichat connect and sheet002_fork_server.py talk as they like (R53, R54)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, FORKED);
  await using ana = startProgram(world, there.join("ana"));
  await there.outside.stdout.match(/^ana$/);
  for (let round = 0; round < 3; round++) {
    await typeTo(ana, `from ana ${round}`);
    await typeTo(ana, "again");
    assertStrictEquals(await there.outside.stdout.match(/from/), `from ana ${round}`);
    await there.outside.type(`from there ${round}\nagain\n`);
    assertStrictEquals(await ana.stdout.match(/from/), `from there ${round}`);
    await ana.stdout.match(/^again$/);
  }
  await there.outside.endInput();
  assertStrictEquals((await exitOf(ana)).code, 1, "the server ended it while ana had more to say");
});

Deno.test("minichat connect on a terminal talks with sheet002_fork_server.py", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, FORKED);
  const [program, args] = programCommand(there.join("ana"));
  await using ana = await TmuxTerminal.start([program, ...args], { env: world.env });
  await there.outside.stdout.match(/^ana$/);
  await ana.type("half a");
  await there.outside.type("bonjour ana\n");
  await ana.shows(/bonjour ana$/);
  await ana.type(" line");
  await ana.press("Enter");
  assertStrictEquals(await there.outside.stdout.match(/line/), "half a line");
  await ana.press("C-d");
  assertStrictEquals(await ana.exitStatus(), 0);
  assertStrictEquals((await there.outside.exited).code, 0);
});
