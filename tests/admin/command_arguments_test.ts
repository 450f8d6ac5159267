// Arguments of the operator's commands: options, durations.

import assert from "node:assert/strict";
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
  assert.ok(result.ok, result.ok ? "" : result.error);
  return { words: result.input.words, options: Object.fromEntries(result.input.options) };
}

function error(result: { ok: boolean; error?: string }): string {
  assert.equal(result.ok, false);
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
    assert.deepEqual(sorted(...args), { words: ["bob", "too loud"], options });
  }
});

Deno.test("sortArguments() treats all that follows -- as arguments, and a single dash as one", () => {
  assert.deepEqual(sorted("-5", "--", "--ban", "--"), {
    words: ["-5", "--ban", "--"],
    options: {},
  });
});

Deno.test("sortArguments() refuses options it does not know, naming the one that was meant", () => {
  const refusal = error(sortArguments(["--bann"], KINDS, EN.operator));
  assert.equal(refusal, 'Unknown option: "--bann", did you mean --ban?');
  assert.match(error(sortArguments(["--toString"], KINDS, EN.operator)), /^Unknown option/);
  assert.match(error(sortArguments(["--for"], KINDS, EN.operator)), /^Missing value: --for/);
  assert.match(
    error(sortArguments(["--ban=1"], KINDS, EN.operator)),
    /^Option --ban takes no value/,
  );
});

Deno.test("typedArguments() splits arguments, and leaves the text after them whole", () => {
  assert.deepEqual(typedArguments(" a  b "), ["a", "b"]);
  for (const words of [undefined, 0, 1]) assert.deepEqual(typedArguments("  ", words), []);
  assert.deepEqual(typedArguments("  a  b  ", 0), ["--", "a  b"]);
  assert.deepEqual(typedArguments("bob   a  b", 1), ["bob", "--", "a  b"]);
  assert.deepEqual(typedArguments("bob", 1), ["bob", "--", ""]);
});

Deno.test("withoutMark() takes out one --, where a text may begin", () => {
  assert.deepEqual(withoutMark(["--", "--", "x"], 0), ["--", "x"]);
  assert.deepEqual(withoutMark(["a", "--", "x"], 0), ["a", "--", "x"]);
  assert.deepEqual(withoutMark(["a", "--", "x"], 1), ["a", "x"]);
  assert.deepEqual(withoutMark(["a", "b"], 1), ["a", "b"]);
});

const YEAR = { least: 1, most: 365 * 86_400 };

Deno.test("parseSeconds() takes 0 to a day for a countdown (D10)", () => {
  const day = { least: 0, most: 86_400 };
  assert.deepEqual(parseSeconds("0", day, EN.operator), { ok: true, input: 0 });
  assert.deepEqual(parseSeconds("5m", day, EN.operator), { ok: true, input: 300 });
  assert.deepEqual(parseSeconds("86400", day, EN.operator), { ok: true, input: 86_400 });
  for (const text of ["", " ", "-1", "86401", "1d1s", "ten", "+1", "١"]) {
    assert.match(error(parseSeconds(text, day, EN.operator)), /^Not a duration: "/, text);
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
    assert.deepEqual(parseSeconds(text, YEAR, EN.operator), { ok: true, input: seconds });
  }
  assert.deepEqual(parseSeconds("1500ms", YEAR, EN.operator), { ok: true, input: 2 });
});

Deno.test("parseSeconds() refuses what is none, or not between its bounds", () => {
  const bad = ["", "0", "0m", "-1", "10 m", "m", "10x", "366d", "1e9", "0x10", "9".repeat(400)];
  for (const text of bad) {
    assert.match(
      error(parseSeconds(text, YEAR, EN.operator)),
      /^Not a duration: ".*", (expected|choose)/,
      text,
    );
  }
  assert.equal(
    error(parseSeconds("366d", YEAR, EN.operator)),
    'Not a duration: "366d", choose 1s to 365d',
  );
});

Deno.test("sortArguments() quotes an unknown option safely, and suggests a similar one only", () => {
  const typed = (arg: string) => error(sortArguments([arg], KINDS, EN.operator));
  assert.equal(typed("--\x1b[2J\n"), String.raw`Unknown option: "--\x1b[2J\x0a"`);
  assert.equal(typed("--bam"), 'Unknown option: "--bam", did you mean --ban?');
});
