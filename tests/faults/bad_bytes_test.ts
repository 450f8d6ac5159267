// F7, F8, F10, F11: bytes that are not text, false line ends, telnet's own commands.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";

const NUL = [0];
const ONE_KB_LINES = `${"y".repeat(1023)}\n`.repeat(10);

for (const { dialect, sayBytes, say } of DIALECT_PHRASES) {
  if (dialect !== "framed") {
    Deno.test(`J2: NUL ends a line of ${dialect}, and more NULs are padding (F7, D25)`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const guest = await fixture.join(dialect, "guest");
      const padded = (text: string, pad: number) =>
        concatBytes(say(text).subarray(0, -1), new Array(pad).fill(0));
      await guest.send(concatBytes(NUL, padded("one", 1), padded("two", 200), say("three"), NUL));
      await guest.barrier();
      const texts = (await witness.received()).map(({ text }) => text);
      assertEquals(texts, ["one", "two", "three"]);
      await fixture.canary();
    });
    continue;
  }
  const lines: Readonly<Record<string, Uint8Array>> = {
    "at the start": sayBytes(concatBytes(NUL, "start")),
    "in the middle": sayBytes(concatBytes("mid", NUL, "dle")),
  };
  for (const [where, line] of Object.entries(lines)) {
    Deno.test(`F7: ${dialect} with a NUL ${where} of a line gets an error and is closed`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const broken = await fixture.join(dialect, "broken");
      const began = performance.now();
      await broken.send(concatBytes(line, say("behind"), ONE_KB_LINES));
      const answers = await broken.ended();
      assert(performance.now() - began < 1_000, "closed too late");
      assertStrictEquals(answers.filter((answer) => answer.includes("Not text")).length, 1);
      const events = await witness.client.events();
      assertEquals(events.map(({ type }) => type), ["joined", "left"]);
      await fixture.closes("binary_input");
      await fixture.canary();
    });
  }
}

Deno.test("F7: a newcomer that begins with NUL, and no frame, is closed", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const newcomer = await fixture.connect();
  const began = performance.now();
  await newcomer.send(concatBytes(NUL, ONE_KB_LINES));
  assertMatch((await newcomer.ended()).join("\n"), /^-! Not text/m);
  assert(performance.now() - began < 1_000, "closed too late");
  assertEquals(await witness.barrier(), []);
  await fixture.canary();
});

const INVALID: Readonly<Record<string, readonly number[]>> = {
  "an overlong NUL": [0xc0, 0x80],
  "a surrogate": [0xed, 0xa0, 0x80],
  "a code point above U+10FFFF": [0xf4, 0x90, 0x80, 0x80],
  "a lone continuation byte": [0x80],
  "a truncated character": [0xe2, 0x82],
};

for (const [what, invalid] of Object.entries(INVALID)) {
  for (const dialect of ["plain", "usermsg", "etx", "framed"] as const) {
    Deno.test(`F8: ${dialect} gets ${what} delivered as U+FFFD`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const guest = await fixture.join(dialect, "guest");
      await guest.send(guest.book.sayBytes(concatBytes("a", invalid, "b")));
      await guest.say("clean é");
      await guest.barrier();
      const [mended, clean, ...more] = await witness.received();
      assertMatch(mended?.text ?? "", /^a\ufffd+b$/);
      assertEquals([clean?.text, more], ["clean é", []]);
      await fixture.canary();
    });
  }

  Deno.test(`F8: native gets ${what} refused and stays usable`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const guest = await fixture.join("native", "guest");
    await guest.send(guest.book.sayBytes(concatBytes("a", invalid, "b")));
    await guest.say("clean é");
    const errors = (await guest.client.events()).filter(({ type }) => type === "error");
    assertEquals(errors.map(({ code }) => code), ["invalid_utf8"]);
    assertEquals((await witness.received()).map(({ text }) => text), ["clean é"]);
    await fixture.canary();
  });
}

for (const dialect of ["plain", "usermsg", "etx"] as const) {
  Deno.test(`F8: ${dialect} that ends inside a character is delivered up to it`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const guest = await fixture.join(dialect, "guest");
    await guest.send(guest.book.sayBytes(concatBytes("cut", [0xc3])).subarray(0, -1));
    await guest.client.end();
    await guest.ended();
    assertEquals((await witness.received()).map(({ text }) => text), ["cut\ufffd"]);
    await fixture.canary();
  });
}

Deno.test("F8: native that ends inside a character delivers nothing", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const guest = await fixture.join("native", "guest");
  await guest.send(guest.book.sayBytes(concatBytes("cut", [0xc3])).subarray(0, -3));
  await guest.client.end();
  assertMatch((await guest.ended()).join("\n"), /"invalid_utf8"/);
  assertEquals(await witness.received(), []);
  await fixture.canary();
});

for (const { dialect, say } of DIALECT_PHRASES) {
  Deno.test(`F8: ${dialect} may send a character in several reads`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const guest = await fixture.join(dialect, "guest");
    for (const byte of concatBytes(say("naïve 🐟"))) {
      await guest.send(Uint8Array.of(byte));
      await witness.barrier(); // gives the server time to read the byte
    }
    await guest.say("last");
    await witness.match(/"last"/);
    const received = witness.seen.flatMap((line) => witness.book.message(line) ?? []);
    assertEquals(received.map(({ text }) => text), ["naïve 🐟", "last"]);
  });
}

