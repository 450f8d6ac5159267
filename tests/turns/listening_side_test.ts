import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { ListeningSide } from "../../turns/listening_side.ts";
import { ByteClient } from "../byte_client.ts";
import { TestClient } from "../test_client.ts";
import { terminalPerson } from "./memory_wires.ts";
import { EN } from "../../texts/en.ts";
import { settledInTime, until } from "../until.ts";

const ALONE = "(waiting for the other side to connect) ";
const HERE = { at: { kind: "tcp", host: "127.0.0.1", port: 0 }, notices: false } as const;

/** A user of two-person mode who listens on a free port. */
async function host(options: { goesFirst?: boolean; rounds?: number } = {}) {
  const { prompt, io } = terminalPerson();
  let interrupts = 0;
  const one = new ListeningSide({
    io,
    texts: EN,
    goesFirst: false,
    rounds: undefined,
    onInterrupt: () => interrupts++,
    ...options,
  });
  assertStrictEquals(await one.listen([HERE]), undefined);
  one.open();
  const at = one.addresses[0]?.at;
  assert(at?.kind === "tcp");
  return {
    host: one,
    port: at.port,
    prompt,
    interrupts: () => interrupts,
    prompted: (text: string) => until(() => prompt.prompt === text, text),
    shows: (text: string) => until(() => prompt.printed.includes(text), text),
    stopped: () => settledInTime(one.stopped, "the end of the host"),
    async [Symbol.asyncDispose]() {
      prompt.press("eof"); // ends the pump that reads what is typed
      await settledInTime(one.stop(), "the end of the host");
    },
  };
}

Deno.test("ListeningSide speaks with one partner after the other, endlessly", async () => {
  await using bob = await host();
  assertStrictEquals(bob.prompt.prompt, ALONE);
  for (const name of ["ana", "eve"]) {
    await using client = await TestClient.connect(bob);
    await client.send(`I am ${name}\n`);
    await bob.shows(`them> I am ${name}`);
    bob.prompt.type(`hello ${name}`);
    assertStrictEquals(await client.lines.next(), `hello ${name}`);
    await client.conn.closeWrite();
    await client.lines.ended();
    await bob.prompted(ALONE);
    assertStrictEquals(bob.prompt.printed.at(-1), "-- The other side has left");
    assertEquals(client.lines.seen, [`hello ${name}`]); // nothing but lines on the wire
    bob.prompt.printed.length = 0;
  }
});

Deno.test("ListeningSide tells a second client in a line that the place is taken, and the dialogue continues", async () => {
  await using bob = await host();
  await using ana = await TestClient.connect(bob);
  await ana.send("hello\n");
  await bob.shows("them> hello");
  await using eve = await TestClient.connect(bob);
  await eve.send("me too\n");
  await eve.lines.ended();
  assertEquals(eve.lines.seen, [EN.turns.busy]);
  await bob.shows("-- Turned away 127.0.0.1: two are talking already");
  bob.prompt.type("hello ana");
  assertStrictEquals(await ana.lines.next(), "hello ana");
  assert(!bob.prompt.text.includes("me too"));
});

Deno.test("ListeningSide gives the place of a client that has ended, and waits for an answer, to the next one", async () => {
  await using bob = await host();
  await using ana = await TestClient.connect(bob);
  await ana.send("one question");
  await ana.conn.closeWrite();
  await bob.shows("-- The other side has sent its last line: one answer may still reach it");
  await using eve = await TestClient.connect(bob);
  await ana.lines.ended();
  await eve.send("my turn\n");
  await bob.shows("them> my turn");
  bob.prompt.type("yes");
  assertStrictEquals(await eve.lines.next(), "yes");
  assertEquals(ana.lines.seen, []);
});

Deno.test("ListeningSide keeps what was typed for one partner from the next", async () => {
  await using bob = await host();
  {
    await using _ana = await TestClient.connect(bob);
    await bob.prompted("(waiting for the other side) ");
    bob.prompt.type("for ana only");
    await bob.shows("-- Held until your turn comes");
  }
  await bob.shows("-! Not sent: for ana only");
  await using eve = await TestClient.connect(bob);
  await eve.send("hello\n");
  await bob.prompted("you> ");
  bob.prompt.type("hello eve");
  assertStrictEquals(await eve.lines.next(), "hello eve");
});

