// Writing lines to a log file that is slow, full or deleted.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { type LogTarget, LogWriter, MAX_QUEUED_CHARS } from "../../../cli/serve/log_writer.ts";
import { until } from "../../until.ts";

/** A disk whose free space the test sets. */
class FakeDisk implements LogTarget {
  text = "";
  writes = 0;
  closed = 0;
  /** Bytes until it is full. */
  room = Infinity;
  /** Writes wait for this. */
  gate: Promise<void> | undefined;

  async write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    await this.gate;
    if (this.room === 0) throw new Error("No space left on device (os error 28)");
    const count = Math.min(this.room, bytes.length);
    this.room -= count;
    this.text += new TextDecoder().decode(bytes.subarray(0, count));
    return count;
  }

  close(): void {
    this.closed++;
  }
}

function writerOn(disk: FakeDisk): LogWriter {
  return new LogWriter({ target: disk, lossLine: (lines) => `lost ${lines}\n` });
}

Deno.test("LogWriter.write() does not write in the caller's turn, and writes many lines in one go", async () => {
  const disk = new FakeDisk();
  const writer = writerOn(disk);
  for (let line = 0; line < 1000; line++) writer.write(`${line}\n`);
  assertStrictEquals(disk.writes, 0);
  await writer.close(5_000);
  assertStrictEquals(disk.writes, 1);
  assertStrictEquals(disk.text, Array.from({ length: 1000 }, (_, line) => `${line}\n`).join(""));
  assertEquals(writer.figures, { written: 1000, lost: 0 });
  assertStrictEquals(disk.closed, 1);
});

Deno.test("LogWriter loses lines on a full disk, and says how many once there is space", async () => {
  const disk = new FakeDisk();
  const writer = writerOn(disk);
  disk.room = "one\ntwo\nth".length;
  for (const line of ["one\n", "two\n", "three\n", "four\n"]) writer.write(line);
  await until(() => writer.figures.lost === 2, "the disk was full");
  assertEquals(writer.figures, { written: 2, lost: 2 });
  disk.room = 0;
  writer.write("five\n");
  await until(() => writer.figures.lost === 3, "it still is");
  disk.room = Infinity;
  writer.write("six\n");
  writer.write("seven\n");
  await writer.close(5_000);
  assertStrictEquals(disk.text, "one\ntwo\nth\nlost 3\nsix\nseven\n");
  assertEquals(writer.figures, { written: 4, lost: 3 });
});

Deno.test("LogWriter reports a loss again if the line that reported it was lost", async () => {
  const disk = new FakeDisk();
  const writer = writerOn(disk);
  disk.room = 0;
  writer.write("one\n");
  await until(() => writer.figures.lost === 1, "the first is lost");
  disk.room = 3; // less than "lost 1\n"
  writer.write("two\n");
  await until(() => writer.figures.lost === 2, "the second is lost");
  disk.room = Infinity;
  writer.write("three\n");
  await writer.close(5_000);
  assertStrictEquals(disk.text, "los\nlost 2\nthree\n");
});

Deno.test("LogWriter keeps a bounded number of lines for a disk that hangs", async () => {
  const disk = new FakeDisk();
  const gate = Promise.withResolvers<void>();
  disk.gate = gate.promise;
  const writer = writerOn(disk);
  writer.write("first\n");
  await until(() => disk.writes === 1, "the first write hangs");
  const line = `${"x".repeat(1023)}\n`;
  const fits = MAX_QUEUED_CHARS / line.length;
  for (let count = 0; count < fits + 5; count++) writer.write(line);
  assertStrictEquals(writer.figures.lost, 5);
  gate.resolve();
  await writer.close(5_000);
  assertMatch(disk.text, /^first\nlost 5\nxxx/);
  assertStrictEquals(writer.figures.written, fits + 1);
});

Deno.test("LogWriter.close() waits no longer than it may, and leaves the file to the write under way", async () => {
  const disk = new FakeDisk();
  disk.gate = new Promise(() => {});
  const writer = writerOn(disk);
  writer.write("never\n");
  await until(() => disk.writes === 1, "the write hangs");
  await writer.close(1);
  assertStrictEquals(disk.closed, 0);
});

Deno.test("LogWriter.replace() ends the write under way in the old file, and continues in the new one", async () => {
  const [old, fresh] = [new FakeDisk(), new FakeDisk()];
  const gate = Promise.withResolvers<void>();
  old.gate = gate.promise;
  const writer = writerOn(old);
  writer.write("one\n");
  await until(() => old.writes === 1, "the old file is slow");
  const replaced = writer.replace(fresh);
  writer.write("two\n");
  gate.resolve();
  await replaced;
  assertStrictEquals(old.closed, 1);
  writer.write("three\n");
  await writer.close(5_000);
  assertEquals([old.text, fresh.text], ["one\n", "two\nthree\n"]);
});

Deno.test("LogWriter.replace() of an idle file leaves it able to write", async () => {
  const [old, fresh] = [new FakeDisk(), new FakeDisk()];
  const writer = writerOn(old);
  await writer.replace(fresh);
  writer.write("one\n");
  await writer.close(5_000);
  assertEquals([old.text, fresh.text, old.closed], ["", "one\n", 1]);
});
