// Three clients of three dialects on one port.

import assert from "node:assert/strict";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";

Deno.test("serve lets plain, usermsg and native see what the others say, by name", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);

  await nina.request({ type: "say", text: "from nina", ref: 1 });
  assert.equal(await tom.lines.match(/from nina/), "nina: from nina");
  assert.equal(await ulla.lines.match(/from nina/), "MSG nina from nina");

  await tom.send("from tom\r\n");
  assert.equal(JSON.parse(await nina.lines.match(/from tom/)).from, "tom");
  assert.equal(await ulla.lines.match(/from tom/), "MSG tom from tom");

  await ulla.send("MSG from ulla\n");
  assert.equal(JSON.parse(await nina.lines.match(/from ulla/)).from, "ulla");
  assert.equal(await tom.lines.match(/from ulla/), "ulla: from ulla");

  assert.equal(await server.stdout.match(/from nina/), "nina: from nina");
  assert.equal(await server.stdout.match(/from tom/), "tom: from tom");
  assert.equal(await server.stdout.match(/from ulla/), "ulla: from ulla");
});

Deno.test("serve gives @name to that person alone, across dialects", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using ulla = await TestClient.usermsg(server, "ulla", nina);

  await tom.send("@ulla only for you\n");
  assert.equal(await ulla.lines.match(/only/), "MSG tom [private] only for you");
  assert.equal(await tom.lines.match(/sent to/), "-- sent to ulla");
  assert.ok(!(await nina.barrier()).some((line) => line.includes("only for you")));

  await nina.request({ type: "say", to: "@tom", text: "psst", ref: "x" });
  assert.equal(await tom.lines.match(/psst/), "nina (private): psst");
  const own = await nina.events();
  assert.deepEqual(own.map((event) => event["type"]), ["message", "ack"]);
  assert.ok(!server.stdout.seen.some((line) => line.includes("psst")));
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
  assert.ok(median < 100, `median ${median} ms`);
});

Deno.test("serve shows who comes and goes, and answers /list and who", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const tom = await TestClient.plain(server, "tom");
  assert.match(await nina.lines.match(/joined/), /"name":"tom"/);
  await tom.send("/list\n");
  assert.equal(await tom.lines.match(/here:/), "-- 2 people are here: nina, tom");
  await nina.request({ type: "who", ref: 9 });
  const who = JSON.parse(await nina.lines.match(/"type":"who"/));
  assert.deepEqual(who.users.map((user: { name: string }) => user.name), ["nina", "tom"]);
  await tom[Symbol.asyncDispose]();
  const left = JSON.parse(await nina.lines.match(/"type":"left"/));
  assert.equal(left.name, "tom");
});

Deno.test("serve carries groups and renames across dialects", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.plain(server, "tom");
  await using zoe = await TestClient.plain(server, "zoe");
  await tom.send("/join cooks\n");
  assert.equal(await tom.lines.match(/cooks/), "-- You joined #cooks: @cooks TEXT writes to it");
  await nina.request({ type: "join", group: "cooks" });
  assert.equal(await tom.lines.match(/nina joined/), "-- nina joined #cooks");
  await tom.send("@cooks soup\n");
  assert.equal(JSON.parse(await nina.lines.match(/soup/)).to, "#cooks");
  assert.ok(!(await zoe.plainBarrier()).some((line) => line.includes("soup")));
  await tom.send("/name thomas\n");
  assert.equal(await zoe.lines.match(/is now/), "-- tom is now thomas");
  await zoe.send("/name Thomas\n");
  assert.match(await zoe.lines.match(/taken/), /^-! /);
});
