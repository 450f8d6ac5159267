// A stored history: after a kill -9, beside a second server, for new clients of every dialect, and
// for `minichat history`.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { openStore } from "../../server/store/store.ts";
import { TestClient } from "../test_client.ts";
import {
  admin,
  exitOf,
  makeWorld,
  programCommand,
  type RunningServer,
  runProgram,
  startProgram,
  startServer,
  type World,
} from "../harness.ts";
import { onDisk } from "../server/history/history_fixture.ts";

/** The flags of a server that stores its history in the world's directory, on any port. */
function keeping(world: World, ...more: string[]): string[] {
  return ["--port", "0", "--host", "127.0.0.1", "--data", `${world.directory}/data`, ...more];
}

interface Message {
  readonly seq: number;
  readonly text: string;
  readonly replay?: boolean;
}

/** Every message that `minichat history export` prints with these flags. */
async function exported(world: World, ...flags: string[]): Promise<Message[]> {
  const args = ["history", "export", "--format", "json", "--data", `${world.directory}/data`];
  const { code, stdout, stderr } = await runProgram(world, [...args, ...flags]);
  assertStrictEquals(code, 0, stderr);
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Kills a server, as a crash does. */
async function crash(server: RunningServer): Promise<void> {
  server.kill("SIGKILL");
  await server[Symbol.asyncDispose]();
}

Deno.test("kill -9 loses no acknowledged message, and the numbers continue (F50)", async () => {
  using world = makeWorld();
  const acked = new Map<string, number>();
  let last = 0;
  for (let life = 0; life < 3; life++) {
    const server = await startServer(world, keeping(world));
    await using client = await TestClient.native(server, "ann");
    for (let at = 0; at < 300; at++) {
      await client.request({ type: "say", text: `${life}-${at}`, ref: `${life}-${at}` });
    }
    // Killed while acknowledgements are still arriving.
    while (acked.size < 300 * life + 150) {
      const line = await client.lines.match(/^\{"type":"ack"/);
      const { ref, seq } = JSON.parse(line);
      assert(seq > last, `${seq} after ${last}`);
      last = seq;
      acked.set(ref, seq);
    }
    await crash(server);
    await client.lines.ended();
    for (const line of client.lines.rest()) {
      if (!line.startsWith('{"type":"ack"') || !line.endsWith("}")) continue;
      const { ref, seq } = JSON.parse(line);
      last = seq;
      acked.set(ref, seq);
    }
    const kept = await exported(world);
    const texts = new Map(kept.map(({ seq, text }) => [seq, text]));
    assertStrictEquals(texts.size, kept.length, "each number once");
    for (const [text, seq] of acked) assertStrictEquals(texts.get(seq), text, `${text} is lost`);
    assertEquals(
      kept.map(({ seq }) => seq),
      kept.map((_, at) => at + 1),
      "no number is left out",
    );
    last = kept.length;
  }
});

Deno.test("a second server on the same data is refused, names the first, and touches nothing (F60)", async () => {
  using world = makeWorld();
  await using first = await startServer(world, keeping(world));
  await using ann = await TestClient.native(first, "ann");
  const second = await runProgram(world, ["serve", ...keeping(world)]);
  assertStrictEquals(second.code, 1);
  assertMatch(
    second.stderr,
    new RegExp(`^minichat serve: Another server \\(process ${first.pid}\\)`),
  );
  assertStrictEquals(second.stderr.trim().split("\n").length, 1);
  await ann.request({ type: "say", text: "still here" });
  await ann.lines.match(/"ack"/);
  assertEquals((await exported(world)).map(({ text }) => text), ["still here"]);
});

Deno.test("a history that cannot be used is refused before anything listens, and left as it is (F49)", async () => {
  using world = makeWorld();
  const directory = `${world.directory}/data`;
  Deno.mkdirSync(directory);
  const file = `${directory}/minichat.db`;
  Deno.writeTextFileSync(file, "not a database, but dear to somebody");
  const { code, stdout, stderr } = await runProgram(world, ["serve", ...keeping(world)]);
  assertStrictEquals(code, 1);
  assertStrictEquals(stdout, "");
  assertMatch(stderr, /^minichat serve: The history ".*minichat.db" is damaged: restore it/);
  assertStrictEquals(Deno.readTextFileSync(file), "not a database, but dear to somebody");
  const reading = await runProgram(world, ["history", "info", "--data", directory]);
  assertStrictEquals(reading.code, 1);
  assertMatch(reading.stderr, /^minichat history: The history .* is damaged/);
});

Deno.test("--no-history writes nothing, and says so", async () => {
  using world = makeWorld();
  await using server = await startServer(world, [
    ...["--listen", `unix:${world.directory}/s`, "--no-history"],
  ]);
  assert(server.banner.includes("History: in memory only (--no-history)"), `${server.banner}`);
  await using ann = await TestClient.native({ path: `${world.directory}/s` }, "ann");
  await ann.request({ type: "say", text: "gone tomorrow" });
  await ann.lines.match(/"ack"/);
  const names = [...Deno.readDirSync(world.directory)].map(({ name }) => name);
  assert(!names.includes("state"), `${names}`);
  const stats = JSON.parse((await admin(world, "stats", "--json")).stdout).data;
  assertStrictEquals(stats.history.file, null);
  assertStrictEquals(stats.history.messages, 1);
});

Deno.test("a server finds its history again by its place, and announces it", async () => {
  using world = makeWorld();
  const args = ["--listen", `unix:${world.directory}/my-chat`];
  const line = (server: RunningServer): string =>
    server.banner.find((one) => one.startsWith("History: ")) ?? "";
  const first = await startServer(world, args);
  assertMatch(
    line(first),
    /^History: .*\/state\/minichat\/unix-.*my%2Dchat, 0 messages, kept 30 days$/,
  );
  await using ann = await TestClient.native({ path: `${world.directory}/my-chat` }, "ann");
  await ann.request({ type: "say", text: "hi" });
  await ann.lines.match(/"ack"/);
  first.kill("SIGTERM");
  assertStrictEquals((await exitOf(first)).code, 0);
  await first[Symbol.asyncDispose]();
  await using second = await startServer(world, [...args, "--retain", "forever"]);
  assertMatch(line(second), /, 1 message, kept for good$/);
  const { data } = JSON.parse((await admin(world, "stats", "--json")).stdout);
  assertStrictEquals(data.history.messages, 1);
  assertStrictEquals(data.messages, 0, "of this run");
  const mode = Deno.statSync(data.history.file).mode ?? 0;
  assertStrictEquals(mode & 0o777, 0o600);
});

Deno.test("new members get earlier messages if their dialect can mark them", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using ann = await TestClient.native(server, "ann");
  for (let at = 1; at <= 3; at++) await ann.request({ type: "say", text: `old ${at}` });
  await ann.barrier();

  await using bob = await TestClient.connect(server);
  await bob.send("bob\n");
  await bob.lines.match(/^-- You are bob/);
  assertStrictEquals(await bob.lines.next(), "   3 earlier messages:");
  for (let at = 1; at <= 3; at++) {
    assertMatch(await bob.lines.next(), new RegExp(`^\\[\\d\\d:\\d\\dZ\\] ann: old ${at}$`));
  }
  await using cat = await TestClient.usermsg(server, "cat", ann);
  await ann.request({ type: "say", text: "new" });
  assertStrictEquals(await cat.lines.next(), "MSG ann new", "nothing old before it");

  const place = ["connect", "127.0.0.1", String(server.port)];
  const json = await runProgram(world, [...place, "dan", "--json"]);
  const events = json.stdout.trim().split("\n").map((one) => JSON.parse(one));
  assertStrictEquals(events[0].replay, 4);
  assertEquals(
    events.filter(({ type }) => type === "message").map(({ text, replay }) => [text, replay]),
    [["old 1", true], ["old 2", true], ["old 3", true], ["new", true]],
  );
  const without = await runProgram(world, [...place, "dan", "--json", "--no-replay"]);
  assertNotMatch(without.stdout, /old|"replay"/);
  // A script that reads messages as lines must not act on old ones.
  await using script = startProgram(world, [...place, "eve"]);
  await server.stdout.match(/^eve joined/);
  await ann.request({ type: "say", text: "newest" });
  assertStrictEquals(await script.stdout.next(), "ann: newest");
});

Deno.test("--replay says how many, and 0 none", async () => {
  using world = makeWorld();
  for (const [replay, shown] of [["2", ["b", "c"]], ["0", []]] as const) {
    await using server = await startServer(world, keeping(world, "--replay", replay));
    await using ann = await TestClient.native(server, "ann");
    for (const text of ["a", "b", "c"]) await ann.request({ type: "say", text });
    await ann.barrier();
    await using bob = await TestClient.native(server, "bob");
    const texts = (await bob.events()).flatMap(({ replay, text }) => replay ? [text] : []);
    assertEquals<unknown>(texts, shown);
    server.kill("SIGTERM");
    await exitOf(server);
  }
});

/** Fills the world's history as an earlier server would. */
function fillHistory(world: World, texts: readonly string[]): void {
  const store = openStore({ directory: `${world.directory}/data`, durable: false });
  if ("error" in store) throw new Error(store.error);
  const history = onDisk(store, { soon: () => {}, now: () => Date.now() });
  const audience = { kind: "everyone" } as const;
  for (const text of texts) history.append({ from: "ann", text, audience }, () => {});
  history.flush();
  store.close();
}

Deno.test("history goes back beyond what is in memory, page by page", async () => {
  using world = makeWorld();
  fillHistory(world, Array.from({ length: 1_500 }, (_, at) => `m${at + 1}`));
  await using again = await startServer(world, keeping(world));
  await using bob = await TestClient.native(again, "bob");
  await bob.barrier();
  await bob.request({ type: "history", limit: 1_000 });
  const newest = JSON.parse(await bob.lines.match(/"type":"history"/)).messages as Message[];
  assertStrictEquals(newest.length, 1_000);
  assertStrictEquals(newest[0]?.text, "m501");
  await bob.request({ type: "history", since: 1_498 });
  const last = JSON.parse(await bob.lines.match(/"type":"history"/)).messages as Message[];
  assertEquals(last.map(({ text }) => text), ["m1499", "m1500"]);
  await using cat = await TestClient.plain(again, "cat");
  await cat.plainBarrier();
  await cat.send("/history 1000\n");
  assertMatch(await cat.lines.next(), /^\[\d\d:\d\dZ\] ann: m501$/);
});

Deno.test("minichat history prints the messages while the server runs, and after it was killed", async () => {
  using world = makeWorld();
  const server = await startServer(world, keeping(world));
  await using ann = await TestClient.native(server, "ann");
  await using bob = await TestClient.native(server, "bob");
  await ann.request({ type: "say", text: "to *all*" });
  await ann.request({ type: "say", text: "psst", to: "@bob" });
  await ann.request({ type: "say", text: "waves", action: true });
  await ann.barrier();
  await bob.request({ type: "say", text: "Grüße" });
  await bob.barrier();
  const data = ["--data", `${world.directory}/data`];
  const history = async (...args: string[]) => {
    const { code, stdout, stderr } = await runProgram(world, ["history", ...args, ...data]);
    return { code, text: stdout.replace(/^\d{4}-\d\d-\d\d [\d:]{8}[+-]\d\d:\d\d /gm, ""), stderr };
  };
  const check = async (): Promise<void> => {
    const { text } = await history("export");
    assertStrictEquals(text, "ann: to *all*\n* ann waves\nbob: Grüße\n");
    assertStrictEquals(
      (await history("export", "--private", "--since", "1", "--until", "2")).text,
      "ann to bob (private): psst\n",
    );
    assertMatch(
      (await history("export", "--format", "md")).text,
      /^- [\d:]+ \*\*ann\*\*: to \\\*all\\\*$/m,
    );
    assertStrictEquals((await history("search", "GRÜ")).text, "bob: Grüße\n");
    assertEquals(await history("search", "psst"), { code: 1, text: "", stderr: "" });
    assertStrictEquals((await history("export", "--since", "1h", "--until", "30m")).text, "");
    assertMatch((await history("info")).text, /^messages +4, of them 1 private or in groups$/m);
    const info = JSON.parse((await history("info", "--format", "json")).text);
    assertEquals(JSON.parse((await history("info", "--json")).text), info);
    assertStrictEquals((await history("export", "--json", "--format", "md")).code, 2);
    assertEquals([info.messages, info.private, info.newest.seq], [4, 1, 4]);
  };
  await check();
  await crash(server);
  await check();
});

Deno.test("minichat history ends silently when its output is closed", async () => {
  using world = makeWorld();
  fillHistory(world, Array.from({ length: 500 }, () => "x".repeat(4_000)));
  const args = ["history", "export", "--data", `${world.directory}/data`];
  const [command, rest] = programCommand(args);
  const script = '"$@" | head -1; exit ${PIPESTATUS[0]}';
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "bash", command, ...rest],
    env: world.env,
  }).output();
  assertStrictEquals(new TextDecoder().decode(stderr), "");
  assertStrictEquals(code, 0);
  assertStrictEquals(new TextDecoder().decode(stdout).trim().split("\n").length, 1);
});

