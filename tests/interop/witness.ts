// Starts the programs of witnesses/, written as students of the course sheets write them (those in
// C are compiled first), and connects minichat's client to their servers.

import { assert, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { type RunningProgram, startProgram, type World } from "../harness.ts";
import { type OutsideProgram, startOutside } from "./outside_program.ts";

const SOURCES = new URL("witnesses/", import.meta.url).pathname;
const ENCODER = new TextEncoder();

const builds = new Map<string, Promise<string>>();
let directory: string | undefined;

globalThis.addEventListener("unload", () => {
  if (directory !== undefined) Deno.removeSync(directory, { recursive: true });
});

/** The executable of a C source, compiled once per test file; a warning is an error. */
function built(source: string): Promise<string> {
  let build = builds.get(source);
  if (build === undefined) builds.set(source, build = compile(source));
  return build;
}

async function compile(source: string): Promise<string> {
  directory ??= Deno.makeTempDirSync({ prefix: "minichat-witnesses-" });
  const program = `${directory}/${source.replace(/\.c$/, "")}`;
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-Wall", "-Wextra", "-Werror", "-O1", "-o", program, SOURCES + source],
    stdout: "null",
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return program;
}

/** Starts a witness: `sheet000_client.c` or `sheet001_server.py`. */
export async function startWitness(source: string, ...args: string[]): Promise<OutsideProgram> {
  if (source.endsWith(".c")) return startOutside(await built(source), args);
  return startOutside("python3", [SOURCES + source, ...args]);
}

/** A foreign server: one of the programs of witnesses/. */
export interface ForeignServer {
  readonly source: string;
  readonly dialect: DialectName;
  /** Served on a Unix socket of this world; else on a free TCP port. */
  readonly unix?: true;
  /** What is typed to send a text to everyone. */
  say(text: string): string;
}

/** A running foreign server, and how minichat connects to it. */
export interface RunningForeignServer extends AsyncDisposable {
  readonly outside: OutsideProgram;
  /** The arguments of `minichat` that join it under a name. */
  join(name: string): string[];
}

/** Starts a foreign server and waits until it listens. */
export async function startForeign(
  world: World,
  foreign: ForeignServer,
): Promise<RunningForeignServer> {
  const path = `${world.directory}/foreign`;
  const outside = await startWitness(foreign.source, foreign.unix ? path : "0");
  const line = await outside.stdout.match(/^listening on /);
  const place = foreign.unix ? [`unix:${path}`] : ["127.0.0.1", /\d+$/.exec(line)?.[0] ?? ""];
  return {
    outside,
    join: (name) => ["connect", ...place, name, "--dialect", foreign.dialect],
    [Symbol.asyncDispose]: () => outside[Symbol.asyncDispose](),
  };
}

/**
 * Starts `minichat connect` in a pipe to it, and waits until the server has registered the client.
 */
export async function joinPiped(
  world: World,
  there: RunningForeignServer,
  name: string,
): Promise<RunningProgram> {
  const running = startProgram(world, [...there.join(name), "--stay"]);
  await there.outside.stdout.match(new RegExp(`^${name} joined$`));
  return running;
}

/** Types a line into one of our programs. */
export async function typeTo(running: RunningProgram, line: string): Promise<void> {
  await running.stdin.write(ENCODER.encode(line + "\n"));
}

/**
 * Fails unless two of our clients in pipes receive each other's messages from that server, by name.
 */
export async function assertTwoMeet(world: World, foreign: ForeignServer): Promise<void> {
  await using there = await startForeign(world, foreign);
  await using ana = await joinPiped(world, there, "ana");
  await using bob = await joinPiped(world, there, "bob");
  await typeTo(ana, foreign.say("salut  é 🐟"));
  assertStrictEquals(await bob.stdout.match(/salut/), "ana: salut  é 🐟");
  await typeTo(bob, foreign.say("bonjour ana"));
  assertStrictEquals(await ana.stdout.match(/bonjour/), "bob: bonjour ana");
  const long = `long ${"x".repeat(2_000)} end`;
  await typeTo(bob, foreign.say(long));
  assertStrictEquals(await ana.stdout.match(/long/), `bob: ${long}`);
}
