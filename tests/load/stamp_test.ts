import {
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { MAX_NUMBER, MIN_STAMP_BYTES, PROBE_SENDER, Stamp } from "../../load/stamp.ts";

const SENDERS = [0, 1, 9, 255, 999, PROBE_SENDER];
const NUMBERS = [0, 1, 15, 16, 65_535, 65_536, MAX_NUMBER];

function written(stamp: Stamp, sender: number, number: number): Uint8Array {
  const bytes = new Uint8Array(stamp.bytes);
  stamp.write(bytes, 0, sender, number);
  return bytes;
}

for (const bytes of [MIN_STAMP_BYTES, 64, 300, 8192]) {
  Deno.test(`Stamp.read() reads what write() wrote, at ${bytes} bytes`, () => {
    const stamp = new Stamp("ab12", bytes);
    for (const sender of SENDERS) {
      for (const number of NUMBERS) {
        const text = written(stamp, sender, number);
        assertStrictEquals(stamp.read(text, 0, text.length), "intact");
        assertEquals([stamp.sender, stamp.number], [sender, number]);
        assertMatch(new TextDecoder().decode(text), /^~[A-Za-z0-9+-]+$/);
      }
    }
  });
}

Deno.test("Stamp.read() takes no stamp with one changed byte for whole", () => {
  const stamp = new Stamp("ab12", 64);
  const whole = written(stamp, 7, 4711);
  for (let at = 1; at < whole.length; at++) {
    for (const byte of [0x30, 0x41, 0x61, 0x20, 0x00, 0xff]) {
      if (whole[at] === byte) continue;
      const changed = whole.slice();
      changed[at] = byte;
      assertNotStrictEquals(stamp.read(changed, 0, changed.length), "intact", `${at} ${byte}`);
    }
  }
});

Deno.test("Stamp.read() returns the sender and number of a stamp that was cut after its head", () => {
  const stamp = new Stamp("ab12", 64);
  const whole = written(stamp, 7, 4711);
  assertStrictEquals(stamp.read(whole, 0, 63), "torn");
  assertEquals([stamp.sender, stamp.number], [7, 4711]);
  assertStrictEquals(stamp.read(whole, 0, 12), "torn");
  assertEquals([stamp.sender, stamp.number], [-1, -1]);
});

Deno.test("Stamp.read() leaves other runs and other clients' texts alone", () => {
  const stamp = new Stamp("ab12", 64);
  const other = written(new Stamp("ab13", 64), 7, 4711);
  assertStrictEquals(stamp.read(other, 0, other.length), "other");
  const words = new TextEncoder().encode("~home is where the chat is");
  assertStrictEquals(stamp.read(words, 0, words.length), "other");
  assertStrictEquals(stamp.read(words, 0, 1), "other");
});

Deno.test("Stamp.read() finds two messages spliced into one", () => {
  const stamp = new Stamp("ab12", 64);
  const first = written(stamp, 1, 1);
  const second = written(stamp, 1, 2);
  for (let at = 20; at < 63; at++) {
    const spliced = Uint8Array.from([...first.subarray(0, at), ...second.subarray(at)]);
    assertStrictEquals(stamp.read(spliced, 0, spliced.length), "torn", `${at}`);
  }
});

Deno.test("Stamp refuses a run or a length that it cannot write", () => {
  assertThrows(() => new Stamp("AB12", 64), RangeError);
  assertThrows(() => new Stamp("ab1", 64), RangeError);
  assertThrows(() => new Stamp("ab12", MIN_STAMP_BYTES - 1), RangeError);
});
