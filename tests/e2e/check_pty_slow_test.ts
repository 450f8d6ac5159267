// `minichat check --listen` with clients that need a terminal, and with a message that comes while
// a line is being typed on one.

import { assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { makeWorld, runProgram } from "../harness.ts";

const RAW = [
  "deno",
  "run",
  "-A",
  new URL("../check/raw_terminal_client.ts", import.meta.url).pathname,
];

/** Checks a client; its words come after the address. */
async function check(options: readonly string[], words: readonly string[]) {
  using world = makeWorld();
  const { code, stdout } = await runProgram(world, [
    ...["check", "--listen", "127.0.0.1:0", "--dialect", "usermsg"],
    ...[...options, "--", ...words],
  ]);
  return { code, stdout };
}

Deno.test("check --listen runs a client that fails on pipes on a terminal, and says so", async () => {
  const { code, stdout } = await check(["--timeout", "10"], [...RAW, "{host}", "{port}"]);
  assertStrictEquals(code, 0, stdout);
  assertMatch(stdout, /^ok {4}connects .*\(on a terminal; on pipes it does not\) \(R92\)$/m);
  assertNotMatch(stdout, /^(?:FAIL|warn|skip)/m);
  assertMatch(stdout, /section client: 3 of 3/);
});

Deno.test("check --pty runs a client on a terminal, and warns of a line that a message has torn", async () => {
  const { code, stdout } = await check(["--pty", "--timeout", "10"], [
    ...RAW,
    "{host}",
    "{port}",
    "torn",
  ]);
  assertStrictEquals(code, 0, stdout);
  assertMatch(stdout, /^ok {4}connects {12}Connects to the address it is given \(R92\)$/m);
  assertMatch(stdout, /^ok {4}while-typing /m);
  assertMatch(stdout, /^warn {2}line-redrawn /m);
  assertMatch(stdout, /received {2}the line of the cursor shows nothing/);
});

Deno.test("check --listen fails a client that shows no message while a line is being typed", async () => {
  // It reads a line, then what the server has sent, and so on.
  const script = 'exec 3<>"/dev/tcp/$0/$1"; read name; echo "USER $name" >&3; ' +
    'while read line; do echo "MSG $line" >&3; read -t 1 answer <&3; echo "$answer"; done';
  const only = ["--only", "sends", "--only", "while-typing", "--only", "line-redrawn"];
  const { code, stdout } = await check([...only, "--timeout", "1"], ["bash", "-c", script]);
  assertStrictEquals(code, 1, stdout);
  assertMatch(stdout, /^FAIL {2}while-typing /m);
  assertMatch(stdout, /Not passed: begin with while-typing/);
});

Deno.test("check --listen forgets what it has seen on pipes of a client that then runs on a terminal", async () => {
  const script = 'exec 3<>"/dev/tcp/$0/$1"; read -r name; echo "USER $name" >&3; ' +
    'if [ -t 0 ]; then cat <&3 & fi; while read -r line; do echo "MSG $line" >&3; done';
  const only = ["shows-at-once", "sends", "pasted-lines"].flatMap((id) => ["--only", id]);
  const { code, stdout } = await check(only, ["bash", "-c", script]);
  assertStrictEquals(code, 0, stdout);
  assertMatch(stdout, /^ok {4}shows-at-once .*\(on a terminal; on pipes it does not\)/m);
  assertMatch(stdout, /^ok {4}pasted-lines /m);
});
