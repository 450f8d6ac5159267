// Sheet 004: clients with poll and with threads, servers with poll and with threads (R88-R94, D17).

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, programCommand, startServer } from "../harness.ts";
import {
  assertTwoMeet,
  type ForeignServer,
  joinPiped,
  startForeign,
  startWitness,
  typeTo,
} from "./witness.ts";
import { TmuxTerminal } from "./tmux.ts";

for (const source of ["sheet004_client.c", "sheet004_client.py"]) {
  Deno.test(`${source} asks for a name and chats (R89-R93)`, async () => {
    using world = makeWorld();
    await using server = await startServer(world);
    await using nina = await TestClient.native(server, "nina");
    await using client = await startWitness(source, "127.0.0.1", String(server.port));
    await client.stdout.match(/^Your name\?$/);
    await client.type("paul\n");
    await server.stdout.match(/^paul joined$/);
    await client.type("bonjour  à tous\n");
    const received = JSON.parse(await nina.lines.match(/bonjour/));
    assertEquals([received.from, received.text], ["paul", "bonjour  à tous"]);
    await client.type("one\ntwo\n");
    for (const text of ["one", "two"]) {
      assertStrictEquals(JSON.parse(await nina.lines.match(/"message"/)).text, text);
    }
    const long = "é".repeat(4_000);
    await nina.request({ type: "say", text: "salut" });
    await nina.request({ type: "say", text: long });
    await nina.request({ type: "say", to: "@paul", text: "psst" });
    assertStrictEquals(await client.stdout.match(/salut/), "nina: salut");
    assertStrictEquals(await client.stdout.next(), `nina: ${long}`);
    assertStrictEquals(await client.stdout.next(), "nina: [private] psst");
    await client.endInput();
    assertMatch(await nina.lines.match(/"left"/), /"name":"paul"/);
    assertStrictEquals((await client.exited).code, 0);
  });
}

Deno.test("sheet004_client.c, which connects before it asks, joins although it was greeted", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using client = await startWitness(
    ...["sheet004_client.c", "127.0.0.1", String(server.port)] as const,
  );
  await client.stdout.match(/^Type your name/); // of the greeting
  await client.type("lent\n");
  assertMatch(await nina.lines.match(/"joined"/), /"name":"lent"/);
  await client.type("me voilà\n");
  const received = JSON.parse(await nina.lines.match(/"message"/));
  assertEquals([received.from, received.text], ["lent", "me voilà"]);
  await nina.request({ type: "say", text: "salut" });
  assertStrictEquals(await client.stdout.match(/salut/), "nina: salut");
});

const SERVERS: readonly ForeignServer[] = ["sheet004_server.c", "sheet004_server.py"].map((
  source,
) => ({
  source,
  dialect: "usermsg",
  say: (text) => text,
}));

for (const foreign of SERVERS) {
  Deno.test(`two of minichat connect meet at ${foreign.source} (R88, R91)`, async () => {
    using world = makeWorld();
    await assertTwoMeet(world, foreign);
  });

  Deno.test(`minichat connect on a terminal keeps what is typed at ${foreign.source} (R94)`, async () => {
    using world = makeWorld();
    await using there = await startForeign(world, foreign);
    const [program, args] = programCommand(there.join("ana"));
    await using ana = await TmuxTerminal.start([program, ...args], { env: world.env });
    await there.outside.stdout.match(/^ana joined$/);
    await using bob = await joinPiped(world, there, "bob");
    await ana.type("half a");
    await typeTo(bob, "interrupts");
    await ana.shows(/bob: interrupts$/);
    await ana.shows(/^ana> half a$/);
    await ana.type(" line");
    await ana.press("Enter");
    assertStrictEquals(await bob.stdout.match(/half/), "ana: half a line");
    await ana.press("C-d");
    assertStrictEquals(await ana.exitStatus(), 0);
    await there.outside.stdout.match(/^ana left$/);
  });
}
