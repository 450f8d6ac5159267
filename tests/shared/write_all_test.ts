import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { writeAll, writeAllSync } from "../../shared/write_all.ts";

const BYTES = new TextEncoder().encode("a line that goes out in pieces\n");

/** A target that takes at most `room` bytes a write, and fails once it has taken `most`. */
function target(room: number, most = Infinity) {
  const taken: number[] = [];
  const writeSync = (bytes: Uint8Array): number => {
    if (taken.length >= most) throw new Error("full");
    const part = bytes.subarray(0, room);
    taken.push(...part);
    return part.length;
  };
  return { taken, writeSync, write: (bytes: Uint8Array) => Promise.resolve(writeSync(bytes)) };
}

Deno.test("writeAll() and writeAllSync() write every byte once, however few a write takes", async () => {
  for (let room = 1; room <= BYTES.length; room++) {
    const [first, second] = [target(room), target(room)];
    await writeAll(first, BYTES);
    writeAllSync(second, BYTES);
    assertEquals(first.taken, [...BYTES]);
    assertEquals(second.taken, [...BYTES]);
  }
});

Deno.test("writeAll() and writeAllSync() throw what the target throws", async () => {
  assertMatch(String(await assertRejects(() => writeAll(target(4, 8), BYTES))), /full/);
  assertMatch(String(assertThrows(() => writeAllSync(target(4, 8), BYTES))), /full/);
});
