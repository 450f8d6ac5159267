// A server with a password, a claimed name and an operator, with the real program on both sides.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { admin, makeWorld, runProgram, startProgram, startServer } from "../harness.ts";

const PASSWORD = "correct horse";
const SECRET = "open sesame";

function passwordFile(directory: string, text: string, mode = 0o600): string {
  const path = `${directory}/password-${crypto.randomUUID()}`;
  Deno.writeTextFileSync(path, text);
  Deno.chmodSync(path, mode);
  return path;
}

Deno.test("A password, a claimed name and an operator, from nc, usermsg and connect", async () => {
  using world = makeWorld();
  const file = passwordFile(world.directory, `${PASSWORD}\n`);
  await using server = await startServer(world, [
    ...["--port", "0", "--host", "127.0.0.1", "--password-file", file],
  ]);
  const port = String(server.port);
  await using alice = await TestClient.connect(server);
  await alice.send(`${PASSWORD}\nalice\n/claim ${SECRET}\n`);
  await alice.lines.match(/^-- alice is yours/);
  const made = await admin(world, "op", "alice");
  assertStrictEquals(made.stdout, "alice is an operator\n");

  await using student = await TestClient.connect(server);
  await student.send(`USER bob\nMSG ${PASSWORD}\nMSG hello from a sheet\n`);
  await alice.lines.match(/^bob: hello from a sheet/);

  const sent = await runProgram(
    world,
    ["connect", "127.0.0.1", port, "carol", "--password-file", file],
    "hello from a pipe\n",
  );
  assertStrictEquals(sent.code, 0, sent.stderr);
  await alice.lines.match(/^carol: hello from a pipe/);

  const stranger = await runProgram(world, ["connect", "127.0.0.1", port, "eve"], "spam\n");
  assertStrictEquals(stranger.code, 1);
  assertMatch(stranger.stderr, /This chat has a password: give it with --password-file FILE/);
  const thief = await runProgram(
    world,
    ["connect", "127.0.0.1", port, "alice", "--password-file", file],
    "spam\n",
  );
  assertStrictEquals(thief.code, 1);
  assertMatch(thief.stderr, /"alice" is claimed: give its passphrase with --passphrase-file FILE/);

  await alice.send("/kick bob too loud\n");
  await alice.lines.match(/^-- Kicked bob/);
  await student.lines.match(/^MSG server Goodbye: kicked: too loud/);
  const claims = await admin(world, "claims", "--json");
  assertMatch(claims.stdout, /"name":"alice".*"operator":true/);
  const freed = await admin(world, "unclaim", "alice");
  assertStrictEquals(freed.code, 0, freed.stderr);
  const all = [...server.stdout.seen, ...server.banner].join("\n");
  assert(!all.includes(SECRET) && !all.includes(PASSWORD) && !all.includes("spam"), all);
});

Deno.test("serve and connect refuse a password file that every user can read", async () => {
  using world = makeWorld();
  const file = passwordFile(world.directory, "x\n", 0o644);
  for (const args of [["serve", "--port", "0"], ["connect", "127.0.0.1", "1"]]) {
    const { code, stderr } = await runProgram(world, [...args, "--password-file", file]);
    assertStrictEquals(code, 1);
    assertMatch(stderr, /Other users can read ".*": make it yours alone with chmod 600\n$/);
  }
});

Deno.test("connect in every dialect gives the password of a file", async () => {
  using world = makeWorld();
  const file = passwordFile(world.directory, PASSWORD);
  await using server = await startServer(world, [
    ...["--port", "0", "--host", "127.0.0.1", "--password-file", file],
  ]);
  for (const dialect of ["native", "plain", "usermsg", "framed", "etx"]) {
    await using client = startProgram(world, [
      ...["connect", "127.0.0.1", String(server.port), `user-${dialect}`],
      ...["--dialect", dialect, "--password-file", file, "--stay"],
    ]);
    await server.stdout.match(new RegExp(`^user-${dialect} joined`));
    client.kill("SIGTERM");
    await client.exited;
  }
});

Deno.test("connect in a pipe proves a claimed name with the passphrase of a file", async () => {
  using world = makeWorld();
  await using server = await startServer(world, ["--port", "0", "--host", "127.0.0.1"]);
  const place = ["connect", "127.0.0.1", String(server.port)];
  await using ana = await TestClient.native(server, "ana");
  await using alice = await TestClient.connect(server);
  await alice.send(`alice\n/claim ${SECRET}\n`);
  await alice.lines.match(/^-- alice is yours/);
  const file = passwordFile(world.directory, `${SECRET}\n`);
  const sent = await runProgram(
    world,
    [...place, "alice", "--passphrase-file", file],
    "it is me\n",
  );
  assertStrictEquals(sent.code, 0, sent.stderr);
  await ana.lines.match(/"from":"alice","text":"it is me"/);
  const wrong = passwordFile(world.directory, "open barley\n");
  const thief = await runProgram(world, [...place, "alice", "--passphrase-file", wrong], "spam\n");
  assertStrictEquals(thief.code, 1);
  assertMatch(thief.stderr, /Wrong name or passphrase/);
  for (const args of [[], ["alice", "--dialect", "usermsg"]]) {
    const misused = await runProgram(world, [...place, ...args, "--passphrase-file", file]);
    assertStrictEquals(misused.code, 2, misused.stderr);
  }
});
