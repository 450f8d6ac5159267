// The verb `minichat admin` (cli/admin/command.ts) against fake servers on real sockets: which
// server it finds, what it prints and where, and its exit codes.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { OPERATOR_COMMANDS } from "../../admin/command_table.ts";
import { type AdminSystem, runAdmin } from "../../cli/admin/command.ts";
import { ControlPlace, FakeAlarms, JsonLines } from "./control_socket.ts";
import { FakeControl, messageWatched } from "./fake_control.ts";
import { until } from "../until.ts";

/** The system calls of the verb. */
class FakeSystem implements AdminSystem {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly interrupts = new Set<() => void>();
  readonly alarms = new FakeAlarms();
  readonly after = this.alarms.after;
  readonly texts = EN.operator;
  readonly loadRefusals = () => Promise.resolve(EN.refusals);
  constructor(readonly env: { get(name: string): string | undefined }) {}
  out(text: string): void {
    this.stdout.push(text);
  }
  err(text: string): void {
    this.stderr.push(text);
  }
  onInterrupt(listener: () => void): () => void {
    this.interrupts.add(listener);
    return () => this.interrupts.delete(listener);
  }
}

/** Runs the verb to its end. */
async function admin(place: ControlPlace, ...args: string[]) {
  const system = new FakeSystem(place.env);
  const code = await runAdmin(args, system);
  assertStrictEquals(system.interrupts.size, 0, "no signal handler is left behind");
  assertStrictEquals(system.alarms.set.size, 0, "no timer is left behind");
  return { code, out: system.stdout.join("\n"), err: system.stderr.join("\n") };
}

/** The same for `--json`: exactly one line, which is JSON, and nothing on stderr. */
async function adminJson(place: ControlPlace, ...args: string[]) {
  const { code, out, err } = await admin(place, "--json", ...args);
  assertStrictEquals(err, "");
  assertNotMatch(out, /\n/);
  return { code, json: JSON.parse(out) };
}

Deno.test("admin finds the one running server by itself", async () => {
  await using place = new ControlPlace();
  const { control } = place.serve("8080");
  const result = await admin(place, "wall", "hello", "you");
  assertEquals(result, { code: 0, out: "Sent to 1 person", err: "" });
  assertEquals(control.calls, [["wall", "hello you"]]);
});

Deno.test("admin prints that no server is running on one line, exit 1", async () => {
  await using place = new ControlPlace();
  const sentence = "No server is running for this user: start one with minichat serve";
  for (const args of [["who"], ["who", "--port", "8080"]]) {
    const result = await admin(place, ...args);
    assertEquals(result, { code: 1, out: "", err: `minichat admin: ${sentence}` });
  }
  assertEquals(await adminJson(place, "who"), {
    code: 1,
    json: { ok: false, error: sentence },
  });
  const elsewhere = await admin(place, "who", "--socket", `${place.root}/none.sock`);
  assertStrictEquals(elsewhere.code, 1);
  assertMatch(elsewhere.err, /^minichat admin: No server answers on ".*\/none\.sock"$/);
});

Deno.test("admin asks which of several servers is meant, and takes --port and --socket", async () => {
  await using place = new ControlPlace();
  const first = place.serve("8080");
  const second = place.serve("8081");
  const unsure = await admin(place, "wall", "x");
  assertStrictEquals(unsure.code, 1);
  assertMatch(unsure.err, /^[^\n]*Several servers [^\n]*choose --port 8080 or --port 8081$/);
  assertStrictEquals((await admin(place, "wall", "x", "--port", "8081")).code, 0);
  assertStrictEquals((await admin(place, "--socket", first.path, "wall", "y")).code, 0);
  assertEquals(second.control.calls, [["wall", "x"]]);
  assertEquals(first.control.calls, [["wall", "y"]]);
  const missing = await admin(place, "who", "--port=8082");
  assertMatch(
    missing.err,
    /No server of this user on port 8082: choose --port 8080 or --port 8081$/,
  );
});

Deno.test("admin names servers without a port by their socket", async () => {
  await using place = new ControlPlace();
  const { path } = place.serve("pid-7");
  place.serve("8080");
  const { err, code } = await admin(place, "who");
  assertStrictEquals(code, 1);
  assert(err.endsWith(`choose --port 8080 or --socket "${path}"`), err);
});

Deno.test("admin prints one error message if it has no permission, exit 1", async () => {
  await using place = new ControlPlace();
  place.serve("8080");
  Deno.chmodSync(place.directory, 0o755);
  const { code, err } = await admin(place, "who");
  assertStrictEquals(code, 1);
  assertMatch(err, /^minichat admin: Refused the control directory [^\n]* run chmod 700 on it$/);
});

