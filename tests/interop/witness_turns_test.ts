// Sheet 002's two programs as strangers write them talk with `connect --turns` and `serve --turns`:
// each turn is shown within a second of its last byte, with a newline, a NUL or nothing after it.

import { assert, assertEquals } from "@std/assert";
import { exitOf, makeWorld, type RunningProgram, startProgram } from "../harness.ts";
import {
  buildWitness,
  freeWitnessPort,
  judgeWitnesses,
  listens,
  type WitnessRow,
  witnessRows,
} from "./witness_manifest.ts";
import { type TappedPiece, WitnessTap } from "./witness_tap.ts";

/** Longest time from a turn's last byte to its line, with the delays of a busy machine, in ms. */
const SOON_MS = 1_400;
/** Longest wait for the next turn, or for the end, in milliseconds. */
const TURN_MS = 6_000;
const TURNS = ["un", "deux", "trois", "quatre", "cinq"];

async function judgeServer(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const built = await buildWitness(world, row);
  const place = { port: freeWitnessPort(), path: "" };
  await using server = built.start(place);
  assert(await listens(place), "it does not listen");
  await using tap = WitnessTap.open({ port: place.port });
  await using running = startProgram(world, ["connect", "--turns", "127.0.0.1", String(tap.port)]);
  let turns = 0;
  let exit: Deno.CommandStatus | undefined;
  void server.exited.then((status) => exit = status);
  for (const turn of TURNS) {
    await type(running, turn);
    if (!await happens(() => spoken(tap, "received").length > turns || exit !== undefined)) break;
    if (spoken(tap, "received").length === turns) break;
    await isShown(running, spoken(tap, "received")[turns++]);
  }
  assert(turns >= 2, `${turns} answers came`);
  assertEquals((await exitOf(running)).code, 0, running.stderr.seen.join("\n"));
}

async function judgeClient(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const built = await buildWitness(world, row);
  const serve = ["serve", "--turns", "--host", "127.0.0.1", "--port", "0"];
  await using running = startProgram(world, serve);
  const port = Number((await running.stdout.match(/^ {2}nc 127/)).split(" ").at(-1));
  await using tap = WitnessTap.open({ port });
  await using client = built.start({ port: tap.port, path: "" });
  let turns = 0;
  let exit: Deno.CommandStatus | undefined;
  void client.exited.then((status) => exit = status);
  for (const turn of TURNS) {
    if (!await happens(() => spoken(tap, "sent").length > turns || exit !== undefined)) break;
    if (spoken(tap, "sent").length === turns) break;
    await isShown(running, spoken(tap, "sent")[turns++]);
    await type(running, turn);
    const shows = () => client.stdout.seen.some((line) => line.includes(turn));
    assert(await happens(shows, SOON_MS), `"${turn}" has not reached it: ${client.stdout.seen}`);
  }
  assert(turns >= 2, `${turns} turns came`);
  assert(await happens(() => exit !== undefined), "it still runs");
  assertEquals(exit?.code, 0);
}

/** What the program has sent until now, a piece a turn. */
function spoken(tap: WitnessTap, way: "sent" | "received"): readonly TappedPiece[] {
  return tap.connections.flatMap((connection) => connection[way])
    .filter(({ bytes }) => text(bytes) !== "");
}

/** Fails unless that turn stands alone in a line of the program's output, soon. */
async function isShown(running: RunningProgram, turn: TappedPiece | undefined): Promise<void> {
  const wanted = text(turn?.bytes);
  const shown = () => running.stdout.seen.includes(wanted);
  const left = (turn?.at ?? 0) + SOON_MS - performance.now();
  const seen = () => [...running.stdout.seen, ...running.stderr.seen].join("\n");
  assert(await happens(shown, left), `"${wanted}" is not shown within 1 s: ${seen()}`);
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes).replaceAll(/[\r\n\0]/g, "");
}

async function happens(condition: () => boolean, ms = TURN_MS): Promise<boolean> {
  const until = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

async function type(running: RunningProgram, line: string): Promise<void> {
  await running.stdin.write(new TextEncoder().encode(line + "\n")).catch(() => {});
}

Deno.test("connect --turns and serve --turns talk with sheet 002's programs as strangers write them", async (context) => {
  const rows = witnessRows().filter(({ expect }) => expect.check === "turns");
  await judgeWitnesses(
    context,
    rows,
    (row) => row.kind === "server" ? judgeServer(row) : judgeClient(row),
  );
});
