// A full disk and a limit on file sizes, both real, under the real program (F46, F47).

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  admin,
  makeWorld,
  programCommand,
  startCommand,
  startServer,
  type World,
} from "../harness.ts";

const BIG = "x".repeat(8_000);
const FLAGS = ["serve", "--port", "0", "--host", "127.0.0.1", "--data"];

/** Sends until a message is refused; returns the refusal's code and how many were stored. */
async function fillUp(client: TestClient): Promise<{ code: string; stored: number }> {
  for (let stored = 0; stored < 2_000; stored++) {
    await client.request({ type: "say", text: BIG, ref: stored });
    const answer = JSON.parse(await client.lines.match(/^\{"type":"(ack|error)"/));
    if (answer.type === "error") return { code: answer.code, stored };
  }
  throw new Error("Nothing is ever refused");
}

async function problemOf(world: World): Promise<string | null> {
  const { stdout } = await admin(world, "stats", "--json");
  return JSON.parse(stdout).data.history.problem;
}

Deno.test("F46: a disk of 3 MB fills up, refuses, and takes messages again once there is space", async () => {
  using world = makeWorld();
  const data = `${world.directory}/disk`;
  Deno.mkdirSync(data);
  // A mount for the server alone, which ends with it.
  const mount =
    `mount -t tmpfs -o size=3m,mode=700 tmpfs ${data} && head -c 500000 /dev/zero >${data}/ballast`;
  const script = `exec unshare --map-root-user --mount bash -c '${mount} && exec "$@"' bash "$@"`;
  const [command, args] = programCommand([...FLAGS, data]);
  await using server = await startCommand(world, "bash", ["-c", script, "bash", command, ...args]);
  await using ann = await TestClient.native(server, "ann");
  await using bob = await TestClient.usermsg(server, "bob", ann);
  const { code, stored } = await fillUp(ann);
  assertStrictEquals(code, "storage_full");
  assert(stored > 50, `${stored}`);
  await server.stdout.match(/^History: .*disk is full/);
  assertMatch(await problemOf(world) ?? "", /disk is full/);
  await bob.send(`MSG ${BIG}\n`);
  await bob.lines.match(/^MSG server Not sent: the server's disk is full, try again later$/);
  await using cat = await TestClient.plain(server, "cat");
  await cat.send("/list\n");
  await cat.lines.match(/3 people are here/);

  Deno.removeSync(`/proc/${server.pid}/root${data}/ballast`);
  await server.stdout.match(/^History: messages are stored again/, 20_000);
  await ann.request({ type: "say", text: "at last", ref: "r" });
  const { seq } = JSON.parse(await ann.lines.match(/"ack".*"ref":"r"/));
  assertStrictEquals(seq, stored + 1, "what was refused has no number");
  assertStrictEquals(await problemOf(world), null);
});

Deno.test("F47: a server survives the shell's limit on file sizes, and starts cleanly without it", async () => {
  using world = makeWorld();
  const data = `${world.directory}/data`;
  let stored: number;
  {
    await using server = await startServer(world, [...FLAGS.slice(1), data]);
    // Not from the start: files of the runtime itself are larger.
    const limit = ["--pid", `${server.pid}`, "--fsize=1000000"];
    assert((await new Deno.Command("prlimit", { args: limit }).output()).success);
    await using ann = await TestClient.native(server, "ann");
    const filled = await fillUp(ann);
    stored = filled.stored;
    assertStrictEquals(filled.code, "storage_failed");
    await ann.request({ type: "who" });
    await ann.lines.match(/"type":"who"/);
  }
  await using server = await startServer(world, [...FLAGS.slice(1), data]);
  await using ann = await TestClient.native(server, "ann");
  await ann.request({ type: "say", text: "again", ref: "r" });
  const { seq } = JSON.parse(await ann.lines.match(/"ack".*"ref":"r"/));
  assertStrictEquals(seq, stored + 1);
});