Deno.test("history backup copies a running server's messages, history check verifies them (O8)", async () => {
  using world = makeWorld();
  const data = ["--data", `${world.directory}/data`];
  const copy = `${world.directory}/copy.db`;
  const history = (...args: string[]) => runProgram(world, ["history", ...args]);
  {
    await using server = await startServer(world, keeping(world));
    await using client = await TestClient.native(server, "ann");
    await client.request({ type: "say", text: "hi" });
    await client.lines.match(/"ack"/);
    const made = await history("backup", copy, ...data);
    assertStrictEquals(made.code, 0, made.stderr);
    assertMatch(made.stdout, /^Copied: 1 message, numbers 1 to 1, .* in ".*copy\.db"$/m);
    const again = await history("backup", copy, ...data);
    assertStrictEquals(again.code, 1);
    assertMatch(again.stderr, /Already there: .* --force/);
    const running = await history("check", ...data);
    assertMatch(running.stdout, /^Whole: 1 message/);
  }
  const { code, stdout } = await history("check", copy, "--json");
  assertStrictEquals(code, 0);
  assertStrictEquals(JSON.parse(stdout).messages, 1);
  Deno.writeTextFileSync(copy, "no database");
  const damaged = await history("check", copy);
  assertStrictEquals(damaged.code, 1);
  assertMatch(damaged.stderr, /is damaged/);
  for (const wrong of [["backup"], ["check", "a", "b"], ["info", "--force"]]) {
    assertStrictEquals((await history(...wrong)).code, 2);
  }
});
