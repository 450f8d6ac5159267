import { assertEquals, assertStrictEquals } from "@std/assert";
import { onStopSignals, terminalCloses } from "../../cli/signals.ts";

/** A stream of a terminal that can close. */
function terminal(): { isOpen: boolean; isTerminal(): boolean } {
  return {
    isOpen: true,
    isTerminal() {
      return this.isOpen;
    },
  };
}

const PIPE = { isTerminal: () => false };
const KEPT = { isIgnored: () => false };

Deno.test("terminalCloses() is true once the terminal of the start is gone (O4)", () => {
  const [stdin, stderr] = [terminal(), terminal()];
  const closes = terminalCloses(() => false, { streams: [stdin, PIPE, stderr], ...KEPT });
  assertStrictEquals(closes(), false);
  stdin.isOpen = false;
  assertStrictEquals(closes(), false);
  stderr.isOpen = false;
  assertStrictEquals(closes(), true);
});

Deno.test("terminalCloses() takes SIGHUP for it on a terminal where it has no other meaning (O4)", () => {
  let hasOther = true;
  const closes = terminalCloses(() => !hasOther, { streams: [terminal(), PIPE, PIPE], ...KEPT });
  assertStrictEquals(closes(), false);
  hasOther = false;
  assertStrictEquals(closes(), true);
});

Deno.test("terminalCloses() is never true without a terminal, nor under nohup (O4)", () => {
  const streams = [terminal()];
  for (
    const closes of [
      terminalCloses(() => true, { streams: [PIPE, PIPE, PIPE], ...KEPT }),
      terminalCloses(() => true, { streams, isIgnored: () => true }),
    ]
  ) {
    for (const { isOpen } of [{ isOpen: true }, { isOpen: false }]) {
      for (const stream of streams) stream.isOpen = isOpen;
      assertStrictEquals(closes(), false);
    }
  }
});

Deno.test("onStopSignals() forces the end of a server that does not stop, or fails to (O1)", async () => {
  const stops = [() => new Promise<void>(() => {}), () => Promise.reject(new Error("no"))];
  for (const stop of stops) {
    const asked: string[] = [];
    const signals = onStopSignals({
      stop() {
        asked.push("stop");
        return stop();
      },
      limitMs: () => 1,
    });
    signals.interrupt();
    assertStrictEquals(await signals.forced, true);
    assertEquals(asked, ["stop"]);
    signals.ignore();
  }
});
