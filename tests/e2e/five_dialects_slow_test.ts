// A client of every sheet on one server: all dialects and all layouts of framed exchange messages,
// over TCP and over a Unix socket.

import { assert, assertStrictEquals, assertThrows } from "@std/assert";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { type Layout, LAYOUTS } from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { ByteClient } from "../byte_client.ts";
import type { TestAddress } from "../test_client.ts";
import { exitOf, makeWorld, type RunningServer, startServer, type World } from "../harness.ts";
import { type DialectPhrases, framedPhrases, phrasesOf } from "../dialect_phrases.ts";

/** The names of clients, and the dialect of each. */
type NamedClients = readonly (readonly [name: string, phrases: DialectPhrases])[];

const TEXT_DIALECTS: NamedClients = [
  ["nina", phrasesOf("native")],
  ["ulla", phrasesOf("usermsg")],
  ["tom", phrasesOf("plain")],
  ["etta", phrasesOf("etx")],
];

function nameFor({ headerBytes, littleEndian }: Layout): string {
  return `frida${headerBytes}${littleEndian ? "le" : "be"}`;
}

const EVERY_LAYOUT: NamedClients = [
  ...TEXT_DIALECTS,
  ...LAYOUTS.map((layout) => [nameFor(layout), framedPhrases(layout)] as const),
];

/** A server on both kinds of socket. */
function startBoth(world: World): Promise<RunningServer> {
  const listen = ["--listen", `unix:${world.directory}/soquette`];
  return startServer(world, ["--port", "0", "--host", "127.0.0.1", ...listen]);
}

/** A client that has registered. */
interface Person {
  readonly name: string;
  readonly phrases: DialectPhrases;
  readonly client: ByteClient;
}

/** Connects and registers all of the clients, at the `places` in turn. */
async function enter(
  stack: AsyncDisposableStack,
  server: RunningServer,
  { clients, places }: { clients: NamedClients; places: readonly TestAddress[] },
): Promise<Person[]> {
  const people: Person[] = [];
  for (const [at, [name, phrases]] of clients.entries()) {
    const place = places[at % places.length];
    assert(place);
    const client = stack.use(await ByteClient.connect(place));
    await client.send(phrases.hello(name, place));
    await server.stdout.match(new RegExp(`^${name} joined|is now ${name}$`));
    people.push({ name, phrases, client });
  }
  return people;
}

/** Waits for the parts in order; returns all that was received between them. */
async function receives({ client }: Person, parts: readonly (string | Uint8Array)[]) {
  let before = "";
  for (const part of parts) before += await client.match(part);
  return before;
}

for (const where of ["TCP", "a Unix socket", "both"] as const) {
  Deno.test(`serve lets programs for all five sheets talk to each other over ${where}`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using stack = new AsyncDisposableStack();
    const unix = { path: `${world.directory}/soquette` };
    const places = where === "TCP" ? [server] : where === "both" ? [server, unix] : [unix];
    const people = await enter(stack, server, { clients: EVERY_LAYOUT, places });
    for (const { name, phrases, client } of people) {
      const text = `from ${name}, é`;
      await client.send(phrases.say(text));
      for (const other of people) {
        if (other.client !== client) await receives(other, other.phrases.received(name, text));
      }
      assertStrictEquals(
        await server.stdout.match(new RegExp(`from ${name},`)),
        `${name}: ${text}`,
      );
    }
  });
}

/** Texts that arrive unchanged. */
const TEXTS = [
  "é 🐟 日本語 עברית",
  "  two spaces before,  between and behind  ",
  "looks: like\tmore than it is",
  "é".repeat(MAX_MESSAGE_BYTES / 2),
  "🐟".repeat(MAX_MESSAGE_BYTES / 4),
];

