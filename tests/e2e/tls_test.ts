// Chatting through TLS: who is trusted, who is refused, and certificates that change under way.

import assert from "node:assert/strict";
import { TestClient } from "../client.ts";
import {
  admin,
  DEADLINE_MS,
  exitOf,
  makeWorld,
  type Running,
  runProgram,
  startProgram,
  startServer,
  type World,
} from "../harness.ts";
import { makeTlsFiles, tlsPort } from "../tls_files.ts";

const LOCAL = ["--host", "127.0.0.1", "--port", "0"];

/** Starts a server that speaks plainly and through TLS, with a certificate of its own. */
async function startTls(world: World, args: readonly string[] = []) {
  const made = await makeTlsFiles(world.directory);
  const log = `${world.directory}/log`;
  const server = await startServer(world, [
    ...LOCAL,
    ...["--listen", "tls:127.0.0.1:0", "--tls-cert", made.certFile, "--tls-key", made.keyFile],
    ...["--log-file", log, ...args],
  ]);
  return { server, made, log, port: tlsPort(server.banner) };
}

function connect(world: World, ...args: string[]): Running {
  return startProgram(world, ["connect", "--stay", ...args]);
}

async function say(client: Running, text: string): Promise<void> {
  await client.stdin.write(new TextEncoder().encode(`${text}\n`));
}

function knownHosts(world: World): string {
  return Deno.readTextFileSync(`${world.directory}/state/minichat/known_hosts`);
}

/** Waits until the server's log has a line in which all of `words` stand. */
async function logged(log: string, ...words: string[]): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  while (performance.now() < until) {
    const lines = (await Deno.readTextFile(log)).split("\n");
    if (lines.some((line) => words.every((word) => line.includes(word)))) return;
  }
  assert.fail(`not logged: ${words.join(" ")}\n${await Deno.readTextFile(log)}`);
}

Deno.test("two through TLS and one without chat with each other", async () => {
  using world = makeWorld();
  const { server, made, port } = await startTls(world);
  await using _ = server;
  const trust = ["--tls", "--fingerprint", made.fingerprint];
  await using ana = connect(world, ...trust, "127.0.0.1", String(port), "ana");
  await ana.stderr.match(/^connected to: \(127\.0\.0\.1, \d+\) through TLS$/);
  await ana.stderr.match(/^You are ana/);
  assert.equal(knownHosts(world), `127.0.0.1:${port} ${made.fingerprint}\n`);
  // Known by now; and vouched for by its own certificate, which another file names.
  await using bob = connect(world, `tls://127.0.0.1:${port}`, "bob");
  await bob.stderr.match(/^You are bob/);
  await using cleo = connect(world, "--ca", made.certFile, "localhost", String(port), "cleo");
  await cleo.stderr.match(/^You are cleo/);
  await using nick = await TestClient.plain(server, "nick");
  await say(ana, "hello through TLS");
  for (const { stdout } of [bob, cleo]) await stdout.match(/^ana: hello through TLS$/);
  await nick.lines.match(/^ana: hello through TLS$/);
  await nick.send("hello from outside\n");
  for (const { stdout } of [ana, bob, cleo]) await stdout.match(/^nick: hello from outside$/);
  const { stdout } = await admin(world, "stats");
  assert.match(stdout, new RegExp(`tcp:127.0.0.1:${server.port} tls:127.0.0.1:${port}`));
});

