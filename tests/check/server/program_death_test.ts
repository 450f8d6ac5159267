import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { framedChecks } from "../../../check/server/framed_checks.ts";
import { MESSAGE_CHECKS } from "../../../check/server/message_checks.ts";
import {
  deathHint,
  deathText,
  exceptionIn,
  lastLines,
  type ProgramDeath,
} from "../../../check/server/program_death.ts";
import { EN } from "../../../texts/en.ts";

const TEXTS = EN.serverChecks;
const TRACE = `Traceback (most recent call last):
  File "s.py", line 9, in <module>
    people[to].send(text)
    ~~~~~~^^^^
KeyError: 'zoe'
`;

/** The text and the hint of an end. */
function describe(code: number, signal: string | null, lastErrors = ""): readonly string[] {
  const death: ProgramDeath = { exit: { code, signal }, lastErrors };
  return [deathText(death, TEXTS.program), deathHint(death, TEXTS.hints) ?? ""];
}

Deno.test("deathText() and deathHint() name the cause of a server's end", () => {
  const rows: readonly (readonly [readonly string[], string, RegExp])[] = [
    [describe(141, "SIGPIPE"), "it was killed by SIGPIPE", /SIG_IGN/],
    [describe(139, "SIGSEGV"), "it was killed by SIGSEGV", /-fsanitize=address/],
    [describe(1, null, TRACE), "it crashed: KeyError: 'zoe'", /KeyError: 'zoe'/],
    [describe(0, null), "it ended with exit code 0", /number of rounds/],
    [describe(3, null, "accept: Bad file\n"), "it ended with exit code 3: accept: Bad file", /^$/],
    [
      describe(
        1,
        null,
        TRACE.replace("KeyError: 'zoe'", "BrokenPipeError: [Errno 32] Broken pipe"),
      ),
      "it crashed: BrokenPipeError: [Errno 32] Broken pipe",
      /catch it around each send/,
    ],
  ];
  for (const [[text, hint], expected, pattern] of rows) {
    assertStrictEquals(text, expected);
    assertMatch(hint ?? "", pattern);
  }
  const death = { exit: undefined, lastErrors: "" };
  assertStrictEquals(deathText(death, TEXTS.program), "it no longer listens");
});

Deno.test("deathHint() adds to a crash what the check probably led it to, for messages in pieces", () => {
  const layout = { headerBytes: 16, littleEndian: true } as const;
  const ids = ["two-pieces", "byte-by-byte", "split-header", "split-length", "header-alone"];
  const rows = framedChecks(layout).filter(({ check }) => ids.includes(check.id));
  assertEquals(rows.map(({ check }) => check.id), ids);
  const ends = [
    [
      { code: 1, signal: null },
      "MemoryError",
      /\(MemoryError\).*header or a text arrived in pieces/,
    ],
    [{ code: 139, signal: "SIGSEGV" }, "", /SIGSEGV.*repeat them until all bytes of the header/],
    [{ code: 1, signal: null }, "bad header", /^Probably a header/],
    [{ code: 141, signal: "SIGPIPE" }, "", /SIG_IGN[^]*$(?<!pieces.*)/],
  ] as const;
  for (const [exit, lastErrors, hint] of ends) {
    for (const { ifItCrashes } of rows) {
      assertMatch(deathHint({ exit, lastErrors }, TEXTS.hints, ifItCrashes) ?? "", hint);
    }
  }
  const usermsg = MESSAGE_CHECKS.filter(({ isCut }) => isCut).map(({ id }) => id);
  assertEquals(usermsg, ["two-pieces", "byte-by-byte", "one-and-a-half"]);
});

Deno.test("lastLines() is the exception, else the last three lines", () => {
  assertStrictEquals(lastLines(TRACE), "KeyError: 'zoe'");
  assertStrictEquals(lastLines("one\ntwo\n\nthree\nfour\n"), "two / three / four");
  assertStrictEquals(lastLines(" \n"), "");
  assertStrictEquals(lastLines("x".repeat(400)), `${"x".repeat(300)}...`);
});

Deno.test("exceptionIn() finds the last line of a stack trace in several languages", () => {
  assertEquals(
    [
      TRACE,
      "Exception in thread main\njava.io.IOException: reset\n",
      "    at x (s.js:1)\nTypeError: y is not a function\n",
      "No Error here\n",
      "Traceback\nstruct.error: unpack requires a buffer of 16 bytes\n",
      "Traceback\n_queue.Empty\n",
      "Traceback\nSystemExit: 0\n",
      "an error: no port\nserver.py: error: no port\nqueue.Empty so far\n",
    ].map(exceptionIn),
    [
      "KeyError: 'zoe'",
      "java.io.IOException: reset",
      "TypeError: y is not a function",
      undefined,
      "struct.error: unpack requires a buffer of 16 bytes",
      "_queue.Empty",
      undefined,
      undefined,
    ],
  );
});
