// Certificates for tests, servers that use them, and end-to-end tests that need both.

import { assertEquals, assertMatch, fail } from "@std/assert";
import { makeSelfSigned, type SelfSigned } from "../cli/cert/self_signed.ts";
import { runtimeIn, STAND_IN } from "../tools/denort.ts";
import {
  DEADLINE_MS,
  EXECUTABLE,
  makeWorld,
  runProgram,
  startServer,
  type World,
} from "./harness.ts";

/** Whether the program under test is an executable made with the runtime of a Deno without TLS. */
const LACKS_TLS = EXECUTABLE !== undefined &&
  await runtimeIn(await Deno.readFile(EXECUTABLE), STAND_IN) !== undefined;

/**
 * Defines a test of the program through TLS; if its runtime has no TLS, a test of the error
 * message.
 */
export function tlsTest(name: string, body: (world: World) => Promise<void>): void {
  Deno.test(name, async () => {
    using world = makeWorld();
    await (LACKS_TLS ? saysNoTls(world) : body(world));
  });
}

async function saysNoTls(world: World): Promise<void> {
  const { certFile, keyFile } = await makeTlsFiles(world.directory);
  const serve = ["serve", ...LOCAL, "--tls", "--tls-cert", certFile, "--tls-key", keyFile];
  for (const args of [serve, ["connect", "--tls", "127.0.0.1", "9", "ana"]]) {
    const { code, stdout, stderr } = await runProgram(world, args);
    assertMatch(
      stderr,
      /^(minichat serve: )?No TLS: it needs Deno 2\.9 or later, and this runs on /,
    );
    assertEquals([code, stdout], [1, ""]);
  }
}

/** A self-signed certificate in files. */
export interface TlsFilesMade extends SelfSigned {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The port at which the server with this banner accepts TLS. */
export function tlsPort(banner: readonly string[]): number {
  const line = banner.find((one) => one.includes(", through TLS"));
  return Number(/:(\d+),/.exec(line ?? "")?.[1]);
}

/**
 * Makes a certificate for this machine and writes it to `directory`, replacing one of that name. It ends in `days` days.
 */
export async function makeTlsFiles(
  directory: string,
  name = "server",
  days = 90,
): Promise<TlsFilesMade> {
  const made = await makeSelfSigned({
    names: ["localhost", "127.0.0.1"],
    days,
    now: Date.now(),
  });
  const certFile = `${directory}/${name}.pem`;
  const keyFile = `${directory}/${name}.key`;
  await Deno.writeTextFile(certFile, made.cert);
  await Deno.writeTextFile(keyFile, made.key);
  return { ...made, certFile, keyFile };
}

/** The flags of a test server without TLS. */
export const LOCAL: readonly string[] = ["--host", "127.0.0.1", "--port", "0"];

/** Starts a server that accepts plain TCP and TLS, with a new certificate. */
export async function startTls(world: World, args: readonly string[] = []) {
  const made = await makeTlsFiles(world.directory);
  const log = `${world.directory}/log`;
  const server = await startServer(world, [
    ...LOCAL,
    ...["--listen", "tls:127.0.0.1:0", "--tls-cert", made.certFile, "--tls-key", made.keyFile],
    ...["--log-file", log, ...args],
  ]);
  return { server, made, log, port: tlsPort(server.banner) };
}

/** Waits until the server's log has a line that contains all of `words`. */
export async function logged(log: string, ...words: string[]): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  while (performance.now() < until) {
    const lines = (await Deno.readTextFile(log)).split("\n");
    if (lines.some((line) => words.every((word) => line.includes(word)))) return;
  }
  fail(`not logged: ${words.join(" ")}\n${await Deno.readTextFile(log)}`);
}
