// Sheet 003: a client of two processes and a server of threads (R55-R87, D14-D16).

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, programCommand, startServer } from "../harness.ts";
import {
  assertTwoMeet,
  type ForeignServer,
  joinPiped,
  startForeign,
  startWitness,
  typeTo,
} from "./witness.ts";
import { TmuxTerminal } from "./tmux.ts";

Deno.test("sheet003_client.c prints its usage without a host (R55)", async () => {
  await using client = await startWitness("sheet003_client.c");
  assertStrictEquals((await client.exited).code, 1);
});

Deno.test("sheet003_client.c says hello, learns its name, chats and says bye (R57-R69)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using client = await startWitness(
    ...["sheet003_client.c", "127.0.0.1", String(server.port)] as const,
  );
  assertStrictEquals(await client.stdout.match(/^id/), "id 2, name user2");
  await client.type("b bonjour à tous\n");
  const received = JSON.parse(await nina.lines.match(/bonjour/));
  assertEquals([received.from, received.text], ["user2", "bonjour à tous"]);
  await nina.request({ type: "say", text: "salut" });
  assertStrictEquals(await client.stdout.match(/salut/), "nina: salut");
  await client.type("hippopotame\n");
  await client.stdout.match(/^ {2}h +this list$/);
  await client.stdout.match(/^ {2}q +leave the chat$/);
  await client.type("n chloé\nliste\n");
  assertStrictEquals(await client.stdout.match(/now/), "-- You are now chloé");
  assertEquals([await client.stdout.match(/^1/), await client.stdout.next()], [
    "1 nina",
    "2 chloé",
  ]);
  await client.type("s nina psst\n");
  assertMatch(await nina.lines.match(/psst/), /"from":"chloé","to":"@nina","text":"psst"/);
  await client.type("j cuisine\n");
  await client.stdout.match(/You joined cuisine/);
  await nina.request({ type: "join", group: "cuisine" });
  await nina.request({ type: "say", to: "#cuisine", text: "la soupe" });
  assertStrictEquals(await client.stdout.match(/soupe/), "nina@cuisine: la soupe");
  await client.endInput();
  assertMatch(await nina.lines.match(/"left","name":"chloé"/), /"chloé"/);
  await client.stdout.match(/^bye$/);
  assertStrictEquals((await client.exited).code, 0);
});

Deno.test("sheet003_client.c ends by its own bye at CTRL-C, and at the server's EOT (R61, R64, R66)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const args = ["sheet003_client.c", "127.0.0.1", String(server.port)] as const;
  await using interrupted = await startWitness(...args);
  await interrupted.stdout.match(/^id 2/);
  await interrupted.type("b here\n");
  await nina.lines.match(/"here"/); // by then both processes run
  interrupted.kill("SIGINT");
  await interrupted.stdout.match(/^bye$/);
  assertEquals(
    JSON.parse(await nina.lines.match(/"left"/)),
    { type: "left", name: "user2" },
    "by its bye, not by the end of the stream",
  );
  await using last = await startWitness(...args);
  await last.stdout.match(/^id 2/); // the lowest free one (R70)
  server.kill("SIGTERM");
  await last.stdout.match(/^-- Goodbye: the server stopped$/);
  await last.stdout.match(/^bye$/);
  assertStrictEquals((await exitOf(server)).code, 0);
});

const SERVER: ForeignServer = {
  source: "sheet003_server.py",
  dialect: "etx",
  say: (text) => `b ${text}`,
};

Deno.test("two of minichat connect meet at sheet003_server.py (R78, R85)", async () => {
  using world = makeWorld();
  await assertTwoMeet(world, SERVER);
});

Deno.test("minichat connect has sheet003_server.py's groups, names and lists (R71-R81)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, SERVER);
  await using ana = await joinPiped(world, there, "ana");
  await using bob = await joinPiped(world, there, "bob");
  for (const one of [ana, bob]) {
    await typeTo(one, "j cuisine");
    await one.stdout.match(/^you are in cuisine$/);
  }
  await typeTo(ana, "s cuisine la soupe");
  assertStrictEquals(await bob.stdout.match(/soupe/), "ana@cuisine: la soupe");
  await typeTo(bob, "s ana psst");
  assertStrictEquals(await ana.stdout.match(/psst/), "bob: psst");
  await typeTo(bob, "n ana");
  await bob.stdout.match(/^ana is taken$/);
  await typeTo(bob, "liste");
  assertEquals([await bob.stdout.next(), await bob.stdout.next()], ["0 ana", "1 bob"]);
  await typeTo(bob, "l g");
  assertStrictEquals(await bob.stdout.match(/cuisine/), "cuisine: ana bob");
  await ana.stdin.close();
  ana.kill("SIGTERM");
  await there.outside.stdout.match(/^ana left$/);
  there.outside.kill("SIGTERM");
  assertStrictEquals((await exitOf(bob)).code, 0, "EOT is a good end (R64, R86)");
});

Deno.test("minichat connect on a terminal keeps its prompt at sheet003_server.py (R60, R63)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, SERVER);
  const [program, args] = programCommand(there.join("ana"));
  await using ana = await TmuxTerminal.start([program, ...args], { env: world.env });
  await ana.shows(/^ana>/);
  await using bob = await joinPiped(world, there, "bob");
  await ana.type("b half");
  await typeTo(bob, "b interrupts");
  await ana.shows(/bob: interrupts$/);
  await ana.shows(/^ana> b half$/);
  await ana.type(" a line");
  await ana.press("Enter");
  assertStrictEquals(await bob.stdout.match(/half/), "ana: half a line");
  await ana.type("n anna");
  await ana.press("Enter");
  await ana.shows(/you are anna$/);
  await ana.type("w");
  await ana.press("Enter");
  await ana.shows(/^anna>/);
  there.outside.kill("SIGINT");
  assertStrictEquals(await ana.exitStatus(), 0);
});