for (const from of DIALECT_NAMES) {
  const clients: NamedClients = [
    ["speaker", phrasesOf(from)],
    ...DIALECT_NAMES.map((to) => [`to-${to}`, phrasesOf(to)] as const),
  ];
  const whom = `to ${DIALECT_NAMES.join(", ")}`;

  Deno.test(`from ${from} ${whom}: every text with the speaker's name`, async () => {
    using world = makeWorld();
    await using server = await startServer(world);
    await using stack = new AsyncDisposableStack();
    const [speaker, ...others] = await enter(stack, server, { clients, places: [server] });
    assert(speaker);
    const { client, phrases } = speaker;
    for (const text of TEXTS) {
      await client.send(phrases.say(text));
      const carried = phrases.carries?.(text) ?? text;
      for (const other of others) await receives(other, other.phrases.received("speaker", carried));
    }
  });

  const { sayTo, groups } = phrasesOf(from);

  if (sayTo !== undefined) {
    Deno.test(`from ${from} ${whom}: a private message, to one alone`, async () => {
      using world = makeWorld();
      await using server = await startServer(world);
      await using stack = new AsyncDisposableStack();
      const [speaker, ...others] = await enter(stack, server, { clients, places: [server] });
      assert(speaker);
      for (const one of others) {
        await speaker.client.send(sayTo(one.name, "a secret é"));
        await speaker.client.send(speaker.phrases.say(`after ${one.name}`));
        await receives(one, one.phrases.receivedPrivately("speaker", "a secret é"));
        for (const other of others) {
          const before = await receives(
            other,
            other.phrases.received("speaker", `after ${one.name}`),
          );
          assert(!before.includes("a secret"), other.name);
        }
      }
    });
  }

  if (groups !== undefined) {
    Deno.test(`from ${from} to a group: to its members of every dialect, and to no others`, async () => {
      using world = makeWorld();
      await using server = await startServer(world);
      await using stack = new AsyncDisposableStack();
      const [speaker, ...others] = await enter(stack, server, { clients, places: [server] });
      assert(speaker);
      for (const { phrases, client } of [speaker, ...others]) {
        if (phrases.groups === undefined) continue;
        await client.send(phrases.groups.join("cooks"));
        await client.match("cooks");
      }
      await speaker.client.send(groups.say("cooks", "soup é"));
      await speaker.client.send(speaker.phrases.say("after it"));
      for (const other of others) {
        const inGroup = other.phrases.groups?.received("speaker", "cooks", "soup é");
        if (inGroup !== undefined) await receives(other, inGroup);
        const before = await receives(other, other.phrases.received("speaker", "after it"));
        assert(!before.includes("soup"), other.name);
      }
    });
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} says goodbye to etx and framed clients and removes the socket`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using stack = new AsyncDisposableStack();
    const path = `${world.directory}/soquette`;
    const people = await enter(stack, server, { clients: EVERY_LAYOUT, places: [{ path }] });
    server.kill(signal);
    for (const { name, client } of people) {
      if (name === "etta") {
        await client.match("-- Goodbye: the server stopped\n\x03\x04");
        assertStrictEquals(await client.ended(), "");
      }
    }
    for (const [at, layout] of LAYOUTS.entries()) {
      const client = people[TEXT_DIALECTS.length + at]?.client;
      await client?.match(frame(layout, 1, "server: Goodbye: the server stopped"));
      assertStrictEquals(await client?.ended(), "");
    }
    assertStrictEquals((await exitOf(server)).code, 0);
    assertThrows(() => Deno.lstatSync(path), Deno.errors.NotFound);
  });
}

for (const layout of LAYOUTS) {
  const name = nameFor(layout);

  Deno.test(`${name} gets its own message as a frame, then ok (R13, R22, D5)`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect({ path: `${world.directory}/soquette` });
    await client.send(frame(layout, 0, name));
    await client.send(frame(layout, 1, "hi"));
    assertStrictEquals(await client.match(frame(layout, 1, `${name}: hi`)), "");
    assertStrictEquals(await client.match("ok"), "");
    await client.end();
    assertStrictEquals(await client.ended(), "");
    await server.stdout.match(new RegExp(`${name} left`));
  });

  Deno.test(`${name} may send a header and its payload one by one, and many in one write`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect(server);
    for (const byte of frame(layout, 0, name)) await client.send(Uint8Array.of(byte));
    await server.stdout.match(new RegExp(`^${name} joined`));
    const two = [frame(layout, 1, "one"), frame(layout, 1, "two")];
    await client.send(Uint8Array.from(two.flatMap((whole) => [...whole])));
    assertStrictEquals(await server.stdout.match(/one/), `${name}: one`);
    assertStrictEquals(await server.stdout.match(/two/), `${name}: two`);
  });

  Deno.test(`${name} gets an error for a length no frame has, then is disconnected (D2)`, async () => {
    using world = makeWorld();
    await using server = await startBoth(world);
    await using client = await ByteClient.connect(server);
    await client.send(frame(layout, 0, name));
    const bad = frame(layout, 1, "x");
    new DataView(bad.buffer).setUint32(layout.headerBytes - 4, 0xffffffff);
    await client.send(bad);
    const why = "server: Bad frame: expected an int 0 or 1, then a length from 1 to 8704";
    assertStrictEquals(await client.match(frame(layout, 1, why)), "");
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
    assertStrictEquals(await client.match(frame(layout, 1, text)), "");
    await client.ended();
  }
  await using client = await ByteClient.connect(server);
  await client.send("hello bob\n");
  await client.match("-- Goodbye: the server is full: 1 clients, try later\n\x03\x04");
});

Deno.test("serve shows raw text on a Unix socket, with and without a newline (R6, D3)", async () => {
  using world = makeWorld();
  await using server = await startBoth(world);
  for (const text of ["mon premier message", "hello", "hello tous", "bonjour\n"]) {
    await using client = await ByteClient.connect({ path: `${world.directory}/soquette` });
    await client.send(text);
    await client.end();
    assertStrictEquals(
      (await server.stdout.match(/^user\d+: /)).replace(/^user\d+: /, ""),
      text.trim(),
    );
  }
});
