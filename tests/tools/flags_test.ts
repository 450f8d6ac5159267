import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { parseFlags } from "../../tools/flags.ts";

const NAMES = { text: ["seed", "out"], switches: ["json"] } as const;

Deno.test("parseFlags() reads values as text, and whether switches were given", () => {
  const flags = parseFlags(["--seed", "7", "--json", "--out=a=b"], NAMES);
  assertStrictEquals(flags.seed, "7");
  assertStrictEquals(flags.out, "a=b");
  assert(flags.json && !flags.help);
  const none = parseFlags([], NAMES);
  assertEquals([none.seed, none.out, none.json], [undefined, undefined, false]);
});

Deno.test("parseFlags() knows --help and -h, and lets the last value win", () => {
  assert(parseFlags(["--help"], NAMES).help && parseFlags(["-h"], NAMES).help);
  assertStrictEquals(parseFlags(["--seed", "1", "--seed", "2"], NAMES).seed, "2");
});

Deno.test("parseFlags() refuses unknown flags, arguments and missing values", () => {
  const cases: readonly (readonly [string[], string])[] = [
    [["--speed", "7"], 'Unknown flag: "--speed"'],
    [["--no-json"], 'Unknown flag: "--no-json"'],
    [["-x"], 'Unknown flag: "-x"'],
    [["--__proto__=1"], 'Unknown flag: "--__proto__=1"'],
    [["--json", "word"], 'Unexpected argument: "word"'],
    [["--", "--json"], 'Unexpected argument: "--json"'],
    [["--seed"], "Give --seed a value"],
    [["--seed", "--json"], "Give --seed a value"],
    [["--out="], "Give --out a value"],
  ];
  for (const [args, message] of cases) {
    assertStrictEquals(assertThrows(() => parseFlags(args, NAMES), Error).message, message);
  }
});
