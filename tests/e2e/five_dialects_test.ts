// Programs written for every sheet on one server: all dialects and all layouts of framed talk to each
// other, over TCP and over a Unix socket.

import assert from "node:assert/strict";
import { frame, type Layout, LAYOUTS } from "../../protocol/frames.ts";
import { ByteClient } from "../byte_client.ts";
import type { Place } from "../client.ts";
import { exitOf, makeWorld, type RunningServer, startServer, type World } from "../harness.ts";

/** What somebody sends and what others must receive, as bytes. */
interface Speech {
  readonly name: string;
  hello(name: string, place: Place): string | Uint8Array;
  say(text: string): string | Uint8Array;
  /** What comes when `from` says `text`, in pieces that follow each other. */
  heard(from: string, text: string): readonly (string | Uint8Array)[];
}

const TEXT: readonly Speech[] = [
  {
    name: "nina",
    hello: (name) => JSON.stringify({ type: "hello", name }) + "\n",
    say: (text) => JSON.stringify({ type: "say", text }) + "\n",
    heard: (from, text) => [`"from":"${from}"`, `"text":"${text}"`],
  },
  {
    name: "ulla",
    hello: (name) => `USER ${name}\n`,
    say: (text) => `MSG ${text}\n`,
    heard: (from, text) => [`MSG ${from} ${text}\n`],
  },
  {
    name: "tom",
    // Nobody is asked for a name on a Unix socket (D3).
    hello: (name, place) => "path" in place ? `/name ${name}\n` : `${name}\n`,
    say: (text) => `${text}\n`,
    heard: (from, text) => [`${from}: ${text}\n`],
  },
  {
    name: "etta",
    hello: (name) => `hello ${name}\n`,
    say: (text) => `b ${text}\n`,
    heard: (from, text) => [`${from}: ${text}\x03`],
  },
];

function framedSpeech(layout: Layout): Speech {
  return {
    name: `frida${layout.headerBytes}${layout.littleEndian ? "le" : "be"}`,
    hello: (name) => frame(layout, 0, name),
    say: (text) => frame(layout, 1, text),
    heard: (from, text) => [frame(layout, 1, `${from}: ${text}`)],
  };
}

const SPEECHES: readonly Speech[] = [...TEXT, ...LAYOUTS.map(framedSpeech)];

/** A server on both kinds of socket. */
function startBoth(world: World): Promise<RunningServer> {
  const listen = ["--listen", `unix:${world.directory}/soquette`];
  return startServer(world, ["--port", "0", "--host", "127.0.0.1", ...listen]);
}

/** Everybody in the room; `places` are taken in turn. */
async function enter(stack: AsyncDisposableStack, server: RunningServer, places: readonly Place[]) {
  const people: { speech: Speech; client: ByteClient }[] = [];
  for (const [at, speech] of SPEECHES.entries()) {
    const place = places[at % places.length];
    assert.ok(place);
    const client = stack.use(await ByteClient.connect(place));
    await client.send(speech.hello(speech.name, place));
    await server.stdout.match(new RegExp(`^${speech.name} joined|is now ${speech.name}$`));
    people.push({ speech, client });
  }
  return people;
}

