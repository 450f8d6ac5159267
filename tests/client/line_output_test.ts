import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import { LineOutput } from "../../client/line_output.ts";
import { FakeStdout } from "./client_fakes.ts";
import { settledInTime } from "../until.ts";

/** A stream whose writes finish when the test says so. */
class SlowStream {
  readonly writes: string[] = [];
  #finish = (): void => {};

  write(bytes: Uint8Array): Promise<number> {
    this.writes.push(new TextDecoder().decode(bytes));
    return new Promise((resolve) => this.#finish = () => resolve(bytes.length));
  }

  async finish(): Promise<void> {
    this.#finish();
    await new Promise((resolve) => setTimeout(resolve, 0)); // all that follow immediately
  }
}

function mustNotFail(error: unknown): void {
  fail(`failed: ${error}`);
}

Deno.test("LineOutput.write() puts all that gathers during one write into the next", async () => {
  const stream = new SlowStream();
  const output = new LineOutput(stream, mustNotFail);
  assertStrictEquals(output.write("one"), undefined);
  output.write("two");
  await stream.finish();
  assertEquals(stream.writes, ["one\ntwo\n"]);
  for (let line = 0; line < 1000; line++) output.write("x");
  await stream.finish();
  assertEquals(stream.writes.slice(1), ["x\n".repeat(1000)]);
  const drained = output.drained();
  await stream.finish();
  await settledInTime(drained, "the last write");
});

Deno.test("LineOutput.write() makes its user wait above 64 KiB, until that was written", async () => {
  const stream = new SlowStream();
  const output = new LineOutput(stream, mustNotFail);
  assertStrictEquals(output.write("x".repeat(60_000)), undefined);
  const wait = output.write("y".repeat(10_000));
  assert(wait instanceof Promise);
  let isOver = false;
  const over = wait.then(() => isOver = true);
  await stream.finish();
  assertStrictEquals(isOver, false);
  await stream.finish();
  await settledInTime(over, "room");
  assertStrictEquals(output.write("z"), undefined);
  await stream.finish();
  await stream.finish();
  await settledInTime(output.drained(), "the last write");
});

Deno.test("LineOutput.drained() leaves nothing unwritten, also with partial writes", async () => {
  const stdout = new FakeStdout();
  const output = new LineOutput(stdout, mustNotFail);
  for (const line of ["a", "bb", "ccc"]) output.write(line);
  await output.drained();
  assertStrictEquals(stdout.text, "a\nbb\nccc\n");
  await output.drained();
});

Deno.test("LineOutput.write() reports a failure once and takes nothing after it", async () => {
  const errors: unknown[] = [];
  const full = new Error("No space left");
  let writes = 0;
  const stream = {
    write(): Promise<number> {
      writes++;
      return Promise.reject(full);
    },
  };
  const output = new LineOutput(stream, (error) => errors.push(error));
  const wait = output.write("x".repeat(100_000));
  await settledInTime(wait ?? fail("much waits"), "the failure");
  assertStrictEquals(output.write("y".repeat(100_000)), undefined);
  await output.drained();
  assertEquals(errors, [full]);
  assertStrictEquals(writes, 1);
});
