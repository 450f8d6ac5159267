import { assertEquals } from "@std/assert";
import {
  EndlessScanner,
  holdsMessage,
  type Scanner,
  scannerFor,
  type StampListener,
} from "../../load/stamp_scanners.ts";
import { Stamp } from "../../load/stamp.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECTS } from "../../protocol/dialects.ts";
import { frame } from "../../protocol/frames.ts";
import { splits } from "../protocol/splits.ts";

const STAMP = new Stamp("ab12", 30);

function stamp(sender: number, number: number): string {
  const bytes = new Uint8Array(STAMP.bytes);
  STAMP.write(bytes, 0, sender, number);
  return new TextDecoder().decode(bytes);
}

/** Records what a scanner reports, and the bytes it leaves. */
class Recorder implements StampListener {
  readonly reported: string[] = [];

  intact(sender: number, number: number): void {
    this.reported.push(`${sender}:${number}`);
  }

  torn(sender: number, number: number): void {
    this.reported.push(`torn ${sender}:${number}`);
  }
}

/** Feeds `chunks` as a client does: unused bytes are passed again, followed by more. */
function scanAll(scanner: Scanner, chunks: readonly Uint8Array[]): string[] {
  const sink = new Recorder();
  let rest = new Uint8Array(0);
  for (const chunk of chunks) {
    const bytes = Uint8Array.from([...rest, ...chunk]);
    rest = bytes.slice(scanner.scan(bytes, sink));
  }
  return sink.reported;
}

function assertScans(
  dialect: DialectName,
  input: Uint8Array | string,
  expected: readonly string[],
  headerBytes: 16 | 12 | 8 = 16,
): void {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  for (const chunks of splits(bytes)) {
    const scanner = scannerFor(dialect, { stamp: STAMP, headerBytes });
    assertEquals(scanAll(scanner, chunks), expected);
  }
}

function framesOf(headerBytes: 16 | 12 | 8, ...texts: string[]): Uint8Array {
  const layout = { headerBytes, littleEndian: true };
  return Uint8Array.from(texts.flatMap((text) => [...frame(layout, 1, text)]));
}

const native = (text: string) => `{"type":"message","seq":1,"from":"bob","text":"${text}"}\n`;

/** Two messages as each dialect sends them, with other output of a server around them. */
const SAID: Readonly<Record<DialectName, Uint8Array | string>> = {
  native: `{"type":"welcome","id":1}\n${native(stamp(0, 0))}{"type":"ack","seq":1}\n` +
    native("~hi") + native(stamp(3, 65_536)).replace("\n", "\r\n"),
  usermsg: `MSG server hello\nMSG bob ${stamp(0, 0)}\nMSG a ~b~c\nMSG é ${stamp(3, 65_536)}\r\n`,
  etx: `7 ana\n-- bob joined\x03bob: ${stamp(0, 0)}\x031 ana\n2 bob\x03` +
    `bob: ~x\x03<bob> ${stamp(3, 65_536)} !\n\x03`,
  plain: `Welcome\r\n-- You are ana\nbob: ${stamp(0, 0)}\n-- sent to everyone (1)\n` +
    `~\n[12:00] <bob> ${stamp(3, 65_536)} (to all)\r\n`,
  framed: Uint8Array.from([
    ...new TextEncoder().encode("ok"),
    ...framesOf(16, `bob: ${stamp(0, 0)}`, "bob: ~ hello"),
    ...new TextEncoder().encode("okok"),
    ...framesOf(16, `bob: ${stamp(3, 65_536)}\n`),
  ]),
};

for (const { name } of DIALECTS) {
  Deno.test(`scannerFor(${name}) finds the same messages at every split`, () => {
    assertScans(name, SAID[name], ["0:0", "3:65536"]);
  });
}

/** A message cut short by ten bytes in a complete line or frame; then a whole one. */
const CUT: Readonly<Record<DialectName, Uint8Array | string>> = {
  native: native(stamp(1, 5).slice(0, 20)) + native(stamp(1, 6)),
  usermsg: `MSG bob ${stamp(1, 5).slice(0, 20)}\nMSG bob ${stamp(1, 6)}\n`,
  etx: `bob: ${stamp(1, 5).slice(0, 20)}\x03bob: ${stamp(1, 6)}\x03`,
  plain: `bob: ${stamp(1, 5).slice(0, 20)}\nbob: ${stamp(1, 6)}\n`,
  framed: framesOf(16, `bob: ${stamp(1, 5).slice(0, 20)}`, `bob: ${stamp(1, 6)}`),
};

for (const { name } of DIALECTS) {
  Deno.test(`scannerFor(${name}) reports a message that was cut, at every split`, () => {
    assertScans(name, CUT[name], ["torn 1:5", "1:6"]);
  });
}