Deno.test("admin does what the server refuses: its sentence, exit 1", async () => {
  await using place = new ControlPlace();
  place.serve("8080");
  const result = await admin(place, "kick", "zoe");
  assertEquals(result, { code: 1, out: "", err: 'minichat admin: No member called "zoe"' });
  const error = 'No member called "zoe"';
  assertEquals(await adminJson(place, "kick", "zoe"), { code: 1, json: { ok: false, error } });
});

Deno.test("admin --json prints the data of every command as one object", async () => {
  await using place = new ControlPlace();
  const { control } = place.serve("8080");
  const who = { ok: true, data: { users: [...control.people] } };
  assertEquals(await adminJson(place, "who"), { code: 0, json: who });
  const needed: Record<string, string[]> = {
    wall: ["x"],
    msg: ["bob", "x"],
    shutdown: ["5"],
    retain: ["now"],
  };
  for (const { kind, name, usage } of OPERATOR_COMMANDS) {
    if (kind === "stream") continue;
    const args = needed[name] ?? (usage.includes("NAME") ? ["bob"] : []);
    const { code, json } = await adminJson(place, name, ...args);
    assertEquals([name, code, json.ok, "data" in json], [name, 0, true, true]);
  }
});

Deno.test("admin: its own options stand anywhere, the command keeps its own", async () => {
  await using place = new ControlPlace();
  const { control } = place.serve("8080");
  const code = await admin(
    place,
    "ban",
    "--json",
    "bob",
    "--for",
    "10m",
    "--port=8080",
    "a  b",
    "-hm",
  );
  assertStrictEquals(code.code, 0);
  assertStrictEquals((await admin(place, "wall", "--", "--json", "--help")).code, 0);
  assertStrictEquals((await admin(place, "kick", "bob\n--ban")).code, 1);
  assertEquals(control.calls, [
    ["ban", "bob", { reason: "a  b -hm", seconds: 600 }],
    ["wall", "--json --help"],
  ]);
});

Deno.test("admin: wrong use prints the usage, exit 2, whether a server runs or not", async () => {
  await using place = new ControlPlace();
  const cases: [string[], RegExp][] = [
    [["kick"], /Missing name.*\nUsage: minichat admin kick NAME/],
    [
      ["shutdown", "soon"],
      /Not a duration: "soon", expected one such as 90s.*\nUsage: minichat admin shutdown/,
    ],
    [["kik", "bob"], /Unknown command: "kik", did you mean kick\?\nUsage: minichat admin COMMAND/],
    [
      ["--prot", "1", "who"],
      /Unknown option: "--prot", did you mean --port\?\nUsage: minichat admin/,
    ],
    [["who", "--port"], /Not a port: "".*\nUsage/],
    [["who", "--port", "0"], /Not a port: "0"/],
    [["who", "--port", "65536"], /Not a port: "65536"/],
    [["who", "--socket"], /Missing path/],
    [["who", "--port", "1", "--socket", "x"], /not both/],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await admin(place, ...args);
    assertEquals([code, out], [2, ""], `${args}`);
    assertMatch(err, message);
    const { code: jsonCode, json } = await adminJson(place, ...args);
    assertStrictEquals(jsonCode, 2);
    assertStrictEquals(json.ok, false);
    assert(err.includes(json.error));
  }
});

Deno.test("admin without a command shows its help on stderr, exit 2; --help on stdout, exit 0", async () => {
  await using place = new ControlPlace();
  const bare = await admin(place);
  const asked = await admin(place, "--help");
  assertEquals([bare.code, bare.out, asked.code, asked.err], [2, "", 0, ""]);
  assertStrictEquals(bare.err, asked.out);
  for (const { name, usage } of OPERATOR_COMMANDS) {
    const line = asked.out.split("\n").find((line) => line.trim().startsWith(usage));
    assert(line?.endsWith(EN.operator.help[name]), usage);
  }
  const kick = await admin(place, "kick", "--help");
  assertStrictEquals(kick.code, 0);
  assertMatch(kick.out, /^Usage: minichat admin kick NAME \[REASON\] \[--ban\]\nDisconnects/);
  assertEquals(await admin(place, "-h", "kick"), kick);
  assertMatch((await admin(place, "help")).out, /minichat admin wall TEXT/);
});