Deno.test("connect --tls in a pipe says all its lines and ends with 0", async () => {
  using world = makeWorld();
  const { server, made, port } = await startTls(world);
  await using _ = server;
  await using nick = await TestClient.native(server, "nick");
  for (const trust of [["--fingerprint", made.fingerprint], ["--ca", made.certFile]]) {
    const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`).join("\n");
    const done = await runProgram(
      world,
      ["connect", "--tls", ...trust, "localhost", String(port), "ana"],
      `${lines}\n`,
    );
    assert.equal(done.code, 0, done.stderr);
    await nick.lines.match(/"text":"line 199"/);
  }
});

Deno.test("A server that is not known is refused in a pipe, with the flag that accepts it", async () => {
  using world = makeWorld();
  const { server, made, port, log } = await startTls(world);
  await using _ = server;
  const banner = server.banner.join("\n");
  assert.match(banner, new RegExp(`minichat connect --tls 127\\.0\\.0\\.1 ${port} NAME`));
  assert.ok(banner.includes(made.fingerprint), banner);
  const args = ["connect", "--tls", "127.0.0.1", String(port), "ana"];
  const refused = await runProgram(world, args, "a secret\n");
  assert.equal(refused.code, 1);
  assert.ok(refused.stderr.includes(`add --fingerprint ${made.fingerprint}`), refused.stderr);
  assert.throws(() => knownHosts(world), Deno.errors.NotFound);
  await logged(log, "handshake_failed");
  assert.deepEqual(server.stdout.rest(), [], "nothing was said");
});

Deno.test("A certificate that has changed is refused, with both fingerprints and the remedy", async () => {
  using world = makeWorld();
  const { server, made, port, log } = await startTls(world);
  await using _ = server;
  const place = ["127.0.0.1", String(port), "ana"];
  const first = await runProgram(world, ["connect", "--fingerprint", made.fingerprint, ...place]);
  assert.equal(first.code, 0, first.stderr);
  const next = await makeTlsFiles(world.directory);
  server.kill("SIGHUP");
  await logged(log, '"reloaded"', "certificates");
  const changed = await runProgram(world, ["connect", "--tls", ...place], "a secret\n");
  assert.equal(changed.code, 1);
  assert.match(changed.stderr, /HAS CHANGED/);
  for (const { fingerprint } of [made, next]) assert.ok(changed.stderr.includes(fingerprint));
  const remedy = /add (--fingerprint \S+),/.exec(changed.stderr)?.[1]?.split(" ") ?? [];
  const again = await runProgram(world, ["connect", ...remedy, ...place]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(knownHosts(world), `127.0.0.1:${port} ${next.fingerprint}\n`);
});

Deno.test("connect refuses other authorities, names, fingerprints, and ports without TLS", async () => {
  using world = makeWorld();
  const { server, made, port } = await startTls(world);
  await using _ = server;
  const other = await makeTlsFiles(world.directory, "other");
  const cases: readonly (readonly [args: string[], words: RegExp])[] = [
    [["--ca", other.certFile, "localhost", `${port}`], /not vouched for by the authority in/],
    [["--ca", `${world.directory}/none`, "localhost", `${port}`], /^Cannot read the authority's/],
    [["--fingerprint", other.fingerprint, "localhost", `${port}`], /another certificate than you/],
    [["--tls", "localhost", `${server.port}`], /^No TLS at localhost:\d+: leave --tls out/],
    [["localhost", `${port}`], /This port takes TLS/],
  ];
  for (const [args, words] of cases) {
    const { code, stderr } = await runProgram(world, ["connect", ...args, "ana"], "a secret\n");
    assert.equal(code, 1, stderr);
    assert.match(stderr.replace(/^connected to.*\n/, ""), words);
  }
  const both = ["--ca", made.certFile, "--fingerprint", made.fingerprint, "localhost"];
  assert.equal((await runProgram(world, ["connect", ...both])).code, 2);
});

Deno.test("Whoever speaks no TLS on its port is told, closed and logged by name (F13)", async () => {
  using world = makeWorld();
  const { server, made, port, log } = await startTls(world);
  await using _ = server;
  await using browser = await TestClient.connect({ port });
  await browser.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await browser.lines.match(/^This port takes TLS: minichat connect --tls HOST \d+/);
  await browser.lines.ended();
  await logged(log, "not_tls", "spoke HTTP on a port for TLS");
  await using garbage = await TestClient.connect({ port });
  await garbage.send("\x16\x03\x01\x00\x05hello");
  await garbage.lines.ended();
  await logged(log, "handshake_failed");
  // And the other way round: told where TLS is.
  await using hello = await TestClient.connect(server);
  await hello.send(Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3));
  await hello.lines.match(new RegExp(`TLS is served on port ${port}, not on this one`));
  await using ana = await TestClient.native({ port, trusted: [made.cert] }, "ana");
  await ana.barrier();
});

Deno.test("Thousands who never finish their handshake keep nobody out (F13)", async () => {
  using world = makeWorld();
  const { server, made, port, log } = await startTls(world);
  await using _ = server;
  const idle: Deno.Conn[] = [];
  try {
    for (let count = 0; count < 2_000; count++) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      if (count % 2 === 0) await conn.write(Uint8Array.of(0x16, 3, 1, 2, 0));
      idle.push(conn);
    }
    await using ana = await TestClient.native({ port, trusted: [made.cert] }, "ana");
    await ana.barrier();
    await logged(log, "turned_back", "crowded");
  } finally {
    for (const conn of idle) conn.close();
  }
});

Deno.test("SIGHUP under load changes the certificate and costs nobody their connection (F71)", async () => {
  using world = makeWorld();
  const { server, made, port, log } = await startTls(world, ["--quiet"]);
  await using _ = server;
  const trusted = [made.cert];
  const there: TestClient[] = [];
  for (let at = 0; at < 20; at++) there.push(await TestClient.native({ port, trusted }, `c${at}`));
  const spares = await Promise.all(
    Array.from({ length: 6 }, (_, at) => makeTlsFiles(world.directory, `spare${at}`)),
  );
  trusted.push(...spares.map(({ cert }) => cert));
  let over = false;
  let came = 0;
  const load = Array.from({ length: 6 }, async (_, worker) => {
    while (!over) {
      await using client = await TestClient.native({ port, trusted }, `w${worker}`);
      await client.barrier();
      await client.request({ type: "bye" });
      await client.lines.match(/"closed"/);
      came++;
    }
  });
  for (const spare of spares) {
    const before = came;
    await Deno.copyFile(spare.certFile, made.certFile);
    await Deno.copyFile(spare.keyFile, made.keyFile);
    server.kill("SIGHUP");
    await logged(log, '"certificate"', spare.fingerprint);
    await using fresh = await TestClient.connect({ port, trusted: [spare.cert] });
    await fresh.end();
    while (came < before + 5) await Promise.race([...load, there[0]?.barrier()]);
  }
  await Deno.writeTextFile(made.certFile, "broken");
  server.kill("SIGHUP");
  await logged(log, "reload_failed", "No certificate in");
  const newest = spares.at(-1)?.cert ?? "";
  await using still = await TestClient.native({ port, trusted: [newest] }, "still");
  await still.request({ type: "say", text: "everybody there?" });
  for (const client of there) await client.lines.match(/everybody there\?/);
  over = true;
  await Promise.all(load);
  for (const client of there) await client[Symbol.asyncDispose]();
});

Deno.test("serve --tls speaks TLS on its port; SIGTERM says goodbye through it", async () => {
  using world = makeWorld();
  const made = await makeTlsFiles(world.directory);
  await using server = await startServer(world, [
    ...[...LOCAL, "--tls", "--tls-cert", made.certFile, "--tls-key", made.keyFile],
  ]);
  await using ana = await TestClient.native({ port: server.port, trusted: [made.cert] }, "ana");
  server.kill("SIGTERM");
  await ana.lines.match(/"closed".*"shutdown"/);
  assert.equal((await exitOf(server)).code, 0);
});

Deno.test("serve tells what is wrong with a certificate, and exits 1", async () => {
  using world = makeWorld();
  const made = await makeTlsFiles(world.directory);
  const args = ["serve", ...LOCAL, "--tls", "--tls-cert", made.certFile, "--tls-key"];
  const wrong = await runProgram(world, [...args, made.certFile]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^minichat serve: No private key in /);
});

Deno.test("minichat cert makes files that serve and connect take as they are printed", async () => {
  using world = makeWorld();
  const out = `${world.directory}/tls files`;
  const made = await runProgram(world, ["cert", "--out", out, "--host", "localhost", "--json"]);
  assert.equal(made.code, 0, made.stderr);
  const told = JSON.parse(made.stdout);
  assert.equal((Deno.statSync(told.key).mode ?? 0) & 0o777, 0o600);
  assert.ok(told.names.includes("127.0.0.1"), made.stdout);
  assert.match(
    told.serve,
    /^minichat serve --tls --tls-cert '.*cert\.pem' --tls-key '.*key\.pem'$/,
  );
  await using server = await startServer(world, [
    ...[...LOCAL, "--tls", "--tls-cert", told.cert, "--tls-key", told.key],
  ]);
  const [, ...words] = told.connect.replace(" 8080 ", ` ${server.port} `).split(" ");
  const joined = await runProgram(world, words);
  assert.equal(joined.code, 0, joined.stderr);
  const again = await runProgram(world, ["cert", "--out", out]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^minichat cert: Already there: .* --force\n$/);
  const forced = await runProgram(world, ["cert", "--out", out, "--force", "--days", "30"]);
  assert.equal(forced.code, 0, forced.stderr);
  assert.match(forced.stdout, /^Serve with: {2}minichat serve --tls .*\nJoin with: {3}minichat/m);
  assert.equal((await runProgram(world, ["cert", "--host", "a b"])).code, 2);
});
