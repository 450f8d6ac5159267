// `minichat connect` as a client of sheets 000 and 003: of this server, and of a foreign one that
// does exactly what the sheet says.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { frame } from "../../protocol/frames.ts";
import { ByteClient } from "../byte_client.ts";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, runProgram, startProgram, startServer } from "../harness.ts";

/** A foreign server for one client; `answer` gets what was read so far and may reply. */
function foreignServer(
  path: string,
  answer: (received: string, reply: (bytes: string | Uint8Array) => Promise<unknown>) => unknown,
): { received: Promise<string> } {
  const listener = Deno.listen({ transport: "unix", path });
  const serve = async (): Promise<string> => {
    using conn = await listener.accept();
    listener.close();
    let received = "";
    const buffer = new Uint8Array(1024);
    const reply = (data: string | Uint8Array) =>
      conn.write(typeof data === "string" ? new TextEncoder().encode(data) : data);
    for (let count; (count = await conn.read(buffer).catch(() => null)) !== null;) {
      received += Array.from(buffer.subarray(0, count), (byte) => String.fromCharCode(byte)).join(
        "",
      );
      await answer(received, reply);
    }
    return received;
  };
  return { received: serve() };
}

for (const headerBytes of [16, 12, 8] as const) {
  Deno.test(`connect --dialect framed --header ${headerBytes} joins this server (R12-R14)`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    await using server = await startServer(world, ["--listen", `unix:${path}`]);
    await using nina = await TestClient.native({ path }, "nina");
    const flags = ["--dialect", "framed", "--header", String(headerBytes), "--stay"];
    await using ana = startProgram(world, ["connect", `unix:${path}`, "ana", ...flags]);
    await ana.stdin.write(new TextEncoder().encode("salut é\n"));
    assertMatch(await nina.lines.match(/salut é/), /"from":"ana"/);
    await ana.stderr.match(/^ko$/);
    await nina.request({ type: "say", text: "bonjour" });
    assertStrictEquals(await ana.stdout.match(/bonjour/), "nina: bonjour");
    server.kill("SIGTERM");
    await ana.stdout.match(/^server: Goodbye: the server stopped$/);
    await exitOf(ana);
    assert(!ana.stdout.seen.some((line) => line.includes("salut")), "one's own words");
  });

  Deno.test(`connect --dialect framed --header ${headerBytes} sends exactly the sheet's bytes`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/foreign`;
    const layout = { headerBytes, littleEndian: true };
    const expected = [frame(layout, 0, "ana"), frame(layout, 1, "un"), frame(layout, 1, "deux")]
      .map((whole) => String.fromCharCode(...whole)).join("");
    const { received } = foreignServer(path, async (so, reply) => {
      // As a student's server: ok, a broadcast in its own frame, and text without any.
      if (so === expected) await reply("okok");
      if (so === expected) await reply(frame(layout, 1, "zoe: salut"));
      if (so === expected) await reply("bienvenue");
    });
    const flags = ["--dialect", "framed", "--header", String(headerBytes)];
    const { code, stdout, stderr } = await runProgram(
      world,
      ["connect", `unix:${path}`, "ana", ...flags],
      "un\ndeux\n",
    );
    assertStrictEquals(code, 0, stderr);
    assertStrictEquals(await received, expected);
    assertStrictEquals(stdout, "zoe: salut\n");
    assertEquals(stderr.trim().split("\n").slice(1), ["ko", "ko", "bienvenue"]);
  });
}

Deno.test("connect --dialect etx joins this server and says q when it leaves (R57, R67)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const args = ["connect", "127.0.0.1", String(server.port), "ana", "--dialect", "etx"];
  const { code, stdout, stderr } = await runProgram(world, args, "b salut\nlist\nhelp me\nw\n");
  assertStrictEquals(code, 0, stderr);
  assertMatch(await nina.lines.match(/salut/), /"from":"ana"/);
  assertStrictEquals(await nina.lines.match(/"left"/), '{"type":"left","name":"ana"}');
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.slice(0, 2), ["1 nina", "2 ana"]);
  assert(lines.includes("  q            leave the chat"), stdout);
});

Deno.test("connect --dialect etx sends what is typed untouched and ends at EOT (R64, R65)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/foreign`;
  let welcomed = false;
  const { received } = foreignServer(path, async (so, reply) => {
    // What follows may come in the same read.
    if (!welcomed && so.startsWith("hello ana\n")) await reply("7 ana\n");
    welcomed = true;
    // EOT, and the socket stays open: the client closes it (R64).
    if (so.endsWith("end\n")) await reply("zoe: au revoir\x03bye\x03\x04");
  });
  const args = ["connect", `unix:${path}`, "ana", "--dialect", "etx", "--stay"];
  const { code, stdout, stderr } = await runProgram(world, args, " hippo  x\ns zoe  @a #b\nend\n");
  assertStrictEquals(code, 0, stderr);
  assertStrictEquals(await received, "hello ana\n hippo  x\ns zoe  @a #b\nend\n");
  assertStrictEquals(stdout, "zoe: au revoir\nbye\n");
  assertMatch(stderr, /You are ana, number 7/);
});

Deno.test("connect in every dialect shows what an etx client says", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using etta = await ByteClient.connect(server);
  await etta.send("hello etta\n");
  await etta.match("1 etta\n");
  for (const dialect of ["native", "framed", "usermsg", "etx", "plain"]) {
    const place = ["127.0.0.1", String(server.port)];
    await using ear = startProgram(world, ["connect", ...place, dialect, "--dialect", dialect]);
    await server.stdout.match(new RegExp(`^${dialect} joined`));
    await etta.send(`b for ${dialect}\n`);
    // It follows the messages to the others, which plain shows with their time.
    const received = await ear.stdout.match(new RegExp(`for ${dialect}$`));
    assertStrictEquals(received, `etta: for ${dialect}`);
    await ear.stdin.write(new TextEncoder().encode(dialect === "etx" ? "b yes\n" : "yes\n"));
    await etta.match(`${dialect}: yes\n\x03`);
    await ear.stdin.close();
    assertStrictEquals((await exitOf(ear)).code, 0, dialect);
  }
});
