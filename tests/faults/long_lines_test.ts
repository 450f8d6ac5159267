// F5: lines of the longest length and longer ones, with and without a newline.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NATIVE_LINE_BYTES,
  MAX_TEXT_LINE_BYTES,
} from "../../protocol/limits.ts";
import { concatBytes, DIALECT_PHRASES, type DialectPhrases } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const CAPS: Readonly<Record<string, number>> = {
  native: MAX_NATIVE_LINE_BYTES,
  plain: MAX_TEXT_LINE_BYTES,
  usermsg: MAX_TEXT_LINE_BYTES,
  etx: MAX_TEXT_LINE_BYTES,
};

/** A line of `length` bytes, without its ending, that sends a text. */
function sayingLine({ sayBytes }: DialectPhrases, length: number): Uint8Array {
  const around = sayBytes(new Uint8Array(0)).length - 1;
  return sayBytes(concatBytes("x".repeat(length - around))).subarray(0, -1);
}

/** Fails unless all that a client received are one refusal that names the limit, and the close. */
function assertRefusedAsTooLong(lines: readonly string[], cap: number): void {
  const refusals = lines.filter((line) => line.includes(`Line too long: at most ${cap} bytes`));
  assertStrictEquals(refusals.length, 1, lines.map((line) => line.slice(0, 200)).join("\n"));
}

for (const book of DIALECT_PHRASES) {
  const { dialect } = book;
  const cap = CAPS[dialect];
  if (cap === undefined) continue;

  for (const ending of ["\n", "\r\n"]) {
    const shown = JSON.stringify(ending);
    Deno.test(`F5: ${dialect} may send lines up to the cap that end in ${shown}`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const writer = await fixture.join(dialect, "writer");
      for (const length of [cap - 1, cap]) {
        await writer.send(concatBytes(sayingLine(book, length), ending));
        assertMatch((await writer.barrier()).join("\n"), /Not sent: at most \d+ bytes a message/);
      }
      await writer.say("still here");
      assertEquals(await witness.received(), [{ from: "writer", text: "still here" }]);
      await fixture.canary();
    });

    Deno.test(`F5: ${dialect} is closed at cap + 1 with ${shown}`, async () => {
      await using fixture = await ServerFixture.open();
      const witness = await fixture.join("native", "witness");
      const writer = await fixture.join(dialect, "writer");
      await writer.send(concatBytes(sayingLine(book, cap + 1), ending, book.say("behind it")));
      assertRefusedAsTooLong(await writer.ended(), cap);
      assertEquals(await witness.received(), []);
      assertStrictEquals(fixture.isHere("writer"), false);
      await fixture.closes("line_too_long");
      await fixture.canary();
    });
  }

  Deno.test(`F5: ${dialect} is closed after 128 KiB without a newline`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const writer = await fixture.join(dialect, "writer");
    await writer.send(sayingLine(book, 128 * 1024));
    assertRefusedAsTooLong(await writer.ended(), cap);
    assertEquals(await witness.received(), []);
    await fixture.canary();
  });

  Deno.test(`F5: ${dialect} cannot keep a connection by sending 10 MB without a newline`, async () => {
    await using fixture = await ServerFixture.open();
    const writer = await fixture.join(dialect, "writer");
    const part = concatBytes("x".repeat(128 * 1024));
    let sent = 0;
    try {
      for (; sent < 10_000_000; sent += part.length) await writer.send(part);
    } catch {
      // closed by the server, as expected
    }
    assertRefusedAsTooLong(await writer.ended(), cap);
    await until(() => fixture.server.sessions.size === 0, "the connection was gone");
    await fixture.closes("line_too_long");
    await fixture.canary();
  });
}

for (const { dialect } of DIALECT_PHRASES) {
  Deno.test(`F5: ${dialect} delivers ${MAX_MESSAGE_BYTES} bytes of text and not one more`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const writer = await fixture.join(dialect, "writer");
    const longest = "é".repeat(MAX_MESSAGE_BYTES / 2);
    await writer.say(longest);
    await writer.say(longest + "x");
    const refusals = (await writer.barrier()).filter((line) => line.includes("Not sent: at most"));
    assertStrictEquals(refusals.length, 1);
    assertEquals(await witness.received(), [{ from: "writer", text: longest }]);
    await fixture.canary();
  });
}

Deno.test("F5: framed may send frames up to the cap, and is closed at one byte more", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  for (const end of ["", "one byte at a time"]) {
    const writer = await fixture.join("framed", "writer");
    for (const length of [MAX_FRAME_BYTES - 1, MAX_FRAME_BYTES]) {
      await writer.say("x".repeat(length));
      assertMatch((await writer.barrier()).join("\n"), /Not sent: at most \d+ bytes a message/);
    }
    await writer.say("still here");
    assertEquals(await witness.received(), [{ from: "writer", text: "still here" }]);
    const long = concatBytes(
      writer.book.say("x".repeat(MAX_FRAME_BYTES + 1)),
      writer.book.say("behind"),
    );
    if (end === "") await writer.send(long);
    else for (const byte of long.subarray(0, 16)) await writer.send(Uint8Array.of(byte));
    const refusals = (await writer.ended()).filter((line) => line.includes("Bad frame"));
    assertStrictEquals(refusals.length, 1);
    assertEquals(await witness.received(), []);
  }
  await fixture.closes("bad_frame", 2);
  await fixture.canary();
});

/** First lines, without a newline, for which several dialects remain possible. */
const BEGINNINGS = ["USER ", "hello ", "{", "x", "GET ", "@all ", "/name "];

for (const beginning of BEGINNINGS) {
  Deno.test(`F5: a first line without end that begins with "${beginning}" is closed`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const newcomer = await fixture.connect();
    await newcomer.send(beginning + "x".repeat(128 * 1024));
    const lines = await newcomer.ended();
    assertStrictEquals(lines.filter((line) => line.includes("Line too long: at most")).length, 1);
    assertEquals(await witness.barrier(), []);
    await fixture.closes("line_too_long");
    await fixture.canary();
  });
}