Deno.test("ListeningSide holds what is typed while no client is connected, for the next one", async () => {
  await using bob = await host({ goesFirst: true });
  bob.prompt.type("welcome");
  await bob.shows("-- Held until the other side connects and your turn comes");
  await using ana = await TestClient.connect(bob);
  assertStrictEquals(await ana.lines.next(), "welcome");
});

Deno.test("ListeningSide stops after the given rounds, each a dialogue (R15, D7)", async () => {
  await using bob = await host({ rounds: 2 });
  for (const name of ["ana", "eve"]) {
    await using client = await TestClient.connect(bob);
    await client.send(`${name}\n`);
    await bob.shows(`them> ${name}`);
    bob.prompt.type("hello");
    await client.lines.next();
    await client.conn.closeWrite();
    await client.lines.ended();
  }
  await bob.stopped();
  await bob.shows("-- The 2 rounds are over");
  await assertRejects(() => TestClient.connect(bob));
});

Deno.test("ListeningSide ends after the last client when its input has ended", async () => {
  await using bob = await host();
  await using ana = await ByteClient.connect(bob);
  await ana.send("hello\n");
  await bob.prompted("you> ");
  bob.prompt.press("eof");
  await ana.ended(); // half-closed
  await ana.send("are you there?\n");
  await bob.shows("them> are you there?");
  await ana.end();
  await bob.stopped();
  assertStrictEquals(bob.prompt.state, "closed");
});

Deno.test("ListeningSide ends immediately when its input ends while no client is connected", async () => {
  await using bob = await host();
  bob.prompt.type("for nobody");
  bob.prompt.press("eof");
  await bob.stopped();
  assert(bob.prompt.printed.includes("-! Not sent: for nobody"));
});

Deno.test("ListeningSide.stop() closes the dialogue although the other side stays, and frees the port", async () => {
  await using bob = await host();
  await using ana = await TestClient.connect(bob);
  await ana.send("hello\n");
  await bob.prompted("you> ");
  bob.prompt.press("interrupt");
  await until(() => bob.interrupts() === 1, "the interrupt");
  await settledInTime(bob.host.stop(), "the end");
  await ana.lines.ended();
  const again = Deno.listen({ hostname: "127.0.0.1", port: bob.port });
  again.close();
});

Deno.test("ListeningSide.listen() returns what cannot be bound, and then listens nowhere", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const { io } = terminalPerson();
  const one = new ListeningSide({
    io,
    texts: EN,
    goesFirst: false,
    rounds: undefined,
    onInterrupt: () => {},
  });
  const problem = await one.listen([HERE, { ...HERE, at: { ...HERE.at, port } }]);
  assertMatch(problem?.error ?? "", /^Port \d+ is in use/);
  taken.close();
});

Deno.test("ListeningSide answers a web page with HTTP and shows nothing of it (A2)", async () => {
  await using bob = await host();
  const page = await fetch(`http://127.0.0.1:${bob.port}/`, { method: "POST", body: "forged\n" });
  assertStrictEquals(page.status, 405);
  assertMatch(await page.text(), /This is minichat/);
  await bob.shows("-- Lost the other side: it spoke HTTP, and nothing of it was shown");
  await bob.prompted(ALONE);
  assert(!bob.prompt.printed.some((line) => line.includes("forged")));
});

Deno.test("ListeningSide refuses a request in pieces, and takes other text as it comes (A2)", async () => {
  await using bob = await host();
  {
    await using page = await ByteClient.connect(bob);
    await page.send("POST /x HT");
    await page.send("TP/1.1\r\n\r\nforged\n");
    await page.match("HTTP/1.1 405 ");
    await page.ended();
  }
  await bob.prompted(ALONE);
  await using client = await TestClient.connect(bob);
  await client.send("POST");
  await client.send(" it\n");
  await bob.shows("them> POST it");
});