for (const args of [["who"], ["tail"]]) {
  Deno.test(`admin ${args} gives up on a server that does not answer, exit 1`, async () => {
    await using place = new ControlPlace();
    const path = `${place.root}/stopped.sock`;
    using listener = Deno.listen({ transport: "unix", path });
    for (const flags of [[], ["--json"]]) {
      const system = new FakeSystem(place.env);
      const running = runAdmin([...args, "--socket", path, ...flags], system);
      using conn = await listener.accept();
      assertEquals(await new JsonLines(conn).next(), { command: args[0], args: [] });
      assertEquals([...system.alarms.set].map(({ ms }) => ms), [5_000]);
      system.alarms.strike();
      assertStrictEquals(await running, 1);
      assertStrictEquals(system.alarms.set.size, 0);
      const error = `The server at "${path}" does not answer: it may be stopped or overloaded`;
      const json = JSON.stringify({ ok: false, error });
      assertEquals(system.stdout, flags.length === 0 ? [] : [json]);
      assertEquals(system.stderr, flags.length === 0 ? [`minichat admin: ${error}`] : []);
    }
  });
}

Deno.test("admin tail prints events until Ctrl-C, exit 130", async () => {
  await using place = new ControlPlace();
  const { control } = place.serve("8080");
  for (const flags of [[], ["--json"]]) {
    const system = new FakeSystem(place.env);
    const running = runAdmin(["tail", ...flags], system);
    await until(() => control.listeners.size === 1, "tail watches");
    control.happen(messageWatched("one"));
    await until(() => system.stdout.length === 1, "the event is printed");
    assertStrictEquals(system.alarms.set.size, 0, "a stream that has begun may be silent for good");
    for (const interrupt of system.interrupts) interrupt();
    assertStrictEquals(await running, 130);
    const [line = ""] = system.stdout;
    if (flags.length === 0) assertStrictEquals(line, "03:04:05Z bob: one");
    else assertEquals(JSON.parse(line), messageWatched("one"));
    await until(() => control.listeners.size === 0, "nobody watches any more");
  }
});

Deno.test("admin tail ends with 0 when the server ends, with the last messages", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  const system = new FakeSystem(place.env);
  const running = runAdmin(["tail"], system);
  await until(() => server.control.listeners.size === 1, "tail watches");
  server.control.happen(messageWatched("bye"));
  await server.stop();
  assertStrictEquals(await running, 0);
  assertEquals(system.stdout, ["03:04:05Z bob: bye"]);
});

Deno.test("admin tail that lost the server ends with 1 and says so", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  const system = new FakeSystem(place.env);
  const running = runAdmin(["tail"], system);
  await until(() => server.control.listeners.size === 1, "tail watches");
  await until(
    () => server.sessions.length === 2,
    "the look for servers and the tail itself",
  );
  for (const session of server.sessions) session.abort();
  assertStrictEquals(await running, 1);
  assertMatch(system.stderr.join(), /^minichat admin: Lost the server/);
});

Deno.test("admin tail ends quietly when its output is closed", async () => {
  await using place = new ControlPlace();
  const { control } = place.serve("8080");
  const system = new FakeSystem(place.env);
  system.out = () => {
    throw new Deno.errors.BrokenPipe("gone");
  };
  const running = runAdmin(["tail"], system);
  await until(() => control.listeners.size === 1, "tail watches");
  control.happen(messageWatched("one"));
  assertStrictEquals(await running, 0);
  await until(() => control.listeners.size === 0, "nobody watches any more");
});

Deno.test("admin reports that the connection ended before the server answered", async () => {
  await using place = new ControlPlace();
  const control = new FakeControl();
  control.stats = () => {
    throw new Error("bug");
  };
  place.serve("8080", control);
  const { code, err } = await admin(place, "stats");
  assertEquals([code, err], [
    1,
    "minichat admin: The connection ended before the server answered",
  ]);
});

Deno.test("admin shows what is wrong with an answer that is none, exit 1", async () => {
  await using place = new ControlPlace();
  const path = `${place.root}/other.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const answers = [
    [[0x68, 0x69, 0x0a], 'Bad answer: Not JSON: "hi"'],
    [[0xff, 0x0a], `Bad answer: ${EN.refusals.invalidUtf8}`],
  ] as const;
  for (const [answer, error] of answers) {
    const system = new FakeSystem(place.env);
    const running = runAdmin(["who", "--socket", path], system);
    using conn = await listener.accept();
    await conn.write(Uint8Array.from(answer));
    assertStrictEquals(await running, 1);
    assertEquals(system.stderr, [`minichat admin: ${error}`]);
  }
});