Deno.test("scannerFor(usermsg) reports two messages in one line, and one without its verb", () => {
  const two = `MSG bob ${stamp(1, 5)}MSG bob ${stamp(1, 6)}\n`;
  assertScans("usermsg", two, ["1:5", "1:6", "torn -1:-1"]);
  assertScans("usermsg", `G bob ${stamp(1, 5)}\n`, ["torn 1:5"]);
  assertScans("usermsg", `MSG bob ${stamp(1, 5)}MSG bo\n`, ["torn 1:5"]);
});

Deno.test("scannerFor(native) reports a line that is no object around its message", () => {
  assertScans("native", `{"text":"${stamp(1, 5)}"\n`, ["torn 1:5"]);
  assertScans("native", `"text":"${stamp(1, 5)}"}\n`, ["torn 1:5"]);
  assertScans("native", `{"text":"${stamp(1, 5)} }\n`, ["torn 1:5"]);
});

for (const headerBytes of [16, 12, 8] as const) {
  Deno.test(`scannerFor(framed) reads headers of ${headerBytes} bytes at every split`, () => {
    const input = framesOf(headerBytes, `bob: ${stamp(1, 5)}`, "hi", `bob: ${stamp(1, 6)}`);
    assertScans("framed", input, ["1:5", "1:6"], headerBytes);
  });
}

Deno.test("scannerFor(framed) takes text without any frame from a server that sends none", () => {
  assertScans("framed", `bob: ${stamp(1, 5)}okbob: ${stamp(1, 6)}`, ["1:5", "1:6"]);
});

Deno.test("scannerFor(framed) reports a message that lost its header among others that have theirs", () => {
  const input = Uint8Array.from([
    ...framesOf(16, `bob: ${stamp(1, 5)}`),
    ...new TextEncoder().encode(`bob: ${stamp(1, 6)}`),
    ...framesOf(16, `bob: ${stamp(1, 7)}`),
  ]);
  assertScans("framed", input, ["1:5", "torn 1:6", "1:7"]);
});

Deno.test("scannerFor(framed) survives lengths that no frame has", () => {
  const huge = new Uint8Array(16).fill(0xff);
  huge.set([1, 0, 0, 0]);
  const input = Uint8Array.from([...huge, ...framesOf(16, `bob: ${stamp(1, 5)}`)]);
  assertScans("framed", input, ["1:5"]);
});

Deno.test("scannerFor() takes a NUL for the end of a line, and more NULs for padding (D25)", () => {
  const [first, second] = [stamp(1, 2), stamp(1, 3)];
  assertScans("usermsg", `MSG a ${first}\0MSG a ${second}\0`, ["1:2", "1:3"]);
  assertScans("usermsg", `MSG a ${first}\n\0MSG a ${second}\n\0\0\0`, ["1:2", "1:3"]);
  assertScans("usermsg", `MSG a ${first}\0\nMSG a ${second}\0\n`, ["1:2", "1:3"]);
  assertScans("usermsg", `\0\0MSG a ${first}\nMSG a ${second}\0`, ["1:2", "1:3"]);
  assertScans("etx", `a: ${first}\n\0a: ${second}\x03`, ["1:2", "1:3"]);
  assertScans("usermsg", `MSG\0 a ${first}\n`, ["torn 1:2"]);
});

Deno.test("Scanner.nulEnds counts the messages that a NUL ended", () => {
  const scanner = scannerFor("usermsg", { stamp: STAMP, headerBytes: 16 });
  const text = `MSG a ${stamp(1, 2)}\0MSG a ${stamp(1, 3)}\n\0MSG a b\0`;
  scanAll(scanner, [new TextEncoder().encode(text)]);
  assertEquals(scanner.nulEnds, 1);
});

Deno.test("EndlessScanner finds messages without an end by their length (D24)", () => {
  const [first, second] = [stamp(1, 2), stamp(1, 3)];
  for (
    const [text, expected] of [
      [`MSG a ${first}MSG a ${second}`, ["1:2", "1:3"]],
      [`welcome ~ here ${first}${second}`, ["1:2", "1:3"]],
      [`MSG a ${first.slice(0, 20)}MSG a ${second}`, ["torn 1:2", "1:3"]],
      ["no message ~", []],
    ] as const
  ) {
    for (const chunks of splits(new TextEncoder().encode(text))) {
      assertEquals(scanAll(new EndlessScanner(STAMP), chunks), [...expected]);
    }
  }
});

Deno.test("holdsMessage() finds a whole message only", () => {
  const bytes = new TextEncoder().encode(`~ MSG a ${stamp(1, 2)}`);
  assertEquals(holdsMessage(bytes, STAMP), true);
  assertEquals(holdsMessage(bytes.subarray(0, -1), STAMP), false);
});
