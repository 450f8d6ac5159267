// The command line: help, usage errors, and errors that a user can fix.

import { assert, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { exitOf, makeWorld, runProgram, startProgram, startServer } from "../harness.ts";
import { runInProcess } from "../in_process.ts";

const HELP: readonly (readonly [string[], RegExp])[] = [
  [["--help"], /serve.*connect.*admin/s],
  [["serve", "--help"], /--port PORT.*--host.*--listen.*--max-clients.*--log-file/s],
  [["connect", "--help"], /--dialect.*HOST.*PORT.*NAME/s],
  [["admin", "--help"], /wall TEXT.*kick NAME.*shutdown DURATION/s],
  [["admin", "kick", "--help"], /kick NAME \[REASON\]/],
  [["bench", "--help"], /--dialect.*--clients.*--window.*--json.*HOST.*PORT/s],
  [["help", "connect"], /Usage: minichat connect/],
  [["help"], /serve.*connect.*admin/s],
];

for (const [args, expected] of HELP) {
  Deno.test(`minichat ${args.join(" ")} shows help on stdout and exits 0`, async () => {
    using world = makeWorld();
    const { code, stdout, stderr } = await runProgram(world, args);
    assertStrictEquals(code, 0);
    assertMatch(stdout, expected);
    assertStrictEquals(stderr, "");
  });
}

const MISUSE: readonly (readonly [string[], RegExp])[] = [
  [["serv"], /Did you mean .*serve/s],
  [["serve", "--prot", "1"], /Usage: minichat serve.*Did you mean .*--port/s],
  [["serve", "--port", "eighty"], /Usage:.*--port.*valid integer/s],
  [["serve", "--port", "70000"], /Usage:.*--port.*65,?535/s],
  [
    ["serve", "--listen", "nowhere"],
    /Usage: minichat serve.*expected tcp:HOST:PORT,\s+tls:HOST:PORT or\s+unix:PATH/s,
  ],
  [
    ["serve", "--listen", "tcp:127.0.0.1:0,dialect=latin"],
    /Usage: minichat serve.*No such dialect: "latin", did you mean plain\?$/sm,
  ],
  [["serve", "--listen", "tcp::99999"], /Not a port: "99999", expected 0 to\s65535/],
  [["serve", "--tls"], /Usage: minichat serve.*No certificate for tls:0.0.0.0:8080/s],
  [["serve", "--listen", "tls::0", "--tls-key", "k"], /No certificate for tls:0.0.0.0:0/],
  [["serve", "--tls-cert", "c", "--tls-key", "k"], /No address uses TLS/],
  [["serve", "--turns", "--listen", "tls::0"], /--listen takes no settings.* no TLS/],
  [["connect"], /Usage: minichat connect.*Missing HOST/s],
  [
    ["connect", "--dialect", "native", "--header", "12", "localhost"],
    /--header makes no sense with native/,
  ],
  [["connect", "localhost", "0", "alice"], /1 to 65535/],
  [["connect", "--header", "10", "localhost"], /Usage:.*10/s],
  [["connect", "--dialect", "klingon", "localhost"], /Usage:.*klingon/s],
  [["serve", "--rounds", "0"], /Usage:.*--rounds/s],
  [["serve", "--first", "server"], /Usage: minichat serve --turns.*--first needs --turns/s],
  [["serve", "--turns", "--json"], /Usage: minichat serve --turns.*--json makes no sense/s],
  [["serve", "--turns", "--max-clients", "3"], /--max-clients makes no sense/],
  [["serve", "--turns", "--listen", "unix:/x,dialect=etx"], /--listen takes no settings/],
  [["serve", "--turns", "--first", "me"], /Usage:.*client.*server/s],
  [["connect", "--turns", "--first", "me", "localhost"], /Usage:.*client.*server/s],
  [["connect", "--first", "server", "localhost"], /--first needs --turns/],
  [["connect", "--turns", "--dialect", "native", "localhost"], /--dialect native makes no sense/],
  [["connect", "--turns", "localhost", "bob"], /Usage: minichat connect --turns.*name bob/s],
  [["bench", "--dialect", "etx"], /Missing HOST/],
  [["bench", "--dialect", "usermsg", "--header", "8", "localhost"], /--header makes no sense/],
  [
    ["bench", "--dialect", "etx", "--seconds", "2", "--messages", "3", "localhost"],
    /--seconds and --messages exclude each other/,
  ],
  [
    ["bench", "--dialect", "etx", "--senders", "50", "--clients", "10", "localhost"],
    /Too many senders: 50 of 10 clients/,
  ],
  [["bench", "localhost"], /Usage: minichat bench.*--dialect/s],
  [["bench", "--dialect", "etx", "--clients", "1", "localhost"], /2 to 60000, or max/],
  [["bench", "--dialect", "etx", "chat.example.org"], /Usage: minichat bench.*add --remote/s],
  [["serve", "--no-history", "--data", "."], /contradict each other: leave one out/],
  [["serve", "--no-history", "--durable"], /contradict each other: leave one out/],
  [["serve", "--port", "0", "--durable"], /Nothing to make durable/],
  [["serve", "--retain", "10m"], /Not a duration: "10m", choose 1h or more, or forever/],
  [["serve", "--turns", "--data", "."], /--data makes no sense with --turns/],
  [["admin", "kik", "bob"], /Did you mean|did you mean/],
  [["admin", "shutdown", "soon"], /expected one such as 90s, 10m/],
  [["admin", "shutdown", "-1"], /Not a duration: "-1"/],
];

for (const [args, expected] of MISUSE) {
  Deno.test(`minichat ${args.join(" ")} explains itself on stderr and exits 2`, async () => {
    using world = makeWorld();
    const { code, stdout, stderr } = await runInProcess(world, args);
    assertStrictEquals(code, 2, stderr);
    assertMatch(stderr, expected);
    // json_errors_test.ts has what --json adds.
    if (!args.includes("--json")) assertStrictEquals(stdout, "");
  });
}

/** Too few arguments, too many, and unknown ones. */
const WRONG: Readonly<Record<string, readonly string[][]>> = {
  serve: [["8080"], ["--nonsense"], ["--port"], ["--port", "x"]],
  connect: [[], ["localhost", "8080", "ana", "more"], ["localhost", "99999"], ["--nonsense", "h"]],
  admin: [[], ["kick"], ["nonsense"], ["--nonsense"], ["shutdown", "10", "11"]],
  history: [
    ...[[], ["nonsense"], ["search"], ["export", "word"], ["info", "--format", "md"]],
    ...[["export", "--since", "yesterday"], ["info", "--port", "1", "--data", "."], [
      "info",
      "--data=",
    ]],
  ],
  explain: [["nonsense"], ["etx", "plain"], ["--nonsense"]],
};

Deno.test("every verb prints its usage on stderr for wrong arguments, exit 2 (R24, R38, R39, R55)", async () => {
  using world = makeWorld();
  for (const [verb, wrong] of Object.entries(WRONG)) {
    for (const args of wrong) {
      const { code, stdout, stderr } = await runInProcess(world, [verb, ...args]);
      assertStrictEquals(code, 2, `${verb} ${args.join(" ")}: ${stderr}`);
      assertMatch(stderr, new RegExp(`^Usage: minichat ${verb}`, "m"));
      assertStrictEquals(stdout, "");
    }
  }
});

const FAILURES: readonly (readonly [string[], RegExp])[] = [
  [["serve", "--host", "203.0.113.9"], /no address of this machine: choose another --host/],
  [["serve", "--listen", "unix:/nonexistent/s"], /the directory does not exist/],
  [["serve", "--port", "0", "--log-file", "/nonexistent/log"], /choose another --log-file/],
  [["history", "info"], /No history in .*minichat\/8080": give another --data/],
  [["history", "export", "--data", "/nonexistent"], /No history in "\/nonexistent"/],
  [["connect", "127.0.0.1", "1", "alice"], /No server at .*1: start one with minichat serve/],
  [["connect", "--turns", "127.0.0.1", "1"], /start one with minichat serve --turns --port 1/],
  [["connect", "--turns", "unix:/nonexistent/s"], /serve --turns --listen unix:/],
  [["admin", "who"], /No server is running for this user: start one with minichat serve/],
];

Deno.test("minichat connect says that what is no port was taken for the name", async () => {
  using world = makeWorld();
  // An address that nothing else on this machine uses.
  const { code, stderr } = await runProgram(world, ["connect", "127.45.80.81", "abc"]);
  assertStrictEquals(code, 1);
  assertMatch(
    stderr,
    /^No server at .*:8080: .*, or give its port: "abc" was taken for your name$/m,
  );
});

Deno.test("help is as wide as COLUMNS says, or 80, where there is no terminal", async () => {
  for (const [columns, most, least] of [["", 80, 70], ["66", 66, 56], ["120", 120, 101]] as const) {
    using world = makeWorld();
    const env = { ...world.env, COLUMNS: columns };
    const { stdout } = await runProgram({ ...world, env }, ["connect", "--help"]);
    const widest = Math.max(...stdout.split("\n").map((line) => line.length));
    assert(widest <= most && widest >= least, `${widest} with COLUMNS=${columns}`);
  }
});

for (const [args, expected] of FAILURES) {
  Deno.test(`minichat ${args.join(" ")} names the remedy and exits 1`, async () => {
    using world = makeWorld();
    const { code, stderr } = await runProgram(world, args);
    assertStrictEquals(code, 1, stderr);
    assertMatch(stderr, expected);
    assertStrictEquals(stderr.trim().split("\n").length, 1);
  });
}

Deno.test("serve prints the operator's commands first, then addresses and a line to paste", async () => {
  using world = makeWorld();
  await using server = await startServer(world, ["--port", "0"]);
  const [commands = "", listening = ""] = server.banner;
  assertMatch(commands, /^Operator's commands, as minichat admin COMMAND .*: wall, msg, kick, /);
  assertNotMatch(commands, /\//); // without a terminal there is no console (O10)
  assertMatch(listening, /^Listening on 0\.0\.0\.0:/);
  const paste = `  minichat connect 127.0.0.1 ${server.port} NAME`;
  assert(server.banner.includes(paste), server.banner.join("\n"));
});

Deno.test("serve takes port 8080 by default (R45)", async () => {
  using world = makeWorld();
  // An address that nothing else on this machine uses; a server on all of them may hold the port.
  await using server = startProgram(world, ["serve", "--host", "127.45.80.80"]);
  const sent = await Promise.any([
    server.stdout.match(/^Listening on/),
    server.stderr.match(/in use/),
  ]);
  assertMatch(sent, /127\.45\.80\.80:8080\b/);
});

Deno.test("serve --quiet prints no messages, and --json prints one object a line", async () => {
  const { stdout } = await serveAndSay(["--json"]);
  const events = stdout.map((line) => JSON.parse(line));
  assertStrictEquals(events[0].type, "listening");
  assertMatch(events[0].addresses[0].connect[0], /^minichat connect 127.0.0.1 \d+ NAME$/);
  assert(events.some(({ event }) => event?.type === "message" && event.text === "hi there"));
  const quiet = await serveAndSay(["--quiet"]);
  assert(!quiet.stdout.some((line) => line.includes("hi there")));
});

/** Starts a server, sends one message, stops it; returns what it printed. */
async function serveAndSay(flags: string[]): Promise<{ stdout: string[] }> {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const tcp = flags.includes("--json") ? ["--host", "127.0.0.1", "--port", "0"] : [];
  await using server = startProgram(world, ["serve", ...tcp, "--listen", `unix:${path}`, ...flags]);
  await server.stdout.match(/unix:|At most/);
  const sent = await runProgram(world, ["connect", `unix:${path}`, "nina"], "hi there\n");
  assertStrictEquals(sent.code, 0, sent.stderr);
  server.kill("SIGTERM");
  await exitOf(server);
  await server.stdout.ended();
  return { stdout: server.stdout.seen };
}
