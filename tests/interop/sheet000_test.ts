// Sheet 000: programs a student writes for it, on both sides (R1-R22, D1-D5).

import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, programCommand, startServer } from "../harness.ts";
import { startOutside } from "./outside_program.ts";
import {
  assertTwoMeet,
  type ForeignServer,
  joinPiped,
  startForeign,
  startWitness,
  typeTo,
} from "./witness.ts";
import { TmuxTerminal } from "./tmux.ts";

Deno.test("the sleeper of exercise 2 is registered with three writes and leaves (R8-R10)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using server = await startServer(world, ["--listen", `unix:${path}`]);
  await using sleeper = await startWitness("sheet000_sleeper.c", path, "dormeur", "100");
  await server.stdout.match(/^dormeur joined$/);
  await server.stdout.match(/^dormeur left/);
  assertStrictEquals((await sleeper.exited).code, 0);
});

/** A client, and the kind of socket it connects to. */
const CLIENTS: readonly (readonly [source: string, where: "unix" | "tcp"])[] = [
  ["sheet000_client.c", "unix"],
  ["sheet000_client.c", "tcp"],
  ["sheet000_client.py", "tcp"],
];

for (const [source, where] of CLIENTS) {
  Deno.test(`${source} over ${where} chats, reads ok and shows ko (R11-R14, R20-R22)`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    const listen = ["--port", "0", "--host", "127.0.0.1", "--listen", `unix:${path}`];
    await using server = await startServer(world, listen);
    await using nina = await TestClient.native(server, "nina");
    const place = where === "unix" ? [path] : ["127.0.0.1", String(server.port)];
    await using zoe = await startWitness(source, ...place, "zoé");
    await server.stdout.match(/^zoé joined$/);

    await zoe.type("bonjour à tous 🐟\n");
    const received = JSON.parse(await nina.lines.match(/bonjour/));
    assertEquals([received.from, received.text], ["zoé", "bonjour à tous 🐟"]);
    assertStrictEquals(await server.stdout.match(/bonjour/), "zoé: bonjour à tous 🐟");
    // To all its clients (D5), then the acknowledgement (D1).
    assertEquals([await zoe.stdout.next(), await zoe.stdout.next()], [
      "zoé: bonjour à tous 🐟",
      "ko",
    ]);
    const long = "é".repeat(4_000);
    await nina.request({ type: "say", text: "salut zoé" });
    await nina.request({ type: "say", text: long });
    await nina.request({ type: "say", to: "@zoé", text: "psst" });
    assertStrictEquals(await zoe.stdout.next(), "nina: salut zoé");
    assertStrictEquals(await zoe.stdout.next(), `nina: ${long}`);
    assertStrictEquals(await zoe.stdout.next(), "nina (private): psst");
    await zoe.endInput();
    assertMatch(await nina.lines.match(/"left"/), /"name":"zoé"/);
    assertStrictEquals((await zoe.exited).code, 0);
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the sheet's own nc -U reaches the chat, and ${signal} removes the socket (R6, R19)`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    await using server = await startServer(world, ["--listen", `unix:${path}`]);
    const line = 'echo -n mon premier message | nc -U "$0"';
    await using echo = startOutside("bash", ["-c", line, path]);
    assertMatch(await server.stdout.match(/premier/), /^user\d+: mon premier message$/);
    await using client = await startWitness("sheet000_client.c", path, "zoe");
    await server.stdout.match(/^zoe joined$/);
    server.kill(signal);
    assertStrictEquals((await exitOf(server)).code, 0);
    assertThrows(() => Deno.lstatSync(path), Deno.errors.NotFound);
    await client.stdout.match(/^server: Goodbye: the server stopped$/);
    assertStrictEquals((await client.exited).code, 0);
    await echo.exited;
  });
}

const SERVER: ForeignServer = {
  source: "sheet000_server.c",
  dialect: "framed",
  unix: true,
  say: (text) => text,
};

Deno.test("two of minichat connect meet at sheet000_server.c (R22)", async () => {
  using world = makeWorld();
  await assertTwoMeet(world, SERVER);
});

Deno.test("minichat connect on a terminal at sheet000_server.c shows ko and the others (R14)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, SERVER);
  const [program, args] = programCommand(there.join("ana"));
  await using ana = await TmuxTerminal.start([program, ...args], { env: world.env });
  await there.outside.stdout.match(/^ana joined$/);
  await using bob = await joinPiped(world, there, "bob");
  await ana.type("salut bob");
  await ana.press("Enter");
  await ana.shows(/^\S* ?-- ko$/);
  assertStrictEquals(await bob.stdout.match(/salut/), "ana: salut bob");
  await ana.type("half a li");
  await typeTo(bob, "interrupts");
  await ana.shows(/bob: interrupts$/);
  await ana.shows(/^ana> half a li$/);
  there.outside.kill("SIGTERM");
  assertStrictEquals((await there.outside.exited).code, 0);
  await ana.shows(/The server closed the connection/);
  assertStrictEquals(await ana.exitStatus(), 1);
});

Deno.test("minichat connect at the server of exercise 4 shows ko for each message (R13, R14)", async () => {
  using world = makeWorld();
  await using there = await startForeign(world, { ...SERVER, source: "sheet000_server_ok.c" });
  await using ana = await joinPiped(world, there, "ana");
  for (const text of ["un", "deux"]) {
    await typeTo(ana, text);
    await there.outside.stdout.match(new RegExp(`^received: ${text}$`));
    assertStrictEquals(await ana.stderr.match(/^ko$/), "ko");
  }
  await ana.stdin.close();
  ana.kill("SIGTERM");
  await there.outside.stdout.match(/^the client left$/);
});