for (const where of ["TCP", "a Unix socket", "both"] as const) {
  Deno.test(`serve lets programs for all five sheets talk to each other over ${where}`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using stack = new AsyncDisposableStack();
    const unix = { path: `${world.directory}/soquette` };
    const places = where === "TCP" ? [server] : where === "both" ? [server, unix] : [unix];
    const people = await enter(stack, server, places);
    for (const { speech, client } of people) {
      await client.send(speech.say(`from ${speech.name}, é`));
      for (const other of people) {
        if (other.client === client) continue;
        for (const part of other.speech.heard(speech.name, `from ${speech.name}, é`)) {
          await other.client.match(part);
        }
      }
      assert.equal(
        await server.stdout.match(new RegExp(`from ${speech.name},`)),
        `${speech.name}: from ${speech.name}, é`,
      );
    }
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} says goodbye to etx and framed clients and removes the socket`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using stack = new AsyncDisposableStack();
    const path = `${world.directory}/soquette`;
    const people = await enter(stack, server, [{ path }]);
    server.kill(signal);
    for (const { speech, client } of people) {
      if (speech.name === "etta") {
        await client.match("-- Goodbye: the server stopped\x03\x04");
        assert.equal(await client.ended(), "");
      }
    }
    for (const [at, layout] of LAYOUTS.entries()) {
      const client = people[TEXT.length + at]?.client;
      await client?.match(frame(layout, 1, "server: Goodbye: the server stopped"));
      assert.equal(await client?.ended(), "");
    }
    assert.equal((await exitOf(server)).code, 0);
    assert.throws(() => Deno.lstatSync(path), Deno.errors.NotFound);
  });
}

for (const layout of LAYOUTS) {
  const { name } = framedSpeech(layout);

  Deno.test(`${name} gets its own message as a frame, then ok (R13, R22, D5)`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect({ path: `${world.directory}/soquette` });
    await client.send(frame(layout, 0, name));
    await client.send(frame(layout, 1, "hi"));
    assert.equal(await client.match(frame(layout, 1, `${name}: hi`)), "");
    assert.equal(await client.match("ok"), "");
    await client.end();
    assert.equal(await client.ended(), "");
    await server.stdout.match(new RegExp(`${name} left`));
  });

  Deno.test(`${name} may send a header and its payload one by one, and many at once`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect(server);
    for (const byte of frame(layout, 0, name)) await client.send(Uint8Array.of(byte));
    await server.stdout.match(new RegExp(`^${name} joined`));
    const two = [frame(layout, 1, "one"), frame(layout, 1, "two")];
    await client.send(Uint8Array.from(two.flatMap((whole) => [...whole])));
    assert.equal(await server.stdout.match(/one/), `${name}: one`);
    assert.equal(await server.stdout.match(/two/), `${name}: two`);
  });

  Deno.test(`${name} is told of a length no frame has, then cut off (D2)`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect(server);
    await client.send(frame(layout, 0, name));
    const bad = frame(layout, 1, "x");
    new DataView(bad.buffer).setUint32(layout.headerBytes - 4, 0xffffffff);
    await client.send(bad);
    const why = "server: Bad frame: expected an int 0 or 1, then a length from 1 to 8704";
    assert.equal(await client.match(frame(layout, 1, why)), "");
    await client.match("server: Goodbye: ");
    await client.ended();
    await using next = await ByteClient.connect(server);
    await next.send(frame(layout, 0, "next"));
    await server.stdout.match(/^next joined/);
  });
}

Deno.test("serve turns a client away in its own layout, and an etx client with EOT (D20)", async () => {
  using world = makeWorld();
  await using server = await startServer(world, [
    ...["--port", "0", "--host", "127.0.0.1", "--max-clients", "1"],
  ]);
  await using first = await ByteClient.connect(server);
  await first.send("hello\n");
  await first.match("1 user1\n");
  for (const layout of LAYOUTS) {
    await using client = await ByteClient.connect(server);
    await client.send(frame(layout, 0, "bob"));
    const text = "server: Goodbye: the server is full: 1 clients, try later";
    assert.equal(await client.match(frame(layout, 1, text)), "");
    await client.ended();
  }
  await using client = await ByteClient.connect(server);
  await client.send("hello bob\n");
  await client.match("-- Goodbye: the server is full: 1 clients, try later\x03\x04");
});

Deno.test("serve shows raw text on a Unix socket, with and without a newline (R6, D3)", async () => {
  using world = makeWorld();
  await using server = await startBoth(world);
  for (const text of ["mon premier message", "hello", "hello tous", "bonjour\n"]) {
    await using client = await ByteClient.connect({ path: `${world.directory}/soquette` });
    await client.send(text);
    await client.end();
    assert.equal(
      (await server.stdout.match(/^user\d+: /)).replace(/^user\d+: /, ""),
      text.trim(),
    );
  }
});
