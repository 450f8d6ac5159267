// Connecting through TLS: trusted servers, refused servers, reconnecting.

import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  admin,
  DEADLINE_MS,
  exitOf,
  makeWorld,
  type RunningProgram,
  runProgram,
  startProgram,
  startServer,
  type World,
} from "../harness.ts";
import { LOCAL, logged, makeTlsFiles, startTls, tlsTest } from "../tls_files.ts";

function connect(world: World, ...args: string[]): RunningProgram {
  return startProgram(world, ["connect", "--stay", ...args]);
}

async function say(client: RunningProgram, text: string): Promise<void> {
  await client.stdin.write(new TextEncoder().encode(`${text}\n`));
}

function knownHosts(world: World): string {
  return Deno.readTextFileSync(`${world.directory}/state/minichat/known_hosts`);
}

tlsTest("two through TLS and one without chat with each other", async (world) => {
  const { server, made, port } = await startTls(world);
  await using _ = server;
  const trust = ["--tls", "--fingerprint", made.fingerprint];
  await using ana = connect(world, ...trust, "127.0.0.1", String(port), "ana");
  await ana.stderr.match(/^connected to: \(127\.0\.0\.1, \d+\) through TLS$/);
  await ana.stderr.match(/^You are ana/);
  assertStrictEquals(knownHosts(world), `127.0.0.1:${port} ${made.fingerprint}\n`);
  // Known by now; and trusted through its own certificate, which a file names.
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
  assertMatch(stdout, new RegExp(`tcp:127.0.0.1:${server.port} tls:127.0.0.1:${port}`));
});

tlsTest("connect --tls in a pipe says all its lines and ends with 0", async (world) => {
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
    assertStrictEquals(done.code, 0, done.stderr);
    await nick.lines.match(/"text":"line 199"/);
  }
});

tlsTest(
  "A server that is not known is refused in a pipe, with the flag that accepts it",
  async (world) => {
    const { server, made, port, log } = await startTls(world);
    await using _ = server;
    const banner = server.banner.join("\n");
    assertMatch(banner, new RegExp(`minichat connect --tls 127\\.0\\.0\\.1 ${port} NAME`));
    assert(banner.includes(made.fingerprint), banner);
    const args = ["connect", "--tls", "127.0.0.1", String(port), "ana"];
    const refused = await runProgram(world, args, "a secret\n");
    assertStrictEquals(refused.code, 1);
    assert(refused.stderr.includes(`add --fingerprint ${made.fingerprint}`), refused.stderr);
    assertThrows(() => knownHosts(world), Deno.errors.NotFound);
    await logged(log, "handshake_failed");
    assertEquals(server.stdout.rest(), [], "nothing was said");
  },
);

tlsTest(
  "A certificate that has changed is refused, with both fingerprints and the remedy",
  async (world) => {
    const { server, made, port, log } = await startTls(world);
    await using _ = server;
    const place = ["127.0.0.1", String(port), "ana"];
    const first = await runProgram(world, ["connect", "--fingerprint", made.fingerprint, ...place]);
    assertStrictEquals(first.code, 0, first.stderr);
    const next = await makeTlsFiles(world.directory);
    server.kill("SIGHUP");
    await logged(log, '"reloaded"', "certificates");
    await server.stdout.match(new RegExp(`^Reloaded: certificates ${next.fingerprint}$`));
    const changed = await runProgram(world, ["connect", "--tls", ...place], "a secret\n");
    assertStrictEquals(changed.code, 1);
    assertMatch(changed.stderr, /HAS CHANGED/);
    for (const { fingerprint } of [made, next]) assert(changed.stderr.includes(fingerprint));
    const remedy = /add (--fingerprint \S+),/.exec(changed.stderr)?.[1]?.split(" ") ?? [];
    const again = await runProgram(world, ["connect", ...remedy, ...place]);
    assertStrictEquals(again.code, 0, again.stderr);
    assertStrictEquals(knownHosts(world), `127.0.0.1:${port} ${next.fingerprint}\n`);
  },
);

