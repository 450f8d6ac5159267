// `minichat admin` from another shell: every command against the real server.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { admin, exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

Deno.test("admin wall reaches every dialect as a message from server (R41)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);
  assertStrictEquals((await admin(world, "wall", "lunch", "is", "ready")).code, 0);
  assertStrictEquals(JSON.parse(await nina.lines.match(/lunch/)).from, "server");
  assertStrictEquals(await tom.lines.match(/lunch/), "server: lunch is ready");
  assertStrictEquals(await ulla.lines.match(/lunch/), "MSG server lunch is ready");
});

Deno.test("admin msg reaches one person alone, as server", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  assertStrictEquals((await admin(world, "msg", "TOM", "a word, please")).code, 0);
  assertStrictEquals(await tom.lines.match(/a word/), "server (private): a word, please");
  assert(!(await nina.barrier()).some((line) => line.includes("a word")));
});

Deno.test("admin kick ends one connection with the reason, and frees the name (R42)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  assertStrictEquals((await admin(world, "kick", "TOM", "too", "loud")).code, 0);
  assertStrictEquals(await tom.lines.match(/Goodbye/), "-- Goodbye: kicked: too loud");
  await tom.lines.ended();
  assertMatch(await nina.lines.match(/"left"/), /"reason":"kicked: too loud"/);
  await using _again = await TestClient.plain(server, "tom");
  const nobody = await admin(world, "kick", "zoe");
  assertStrictEquals(nobody.code, 1);
  assertMatch(nobody.stderr, /No member called "zoe": see the command who/);
});

Deno.test("admin ban keeps a name out until unban, and bans lists it (D9)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  assertStrictEquals((await admin(world, "ban", "tom", "--for", "10m", "spam")).code, 0);
  await tom.lines.match(/Goodbye: banned: spam/);
  assertMatch((await admin(world, "bans")).stdout, /tom\s+name\s+.*spam/);
  await using again = await TestClient.connect(server);
  await again.send("Tom\n");
  await again.lines.match(/banned/);
  assertStrictEquals((await admin(world, "unban", "TOM")).code, 0);
  await using _back = await TestClient.plain(server, "tom");
});

Deno.test("admin ban ADDRESS turns newcomers away in their own dialect", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  assertStrictEquals((await admin(world, "ban", "127.0.0.1", "maintenance")).code, 0);
  await using nina = await TestClient.connect(server);
  await nina.send('{"type":"hello","name":"nina"}\n');
  assertMatch(await nina.lines.next(), /"type":"closed","reason":"banned"/);
  await using silent = await TestClient.connect(server);
  assertMatch(await silent.lines.next(), /^-- Goodbye: banned: maintenance$/);
});

Deno.test("admin mute refuses a member's messages until unmute", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  await admin(world, "mute", "tom");
  await tom.send("can you hear me\n");
  assertMatch(await tom.lines.match(/^-!/), /muted/);
  await admin(world, "unmute", "tom");
  await tom.send("and now\n");
  await tom.lines.match(/sent to everyone/);
});

Deno.test("admin who, groups and stats print text and, with --json, objects", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  await tom.send("/join cooks\n");
  await tom.lines.match(/You joined/);
  assertMatch((await admin(world, "who")).stdout, /tom\s+plain\s+127\.0\.0\.1/);
  assertMatch((await admin(world, "groups")).stdout, /#cooks\s+tom/);
  assertMatch((await admin(world, "stats")).stdout, /clients\s+1 of/);
  const who = JSON.parse((await admin(world, "who", "--json")).stdout);
  assertStrictEquals(who.ok, true);
  assertEquals(who.data.users.map((user: { name: string }) => user.name), ["tom"]);
  const stats = JSON.parse((await admin(world, "stats", "--json")).stdout);
  assertStrictEquals(stats.data.dialects.plain, 1);
  const failed = await admin(world, "kick", "zoe", "--json");
  assertStrictEquals(failed.code, 1);
  assertStrictEquals(JSON.parse(failed.stdout).ok, false);
});

Deno.test("admin tail shows what happens until the server ends", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tail = startProgram(world, ["admin", "tail"]);
  await using nina = await TestClient.native(server, "nina");
  // The tail may still be connecting: it must show what is sent from then on.
  const deadline = performance.now() + 5_000;
  while (!tail.stdout.seen.some((line) => line.includes("knock"))) {
    assert(performance.now() < deadline, "tail showed nothing");
    await nina.request({ type: "say", text: "knock" });
    await nina.barrier();
    await admin(world, "who");
  }
  assertMatch(await tail.stdout.match(/knock/), /^\d\d:\d\d:\d\dZ nina: knock$/);
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(tail)).code, 0);
});

Deno.test("admin asks which server is meant when several are running", async () => {
  using world = makeWorld();
  await using first = await startServer(world);
  await using second = await startServer(world);
  const unclear = await admin(world, "who");
  assertStrictEquals(unclear.code, 1);
  assertMatch(unclear.stderr, /Several servers are running: choose --port \d+ or --port \d+/);
  assertMatch(unclear.stderr, new RegExp(`--port ${first.port}\\b`));
  const clear = await admin(world, "--port", String(second.port), "stats", "--json");
  assertStrictEquals(JSON.parse(clear.stdout).data.pid, second.pid);
});

Deno.test("the control socket and its directory are open to their owner alone (F65)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const directory = `${world.directory}/minichat`;
  assertStrictEquals((Deno.statSync(directory).mode ?? 0) & 0o777, 0o700);
  const socket = `${directory}/${server.port}.sock`;
  assertStrictEquals((Deno.statSync(socket).mode ?? 0) & 0o777, 0o600);
});

Deno.test("chat clients cannot give the operator's orders (F68)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  await using nina = await TestClient.native(server, "nina");
  for (const verb of ["kick", "wall", "shutdown", "ban", "stats"]) {
    await tom.send(`/${verb} nina\n`);
    assertMatch(await tom.lines.match(new RegExp(verb)), /Unknown command/);
    await nina.request({ type: verb, name: "tom", ref: verb });
    assertStrictEquals(JSON.parse(await nina.lines.match(/"error"/)).code, "unknown_command");
  }
});
