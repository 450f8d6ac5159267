// Sheet 001: its synchronous client, that client with select, and a server (R23-R39, D8, D12).

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, programCommand, startServer } from "../harness.ts";
import { type ForeignServer, joinPiped, startForeign, startWitness, typeTo } from "./witness.ts";
import { TmuxTerminal } from "./tmux.ts";

const CLIENTS = ["sheet001_given_client.py", "sheet001_select_client.py"];

for (const source of CLIENTS) {
  Deno.test(`${source} without its arguments prints a usage and fails (R24)`, async () => {
    await using client = await startWitness(source, "localhost");
    assertMatch(await client.stdout.next(), /^Usage: .* hote port$/);
    assertStrictEquals((await client.exited).code, 1);
  });
}

Deno.test("sheet001_given_client.py is answered line by line and never freezes (R25-R27)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  await using given = await startWitness("sheet001_given_client.py", "127.0.0.1", port);
  assertStrictEquals(await given.stdout.next(), `connected to: ('127.0.0.1', ${port})`);
  await given.type("gaston\n");
  // The welcome is shown first (R29).
  assertMatch(await given.stdout.next(), /^Welcome to minichat/);
  await server.stdout.match(/^gaston joined$/);
  for (const text of ["salut", "@tous à tous", "@nina psst"]) {
    await given.type(`${text}\n`);
    const received = JSON.parse(await nina.lines.match(/"message"/));
    assertEquals([received.from, received.text], ["gaston", text.replace(/^@\S+ /, "")]);
  }
  await nina.request({ type: "say", text: "for gaston", ref: "heard" });
  await nina.lines.match(/"ack".*"heard"/);
  // As many lines as it takes until the client's reads have caught up: each line is answered, so
  // the client loops every time.
  for (let round = 0; !given.stdout.seen.includes("nina: for gaston"); round++) {
    assert(round < 20, given.stdout.seen.join("\n"));
    await given.type("/list\n");
    await given.stdout.next();
    given.stdout.rest();
  }
  await given.endInput();
  assertStrictEquals((await given.exited).code, 0);
  assertMatch(await nina.lines.match(/"left"/), /"name":"gaston"/);
});

Deno.test("sheet001_select_client.py receives immediately, and its half-close loses nothing (R26)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const port = String(server.port);
  await using client = await startWitness("sheet001_select_client.py", "127.0.0.1", port);
  await client.stdout.match(/^connected to: /);
  await client.stdout.match(/^Type your name/);
  await client.type("sélim\n");
  assertStrictEquals(await client.stdout.match(/You are/), "-- You are sélim. Here: nina.");
  await nina.request({ type: "say", text: "bonjour" });
  assertStrictEquals(await client.stdout.match(/bonjour/), "nina: bonjour");
  await client.type("@nina psst\n");
  assertMatch(await nina.lines.match(/psst/), /"from":"sélim","to":"@nina","text":"psst"/);
  await client.type("/list\nno newline at the end");
  await client.endInput();
  assertStrictEquals(
    await client.stdout.match(/people are here/),
    "-- 2 people are here: nina, sélim",
  );
  assertStrictEquals(JSON.parse(await nina.lines.match(/newline/)).text, "no newline at the end");
  await client.stdout.match(/^-- sent to everyone \(1\)$/);
  assertStrictEquals((await client.exited).code, 0);
});

const SERVER: ForeignServer = {
  source: "sheet001_server.py",
  dialect: "plain",
  say: (text) => text,
};

Deno.test("two of minichat connect meet at sheet001_server.py, with its own texts (R28-R36)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, SERVER);
  await using ana = await joinPiped(world, there, "ana");
  assertMatch(await ana.stdout.match(/Bienvenue/), /@tous/);
  await using bob = await joinPiped(world, there, "bob");
  assertStrictEquals(await ana.stdout.match(/bob/), "* bob est arrivé");
  await typeTo(ana, "@tous salut  é");
  assertStrictEquals(await bob.stdout.match(/salut/), "ana: salut  é");
  await typeTo(bob, "@ana psst");
  assertStrictEquals(await ana.stdout.match(/psst/), "bob (privé): psst");
  await typeTo(ana, "liste");
  assertStrictEquals(await ana.stdout.match(/ana bob/), "* ana bob");
  await typeTo(bob, "x".repeat(2_000));
  assertStrictEquals(await ana.stdout.match(/xxx/), `bob: ${"x".repeat(2_000)}`);
  await typeTo(bob, "quit");
  assertStrictEquals(await ana.stdout.match(/parti/), "* bob est parti");
});

Deno.test("minichat connect on a terminal at sheet001_server.py shows others while typing", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, SERVER);
  const [program, args] = programCommand(there.join("ana"));
  await using ana = await TmuxTerminal.start([program, ...args], { env: world.env });
  await ana.shows(/Bienvenue/);
  await using bob = await joinPiped(world, there, "bob");
  await ana.shows(/\* bob est arrivé$/);
  await ana.type("@bob half");
  await typeTo(bob, "interrupts");
  await ana.shows(/bob: interrupts$/);
  await ana.type(" a secret");
  await ana.press("Enter");
  assertStrictEquals(await bob.stdout.match(/secret/), "ana (privé): half a secret");
  await ana.press("C-d");
  assertStrictEquals(await ana.exitStatus(), 0);
  await there.outside.stdout.match(/^ana left$/);
});
