// `minichat connect` without --dialect, as a program, against servers that others would write: it
// waits for a greeting, so these tests are slow by nature.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { makeWorld, runProgram, startServer } from "../harness.ts";

/** Serves one connection; resolves with all it has received. */
async function serveOnce(
  listener: Deno.Listener,
  greeting: string,
  answer: (line: string) => string,
): Promise<string> {
  using conn = await listener.accept();
  const write = (text: string) => conn.write(new TextEncoder().encode(text));
  if (greeting !== "") await write(greeting);
  let all = "";
  const buffer = new Uint8Array(1024);
  for (let count; (count = await conn.read(buffer)) !== null;) {
    const text = new TextDecoder().decode(buffer.subarray(0, count));
    all += text;
    for (const line of text.split("\n")) if (line !== "") await write(answer(line));
  }
  return all;
}

Deno.test("connect finds out that a silent server speaks usermsg, and says so (C5)", async () => {
  using world = makeWorld();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received = serveOnce(listener, "", (line) => line === "MSG hi" ? "MSG zed hello" : "");
  const { port } = listener.addr as Deno.NetAddr;
  const args = ["connect", "127.0.0.1", String(port), "ulla", "--until", "^zed: hello$"];
  const { code, stderr } = await runProgram(world, args, "hi\n");
  listener.close();
  assertStrictEquals(code, 0, stderr);
  assertStrictEquals(await received, "ulla\nUSER ulla\nMSG hi\n");
  assertMatch(stderr, /speaks usermsg, .*: --dialect usermsg chooses it without trying/);
});

Deno.test("connect gives its name by the command of a server's greeting (C5)", async () => {
  using world = makeWorld();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received = serveOnce(listener, "Hello Guest1, /nick NAME\n", (line) => `< ${line}\n`);
  const { port } = listener.addr as Deno.NetAddr;
  const args = ["connect", "-q", "127.0.0.1", String(port), "ulla", "--until", "< hi"];
  const { code, stdout, stderr } = await runProgram(world, args, "hi\n");
  listener.close();
  assertEquals([code, stderr], [0, ""]);
  assertStrictEquals(await received, "/nick ulla\nhi\n");
  assertStrictEquals(stdout, "Hello Guest1, /nick NAME\n< /nick ulla\n< hi\n");
});

Deno.test("connect joins a minichat server of another user in native, also on a Unix socket (C5)", async () => {
  using world = makeWorld();
  using elsewhere = makeWorld();
  const path = `${world.directory}/chat.sock`;
  const listen = ["--listen", "tcp:127.0.0.1:0", "--listen", `unix:${path}`];
  await using server = await startServer(world, listen);
  for (const place of [["127.0.0.1", String(server.port)], [`unix:${path}`]]) {
    const sent = await runProgram(elsewhere, ["connect", ...place, "ida"], "hello\n");
    assertStrictEquals(sent.code, 0, sent.stderr);
    assertMatch(sent.stderr, /^connected to: .*\nYou are ida\. Nobody else is here yet\.\n$/);
  }
});