tlsTest(
  "connect reconnects through TLS, but not to a server with another certificate",
  async (world) => {
    const { server, made, port } = await startTls(world);
    await using first = server;
    const args = ["--fingerprint", made.fingerprint, "127.0.0.1", String(port), "ana"];
    await using ana = connect(world, ...args);
    await ana.stderr.match(/^You are ana/);
    const again = async () => {
      const listen = ["--listen", `tls:127.0.0.1:${port}`];
      const files = ["--tls-cert", made.certFile, "--tls-key", made.keyFile];
      return await startServer(world, [...LOCAL, ...listen, ...files]);
    };
    first.kill("SIGKILL");
    await first.exited;
    await using second = await again();
    await using nick = await TestClient.native(second, "nick");
    await nick.sees("ana");
    await makeTlsFiles(world.directory);
    second.kill("SIGKILL");
    await second.exited;
    await using _third = await again();
    await ana.stderr.match(/^REFUSED: .* shows another certificate/, DEADLINE_MS * 2);
    assertStrictEquals((await exitOf(ana)).code, 1);
  },
);

tlsTest(
  "connect refuses other authorities, names, fingerprints, and ports without TLS",
  async (world) => {
    const { server, made, port } = await startTls(world);
    await using _ = server;
    const other = await makeTlsFiles(world.directory, "other");
    const cases: readonly (readonly [args: string[], words: RegExp])[] = [
      [["--ca", other.certFile, "localhost", `${port}`], /not vouched for by the authority in/],
      [
        ["--ca", `${world.directory}/none`, "localhost", `${port}`],
        /^No such file ".*": name the authority/,
      ],
      [
        ["--fingerprint", other.fingerprint, "localhost", `${port}`],
        /another certificate than you/,
      ],
      [["--tls", "localhost", `${server.port}`], /^No TLS at localhost:\d+: leave --tls out/],
      [["localhost", `${port}`], /This port takes TLS/],
    ];
    for (const [args, words] of cases) {
      const { code, stderr } = await runProgram(world, ["connect", ...args, "ana"], "a secret\n");
      assertStrictEquals(code, 1, stderr);
      assertMatch(stderr.replace(/^connected to.*\n/, ""), words);
    }
    const both = ["--ca", made.certFile, "--fingerprint", made.fingerprint, "localhost"];
    assertStrictEquals((await runProgram(world, ["connect", ...both])).code, 2);
  },
);

Deno.test("minichat cert makes two files once, and prints the commands that use them", async () => {
  using world = makeWorld();
  const out = `${world.directory}/tls files`;
  const made = await runProgram(world, ["cert", "--out", out, "--host", "localhost", "--json"]);
  assertStrictEquals(made.code, 0, made.stderr);
  const reported = JSON.parse(made.stdout);
  assertStrictEquals((Deno.statSync(reported.key).mode ?? 0) & 0o777, 0o600);
  assert(reported.names.includes("127.0.0.1"), made.stdout);
  assertMatch(
    reported.serve,
    /^minichat serve --tls --tls-cert '.*cert\.pem' --tls-key '.*key\.pem'$/,
  );
  const again = await runProgram(world, ["cert", "--out", out]);
  assertStrictEquals(again.code, 1);
  assertMatch(again.stderr, /^minichat cert: Already there: .* --force\n$/);
  const forced = await runProgram(world, ["cert", "--out", out, "--force", "--days", "30"]);
  assertStrictEquals(forced.code, 0, forced.stderr);
  assertMatch(forced.stdout, /^Serve with: {2}minichat serve --tls .*\nJoin with: {3}minichat/m);
  assertStrictEquals((await runProgram(world, ["cert", "--host", "a b"])).code, 2);
});

tlsTest("serve and connect take what minichat cert makes and prints", async (world) => {
  const out = `${world.directory}/tls files`;
  const made = await runProgram(world, ["cert", "--out", out, "--host", "localhost", "--json"]);
  const reported = JSON.parse(made.stdout);
  await using server = await startServer(world, [
    ...[...LOCAL, "--tls", "--tls-cert", reported.cert, "--tls-key", reported.key],
  ]);
  const [, ...words] = reported.connect.replace(" 8080 ", ` ${server.port} `).split(" ");
  const joined = await runProgram(world, words);
  assertStrictEquals(joined.code, 0, joined.stderr);
});
