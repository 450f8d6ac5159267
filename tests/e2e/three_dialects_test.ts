// Three clients of three dialects on one port.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";

Deno.test("serve lets plain, usermsg and native see what the others say, by name", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);

  await nina.request({ type: "say", text: "from nina", ref: 1 });
  assertStrictEquals(await tom.lines.match(/from nina/), "nina: from nina");
  assertStrictEquals(await ulla.lines.match(/from nina/), "MSG nina from nina");

  await tom.send("from tom\r\n");
  assertStrictEquals(JSON.parse(await nina.lines.match(/from tom/)).from, "tom");
  assertStrictEquals(await ulla.lines.match(/from tom/), "MSG tom from tom");

  await ulla.send("MSG from ulla\n");
  assertStrictEquals(JSON.parse(await nina.lines.match(/from ulla/)).from, "ulla");
  assertStrictEquals(await tom.lines.match(/from ulla/), "ulla: from ulla");

  assertStrictEquals(await server.stdout.match(/from nina/), "nina: from nina");
  assertStrictEquals(await server.stdout.match(/from tom/), "tom: from tom");
  assertStrictEquals(await server.stdout.match(/from ulla/), "ulla: from ulla");
});

Deno.test("serve gives @name to that person alone, across dialects", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);

  await tom.send("@ulla only for you\n");
  assertStrictEquals(await ulla.lines.match(/only/), "MSG tom [private] only for you");
  assertStrictEquals(await tom.lines.match(/sent to/), "-- sent to ulla");
  assert(!(await nina.barrier()).some((line) => line.includes("only for you")));

  await nina.request({ type: "say", to: "@tom", text: "psst", ref: "x" });
  assertStrictEquals(await tom.lines.match(/psst/), "nina (private): psst");
  const own = await nina.events();
  assertEquals(own.map((event) => event["type"]), ["message", "ack"]);
  assert(!server.stdout.seen.some((line) => line.includes("psst")));
});

Deno.test("serve delivers a message to the other dialects within 100 ms", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);
  const tookMs: number[] = [];
  for (let round = 0; round < 21; round++) {
    const text = `round-${round}.`;
    const began = performance.now();
    await ulla.send(`MSG ${text}\n`);
    await Promise.all([nina.lines.match(new RegExp(text)), tom.lines.match(new RegExp(text))]);
    tookMs.push(performance.now() - began);
  }
  // The median: one round may fall into a pause of a busy machine.
  const median = tookMs.sort((a, b) => a - b)[10] ?? Infinity;
  assert(median < 100, `median ${median} ms`);
});

Deno.test("serve shows who comes and goes, and answers /list and who", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const tom = await TestClient.plain(server, "tom");
  assertMatch(await nina.lines.match(/joined/), /"name":"tom"/);
  await tom.send("/list\n");
  assertStrictEquals(await tom.lines.match(/here:/), "-- 2 people are here: nina, tom");
  await nina.request({ type: "who", ref: 9 });
  const who = JSON.parse(await nina.lines.match(/"type":"who"/));
  assertEquals(who.users.map((user: { name: string }) => user.name), ["nina", "tom"]);
  await tom[Symbol.asyncDispose]();
  const left = JSON.parse(await nina.lines.match(/"type":"left"/));
  assertStrictEquals(left.name, "tom");
});

Deno.test("serve carries groups and renames across dialects", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using zoe = await TestClient.plain(server, "zoe");
  await tom.send("/join cooks\n");
  assertStrictEquals(
    await tom.lines.match(/cooks/),
    "-- You joined #cooks: @cooks TEXT writes to it",
  );
  await nina.request({ type: "join", group: "cooks" });
  assertStrictEquals(await tom.lines.match(/nina joined/), "-- nina joined #cooks");
  await tom.send("@cooks soup\n");
  assertStrictEquals(JSON.parse(await nina.lines.match(/soup/)).to, "#cooks");
  assert(!(await zoe.plainBarrier()).some((line) => line.includes("soup")));
  await tom.send("/name thomas\n");
  assertStrictEquals(await zoe.lines.match(/is now/), "-- tom is now thomas");
  await zoe.send("/name Thomas\n");
  assertMatch(await zoe.lines.match(/taken/), /^-! /);
});
