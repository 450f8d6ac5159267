// `minichat admin` from another shell: every command against the real server.

import assert from "node:assert/strict";
import { TestClient } from "../test_client.ts";
import { admin, exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

Deno.test("admin wall reaches every dialect as a message from server (R41)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);
  assert.equal((await admin(world, "wall", "lunch", "is", "ready")).code, 0);
  assert.equal(JSON.parse(await nina.lines.match(/lunch/)).from, "server");
  assert.equal(await tom.lines.match(/lunch/), "server: lunch is ready");
  assert.equal(await ulla.lines.match(/lunch/), "MSG server lunch is ready");
});

Deno.test("admin msg reaches one person alone, as server", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  assert.equal((await admin(world, "msg", "TOM", "a word, please")).code, 0);
  assert.equal(await tom.lines.match(/a word/), "server (private): a word, please");
  assert.ok(!(await nina.barrier()).some((line) => line.includes("a word")));
});

Deno.test("admin kick ends one connection with the reason, and frees the name (R42)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  assert.equal((await admin(world, "kick", "TOM", "too", "loud")).code, 0);
  assert.equal(await tom.lines.match(/Goodbye/), "-- Goodbye: kicked: too loud");
  await tom.lines.ended();
  assert.match(await nina.lines.match(/"left"/), /"reason":"kicked: too loud"/);
  await using _again = await TestClient.plain(server, "tom");
  const nobody = await admin(world, "kick", "zoe");
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /No member called "zoe": see the command who/);
});

Deno.test("admin ban keeps a name out until unban, and bans lists it (D9)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  assert.equal((await admin(world, "ban", "tom", "--for", "10m", "spam")).code, 0);
  await tom.lines.match(/Goodbye: banned: spam/);
  assert.match((await admin(world, "bans")).stdout, /tom\s+name\s+.*spam/);
  await using again = await TestClient.connect(server);
  await again.send("Tom\n");
  await again.lines.match(/banned/);
  assert.equal((await admin(world, "unban", "TOM")).code, 0);
  await using _back = await TestClient.plain(server, "tom");
});

Deno.test("admin ban ADDRESS turns newcomers away in their own dialect", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  assert.equal((await admin(world, "ban", "127.0.0.1", "maintenance")).code, 0);
  await using nina = await TestClient.connect(server);
  await nina.send('{"type":"hello","name":"nina"}\n');
  assert.match(await nina.lines.next(), /"type":"closed","reason":"banned"/);
  await using silent = await TestClient.connect(server);
  assert.match(await silent.lines.next(), /^-- Goodbye: banned: maintenance$/);
});

Deno.test("admin mute refuses a member's messages until unmute", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  await admin(world, "mute", "tom");
  await tom.send("can you hear me\n");
  assert.match(await tom.lines.match(/^-!/), /muted/);
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
  assert.match((await admin(world, "who")).stdout, /tom\s+plain\s+127\.0\.0\.1/);
  assert.match((await admin(world, "groups")).stdout, /#cooks\s+tom/);
  assert.match((await admin(world, "stats")).stdout, /clients\s+1 of/);
  const who = JSON.parse((await admin(world, "who", "--json")).stdout);
  assert.equal(who.ok, true);
  assert.deepEqual(who.data.users.map((user: { name: string }) => user.name), ["tom"]);
  const stats = JSON.parse((await admin(world, "stats", "--json")).stdout);
  assert.equal(stats.data.dialects.plain, 1);
  const failed = await admin(world, "kick", "zoe", "--json");
  assert.equal(failed.code, 1);
  assert.equal(JSON.parse(failed.stdout).ok, false);
});

Deno.test("admin tail shows what happens until the server ends", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tail = startProgram(world, ["admin", "tail"]);
  await using nina = await TestClient.native(server, "nina");
  // The tail may still be connecting: it must show what is sent from then on.
  const deadline = performance.now() + 5_000;
  while (!tail.stdout.seen.some((line) => line.includes("knock"))) {
    assert.ok(performance.now() < deadline, "tail showed nothing");
    await nina.request({ type: "say", text: "knock" });
    await nina.barrier();
    await admin(world, "who");
  }
  assert.match(await tail.stdout.match(/knock/), /^\d\d:\d\d:\d\dZ nina: knock$/);
  server.kill("SIGTERM");
  assert.equal((await exitOf(tail)).code, 0);
});

Deno.test("admin asks which server is meant when several are running", async () => {
  using world = makeWorld();
  await using first = await startServer(world);
  await using second = await startServer(world);
  const unclear = await admin(world, "who");
  assert.equal(unclear.code, 1);
  assert.match(unclear.stderr, /Several servers are running: choose --port \d+ or --port \d+/);
  assert.match(unclear.stderr, new RegExp(`--port ${first.port}\\b`));
  const clear = await admin(world, "--port", String(second.port), "stats", "--json");
  assert.equal(JSON.parse(clear.stdout).data.pid, second.pid);
});

Deno.test("the control socket and its directory are open to their owner alone (F65)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const directory = `${world.directory}/minichat`;
  assert.equal((Deno.statSync(directory).mode ?? 0) & 0o777, 0o700);
  const socket = `${directory}/${server.port}.sock`;
  assert.equal((Deno.statSync(socket).mode ?? 0) & 0o777, 0o600);
});

Deno.test("chat clients cannot give the operator's orders (F68)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using tom = await TestClient.plain(server, "tom");
  await using nina = await TestClient.native(server, "nina");
  for (const verb of ["kick", "wall", "shutdown", "ban", "stats"]) {
    await tom.send(`/${verb} nina\n`);
    assert.match(await tom.lines.match(new RegExp(verb)), /Unknown command/);
    await nina.request({ type: verb, name: "tom", ref: verb });
    assert.equal(JSON.parse(await nina.lines.match(/"error"/)).code, "unknown_command");
  }
});
