// Arguments of the operator's commands: options, durations.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import {
  parseSeconds,
  sortArguments,
  typedArguments,
  withoutMark,
} from "../../admin/command_arguments.ts";

const KINDS = { "--ban": "flag", "--for": "value" } as const;

function sorted(...args: string[]) {
  const result = sortArguments(args, KINDS, EN.operator);
  assert(result.ok, result.ok ? "" : result.error);
  return { words: result.input.words, options: Object.fromEntries(result.input.options) };
}

function error(result: { ok: boolean; error?: string }): string {
  assertStrictEquals(result.ok, false);
  return result.error ?? "";
}

Deno.test("sortArguments() finds options wherever they stand", () => {
  const options = { "--ban": "", "--for": "10m" };
  for (
    const args of [
      ["--ban", "--for", "10m", "bob", "too loud"],
      ["bob", "--for=10m", "too loud", "--ban"],
    ]
  ) {
    assertEquals(sorted(...args), { words: ["bob", "too loud"], options });
  }
});

Deno.test("sortArguments() treats all that follows -- as arguments, and a single dash as one", () => {
  assertEquals(sorted("-5", "--", "--ban", "--"), {
    words: ["-5", "--ban", "--"],
    options: {},
  });
});

Deno.test("sortArguments() refuses options it does not know, naming the one that was meant", () => {
  const refusal = error(sortArguments(["--bann"], KINDS, EN.operator));
  assertStrictEquals(refusal, 'Unknown option: "--bann", did you mean --ban?');
  assertMatch(error(sortArguments(["--toString"], KINDS, EN.operator)), /^Unknown option/);
  assertMatch(error(sortArguments(["--for"], KINDS, EN.operator)), /^Missing value: --for/);
  assertMatch(
    error(sortArguments(["--ban=1"], KINDS, EN.operator)),
    /^Option --ban takes no value/,
  );
});

Deno.test("typedArguments() splits arguments, and leaves the text after them whole", () => {
  assertEquals(typedArguments(" a  b "), ["a", "b"]);
  for (const words of [undefined, 0, 1]) assertEquals(typedArguments("  ", words), []);
  assertEquals(typedArguments("  a  b  ", 0), ["--", "a  b"]);
  assertEquals(typedArguments("bob   a  b", 1), ["bob", "--", "a  b"]);
  assertEquals(typedArguments("bob", 1), ["bob", "--", ""]);
});

Deno.test("withoutMark() takes out one --, where a text may begin", () => {
  assertEquals(withoutMark(["--", "--", "x"], 0), ["--", "x"]);
  assertEquals(withoutMark(["a", "--", "x"], 0), ["a", "--", "x"]);
  assertEquals(withoutMark(["a", "--", "x"], 1), ["a", "x"]);
  assertEquals(withoutMark(["a", "b"], 1), ["a", "b"]);
});

const YEAR = { least: 1, most: 365 * 86_400 };

Deno.test("parseSeconds() takes 0 to a day for a countdown (D10)", () => {
  const day = { least: 0, most: 86_400 };
  assertEquals(parseSeconds("0", day, EN.operator), { ok: true, input: 0 });
  assertEquals(parseSeconds("5m", day, EN.operator), { ok: true, input: 300 });
  assertEquals(parseSeconds("86400", day, EN.operator), { ok: true, input: 86_400 });
  for (const text of ["", " ", "-1", "86401", "1d1s", "ten", "+1", "١"]) {
    assertMatch(error(parseSeconds(text, day, EN.operator)), /^Not a duration: "/, text);
  }
});

Deno.test("parseSeconds() takes durations, and seconds without a unit", () => {
  const cases = {
    "90": 90,
    "90s": 90,
    "10m": 600,
    "1h30m": 5400,
    "1w": 604_800,
    "365d": YEAR.most,
  };
  for (const [text, seconds] of Object.entries(cases)) {
    assertEquals(parseSeconds(text, YEAR, EN.operator), { ok: true, input: seconds });
  }
  assertEquals(parseSeconds("1500ms", YEAR, EN.operator), { ok: true, input: 2 });
});

Deno.test("parseSeconds() refuses what is none, or not between its bounds", () => {
  const bad = ["", "0", "0m", "-1", "10 m", "m", "10x", "366d", "1e9", "0x10", "9".repeat(400)];
  for (const text of bad) {
    assertMatch(
      error(parseSeconds(text, YEAR, EN.operator)),
      /^Not a duration: ".*", (expected|choose)/,
      text,
    );
  }
  assertStrictEquals(
    error(parseSeconds("366d", YEAR, EN.operator)),
    'Not a duration: "366d", choose 1s to 365d',
  );
});

Deno.test("sortArguments() quotes an unknown option safely, and suggests a similar one only", () => {
  const typed = (arg: string) => error(sortArguments([arg], KINDS, EN.operator));
  assertStrictEquals(typed("--\x1b[2J\n"), String.raw`Unknown option: "--\x1b[2J\x0a"`);
  assertStrictEquals(typed("--bam"), 'Unknown option: "--bam", did you mean --ban?');
});
