// `minichat connect` at servers as strangers write them: alice and bob join, each receives what the
// other sends, and all of the server's text is shown within a second, a prompt without newline too.

import { assert, assertEquals } from "@std/assert";
import { makeWorld, type RunningProgram, startProgram } from "../harness.ts";
import {
  buildWitness,
  freeWitnessPort,
  judgeWitnesses,
  listens,
  type WitnessRow,
  witnessRows,
} from "./witness_manifest.ts";
import { WitnessTap } from "./witness_tap.ts";

/** Longest time from a text's last byte to its line, with the delays of a busy machine, in ms. */
const SOON_MS = 1_400;
/** Longest time until a client has started and joined, in milliseconds. */
const JOIN_MS = 6_000;
/** Silence after which a client has joined, and all that the server had to say has come, in ms. */
const QUIET_MS = 700;
const ENCODER = new TextEncoder();

async function judge(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const built = await buildWitness(world, row);
  const place = { port: freeWitnessPort(), path: `${world.directory}/s` };
  await using _server = built.start(place);
  assert(await listens(place), "it does not listen");
  const unix = row.start.includes("PATH");
  const path = `${world.directory}/tap`;
  await using tap = WitnessTap.open(unix ? place : { port: place.port }, unix ? path : undefined);
  const address = unix ? [`unix:${path}`] : ["127.0.0.1", String(tap.port)];
  const options = [...["--dialect", row.dialect], ...row.expect.options?.split(" ") ?? []];
  const join = async (name: string) => {
    const running = startProgram(world, ["connect", ...address, name, ...options, "--stay"]);
    for (const typed of commandsToJoin(row)) {
      await shows(running, () => tap.connections.at(-1)?.received.length ?? 0, JOIN_MS);
      await type(running, typed.replace("NAME", name));
    }
    return running;
  };
  await using alice = await join("alice");
  await connected(tap, 1);
  await using bob = await join("bob");
  await connected(tap, 2);
  for (
    const [from, speaker, reader] of [["alice", alice, bob], ["bob", bob, alice]] as const
  ) {
    for (const text of [`bonjour de ${from}`, `ca va, ${from} ? 100%`]) {
      await type(speaker, row.dialect === "etx" ? `b ${text}` : text);
      const seen = () => reader.stdout.seen.join("\n");
      const said = `bonjour de ${from}`;
      await shows(reader, () => tap.passedAt("received", text) ?? 0, JOIN_MS);
      const at = tap.passedAt("received", text);
      assert(at !== undefined, `the server has not passed on "${text}"`);
      await shows(reader, () => seen().includes(text) ? 1 : 0, SOON_MS);
      assert(seen().includes(text), `"${text}" is not shown: ${seen()}\n${reader.stderr.seen}`);
      assert(performance.now() - at < SOON_MS, `"${text}" is shown late`);
      if (/with the name/.test(row.truth)) assertNamed(seen(), from, said);
    }
  }
  for (const { stdout } of [alice, bob]) {
    const shown = stdout.seen.join("\n");
    for (const rubbish of ["\x1b", "\\x1b", "\0", "\\x00"]) {
      assertEquals(shown.includes(rubbish), false, `${JSON.stringify(rubbish)} is shown: ${shown}`);
    }
  }
  if (/shows the prompt/.test(row.truth)) {
    const first = new TextDecoder().decode(tap.connections[0]?.received[0]?.bytes).trim();
    const shown = alice.stdout.seen.join("\n") + alice.stderr.seen.join("\n");
    assert(shown.includes(first), `the prompt "${first}" is not shown: ${shown}`);
  }
}

/** What a person types to have a name at this server, from what is true of it. */
function commandsToJoin({ expect: { type }, truth }: WitnessRow): readonly string[] {
  const [, command] = /greeting tells of ([/!]\w+)/.exec(truth) ?? [];
  return type ?? (command === undefined ? [] : [`${command} NAME`]);
}

/** Fails unless the text stands in a line, or below a line, that has the name of its sender. */
function assertNamed(shown: string, name: string, text: string): void {
  const lines = shown.split("\n");
  const at = lines.findIndex((line) => line.includes(text));
  const around = [lines[at - 1], lines[at]?.replace(text, "")].join("\n");
  assert(around.includes(name), `"${text}" has no sender: ${shown}`);
}

/** Waits until that many clients have sent something and nothing has passed for a while. */
async function connected({ connections }: WitnessTap, count: number): Promise<void> {
  const until = performance.now() + JOIN_MS;
  let quiet = performance.now();
  let pieces = 0;
  while (performance.now() < until) {
    const now = connections.flatMap(({ sent, received }) => [...sent, ...received]).length;
    if (now !== pieces) [pieces, quiet] = [now, performance.now()];
    const speaking = connections.filter(({ sent }) => sent.length > 0);
    if (speaking.length >= count && performance.now() - quiet > QUIET_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`client ${count} has not joined`);
}

/** Waits until that number is not 0; at most `ms`. */
async function shows(running: RunningProgram, count: () => number, ms: number): Promise<void> {
  let ended = false;
  void running.exited.then(() => ended = true);
  const until = performance.now() + ms;
  while (count() === 0 && !ended && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function type(running: RunningProgram, line: string): Promise<void> {
  await running.stdin.write(ENCODER.encode(line + "\n")).catch(() => {});
}

Deno.test("connect joins servers as strangers write them, under a name, and shows what they send", async (context) => {
  const rows = witnessRows().filter(({ kind, group, expect, truth }) =>
    kind === "server" && /\bconnect \(/.test(group) && expect.check !== "turns" &&
    /connect (?:joins|shows|says)/.test(truth)
  );
  await judgeWitnesses(context, rows, judge);
});
