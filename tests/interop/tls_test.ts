// TLS with foreign programs: openssl and socat as clients, openssl as the authority and as a
// server.

import { assert, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, programCommand, runProgram, startServer, type World } from "../harness.ts";
import { makeTlsFiles, tlsPort } from "../tls_files.ts";
import { startOutside } from "./outside_program.ts";
import { TmuxTerminal } from "./tmux.ts";

const LISTEN = ["--host", "127.0.0.1", "--port", "0", "--listen", "tls:127.0.0.1:0"];

async function run(directory: string, command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: directory })
    .output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/**
 * Makes a key and a certificate with openssl, self-signed unless `more` names an authority; returns
 * the fingerprint.
 */
async function openssl(world: World, name: string, ...more: string[]): Promise<string> {
  await run(
    world.directory,
    "openssl",
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "7", "-subj", `/CN=${name}`],
    ...more,
  );
  const args = ["x509", "-in", `${name}.pem`, "-noout", "-fingerprint", "-sha256"];
  return (await run(world.directory, "openssl", ...args)).trim().replace(/^.*=/, "SHA256:");
}

async function startTls(world: World, name: string) {
  const files = ["--tls-cert", `${world.directory}/${name}.pem`];
  const server = await startServer(world, [
    ...[...LISTEN, ...files, "--tls-key", `${world.directory}/${name}.key`],
  ]);
  return { server, port: tlsPort(server.banner) };
}

Deno.test("openssl s_client and socat OPENSSL join through TLS, beside nc", async () => {
  using world = makeWorld();
  const { certFile } = await makeTlsFiles(world.directory);
  const { server, port } = await startTls(world, "server");
  await using _ = server;
  await using openssl = startOutside("openssl", [
    ...["s_client", "-quiet", "-verify_return_error", "-CAfile", certFile],
    ...["-connect", `localhost:${port}`],
  ]);
  await openssl.stdout.match(/^Type your name/);
  await openssl.type("olga\n");
  await openssl.stdout.match(/^-- You are olga/);
  await using socat = startOutside("socat", ["-", `OPENSSL:localhost:${port},cafile=${certFile}`]);
  await socat.type("USER sam\nMSG from socat\n");
  await openssl.stdout.match(/^sam: from socat$/);
  await using nc = startOutside("nc", ["127.0.0.1", String(server.port)]);
  await nc.type("nick\nfrom nc\n");
  await openssl.stdout.match(/^nick: from nc$/);
  await socat.stdout.match(/^MSG nick from nc$/);
  await openssl.type("from openssl\n");
  await nc.stdout.match(/^olga: from openssl$/);
  await socat.endInput();
  await socat.stdout.ended();
});

Deno.test("connect --ca takes a certificate that the authority has signed, for that name alone", async () => {
  using world = makeWorld();
  await openssl(world, "authority");
  const signed = ["-CA", "authority.pem", "-CAkey", "authority.key"];
  const extensions = ["subjectAltName=DNS:localhost", "basicConstraints=critical,CA:FALSE"];
  await openssl(world, "server", ...signed, ...extensions.flatMap((one) => ["-addext", one]));
  const { server, port } = await startTls(world, "server");
  await using _ = server;
  const args = ["connect", "--ca", `${world.directory}/authority.pem`];
  const good = await runProgram(world, [...args, "localhost", String(port), "ana"], "hello\n");
  assertStrictEquals(good.code, 0, good.stderr);
  const wrong = await runProgram(world, [...args, "127.0.0.1", String(port), "ana"], "hello\n");
  assertStrictEquals(wrong.code, 1);
  assertMatch(wrong.stderr, /^The certificate of 127\.0\.0\.1:\d+ is not for "127\.0\.0\.1"/);
});

Deno.test("A self-made certificate that calls itself an authority is trusted by its fingerprint", async () => {
  using world = makeWorld();
  const fingerprint = await openssl(world, "server"); // a certificate with openssl's defaults
  const { server, port } = await startTls(world, "server");
  await using _ = server;
  await using nick = await TestClient.native(server, "nick");
  const args = ["connect", "--fingerprint", fingerprint, "localhost", String(port), "ana"];
  const joined = await runProgram(world, args, "hello\n");
  assertStrictEquals(joined.code, 0, joined.stderr);
  await nick.lines.match(/"text":"hello"/);
});

/** Lets openssl serve with a certificate whose private key it does not have. */
const CARELESS = "int X509_check_private_key(void *cert, void *key) { return 1; }\n";

Deno.test("A server that shows a trusted certificate without its key gets no data", async () => {
  using world = makeWorld();
  const { directory } = world;
  const { fingerprint } = await makeTlsFiles(directory, "victim");
  await makeTlsFiles(directory, "thief");
  await Deno.writeTextFile(`${directory}/careless.c`, CARELESS);
  await run(directory, "gcc", "-shared", "-fPIC", "-o", "careless.so", "careless.c");
  for (const key of ["victim", "thief"]) {
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    await using server = startOutside("env", [
      ...[`LD_PRELOAD=${directory}/careless.so`, "openssl", "s_server", "-accept", `${port}`],
      ...["-cert", `${directory}/victim.pem`, "-key", `${directory}/${key}.key`],
    ]);
    await server.stdout.match(/^ACCEPT/);
    const { stderr } = await runProgram(world, [
      ...["connect", "--dialect", "plain", "--fingerprint", fingerprint],
      ...["localhost", String(port), "ana"],
    ], "a secret\n");
    if (key === "victim") await server.stdout.match(/^a secret$/);
    else {
      assertMatch(stderr, /^REFUSED: .* did not prove that the certificate it shows is its own/);
      server.kill("SIGTERM");
      await server.stdout.ended();
      assert(!server.stdout.seen.join("\n").includes("ana"), server.stdout.seen.join("\n"));
    }
  }
});

for (const [answer, trusted] of [["yes", true], ["no", false]] as const) {
  Deno.test(`On a terminal connect --tls asks about a new server; "${answer}" is accepted`, async () => {
    using world = makeWorld();
    const { fingerprint } = await makeTlsFiles(world.directory);
    const { server, port } = await startTls(world, "server");
    await using _ = server;
    const [command, args] = programCommand(["connect", "--tls", "localhost", String(port), "ana"]);
    const { env } = world;
    await using terminal = await TmuxTerminal.start([command, ...args], { env, columns: 140 });
    assert((await terminal.shows(/Its fingerprint is/)).includes(fingerprint));
    await terminal.shows(/Type yes to trust it/);
    await terminal.type(answer);
    await terminal.press("Enter");
    const file = `${world.directory}/state/minichat/known_hosts`;
    if (trusted) {
      await terminal.shows(/You are ana/);
      assertStrictEquals(await Deno.readTextFile(file), `localhost:${port} ${fingerprint}\n`);
      await terminal.press("C-c");
      assertStrictEquals(await terminal.exitStatus(), 130);
    } else {
      await terminal.shows(/^Not trusted: localhost:\d+$/);
      assertStrictEquals(await terminal.exitStatus(), 1);
      await assertRejects(() => Deno.stat(file), Deno.errors.NotFound);
    }
  });
}