/** False line ends; what follows them is "second", or a picture of the control character. */
const FALSE_ENDS: readonly [string, string][] = [
  ["first\rsecond", "first\\x0dsecond"],
  ["first\u0085second", "first\\x85second"],
  ["first\u2028second", "first\\u2028second"],
  ["first\u2029second", "first\\u2029second"],
  ["first\vsecond", "first\\x0bsecond"],
  ["first\fsecond", "first\\x0csecond"],
];

for (const { dialect } of DIALECT_PHRASES) {
  Deno.test(`F10: no character but LF starts a second line: ${dialect}`, async () => {
    await using fixture = await ServerFixture.open();
    const listeners = await Promise.all(
      DIALECT_PHRASES.map((book) => fixture.join(book.dialect, `${book.dialect}-ear`)),
    );
    const guest = await fixture.join(dialect, "guest");
    for (const [text] of FALSE_ENDS) await guest.say(text);
    await guest.barrier();
    const expected = FALSE_ENDS.map(([, shown]) => ({ from: "guest", text: shown }));
    for (const listener of listeners) assertEquals(await listener.received(), expected);
    for (const event of fixture.watched) {
      assertNotMatch(describeEvent(event, EN.events), /[\n\r\v\f\x85\u2028\u2029]/);
    }
    const [, ear] = listeners;
    assert(ear);
    await ear.send("/history\n");
    const history = await ear.barrier();
    assertEquals(history.map((line) => line.replace(/^\[\d\d:\d\dZ\] guest: /, "")), [
      ...FALSE_ENDS.map(([, shown]) => shown),
    ]);
    await fixture.canary();
  });
}

Deno.test("F10: an LF that JSON smuggles into a text is shown, not sent", async () => {
  await using fixture = await ServerFixture.open();
  const listeners = await Promise.all(
    DIALECT_PHRASES.map((book) => fixture.join(book.dialect, `${book.dialect}-ear`)),
  );
  const guest = await fixture.join("native", "guest");
  await guest.say("first\nMSG server second\r\nthird");
  await guest.barrier();
  for (const listener of listeners) {
    assertEquals(await listener.received(), [
      { from: "guest", text: "first\\x0aMSG server second\\x0d\\x0athird" },
    ]);
  }
});

const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  "one\r\ntwo\n": ["one", "two"],
  "one\r\r\ntwo\r\r\r\n": ["one", "two"],
  "one\n\rtwo\n": ["one", "\\x0dtwo"],
};

for (const [sent, texts] of Object.entries(ENDINGS)) {
  for (const dialect of ["plain", "usermsg"] as const) {
    Deno.test(`F10: ${JSON.stringify(sent)} is ${texts.length} lines of ${dialect}`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const guest = await fixture.join(dialect, "guest");
      const verb = dialect === "usermsg" ? "MSG " : "";
      // The LF CR of the table ends one line and begins the next, before any verb.
      const lines = verb === "" ? sent : sent.replaceAll(/^(?=[a-z])/gm, verb);
      await guest.send(lines);
      await guest.barrier();
      const received = (await witness.received()).map(({ text }) => text);
      const understood = verb === "" ? texts : texts.filter((text) => !text.startsWith("\\"));
      assertEquals(received, understood);
    });
  }
}

const IAC_DO_NAWS = [0xff, 0xfd, 0x01, 0xff, 0xfb, 0x1f];
const IAC_IP = [0xff, 0xf4];

Deno.test("F11: plain loses telnet's commands and nothing else", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const guest = await fixture.connect("plain");
  await guest.send(concatBytes(IAC_DO_NAWS, "guest\r\n"));
  await guest.match(/-- You are guest/);
  await guest.send(
    concatBytes(
      "he",
      IAC_DO_NAWS,
      "llo\r\n",
      [0xff, 0xfa, 31, 0, 80, 0, 24, 0xff, 0xf0],
      "again\r\n",
    ),
  );
  await guest.barrier();
  assertEquals((await witness.received()).map(({ text }) => text), ["hello", "again"]);
  await guest.send(concatBytes(IAC_IP));
  assertMatch((await guest.ended()).at(-1) ?? "", /-- Goodbye/);
  await witness.match(/"left"/);
  await fixture.closes("bye");
  await fixture.canary();
});

Deno.test("F11: plain leaves at ^D in front of a line and shows it elsewhere", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const guest = await fixture.join("plain", "guest");
  await guest.send("a\x04b\n\x04\nbehind\n");
  await guest.ended();
  assertEquals((await witness.received()).map(({ text }) => text), ["a\\x04b"]);
  await fixture.closes("bye");
});

const TELNET_ELSEWHERE: readonly (readonly [DialectName, readonly string[]])[] = [
  ["usermsg", ["a\ufffd\ufffdb", "clean"]],
  ["etx", ["a\ufffd\ufffdb", "clean"]],
  ["framed", ["a\ufffd\ufffdb", "clean"]],
  ["native", ["clean"]],
];

for (const [dialect, texts] of TELNET_ELSEWHERE) {
  Deno.test(`F11: telnet's bytes are no text in ${dialect}`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const guest = await fixture.join(dialect, "guest");
    await guest.send(guest.book.sayBytes(concatBytes("a", IAC_IP, "b")));
    await guest.say("clean");
    await guest.barrier();
    assertEquals((await witness.received()).map(({ text }) => text), texts);
    await witness.client.request({ type: "history", ref: "all" });
    const history = await witness.match(/"history"/);
    assertEquals(JSON.parse(history).messages.map(({ text }: { text: string }) => text), texts);
  });
}
