import { assertEquals } from "@std/assert";
import { type Piece, splitArguments, type SplitRules } from "../../shared/arguments.ts";

const OPTIONS: ReadonlyMap<string, boolean> = new Map([["--port", true], ["-p", true], [
  "-q",
  false,
]]);
const takesValue = (name: string): boolean | undefined => OPTIONS.get(name);

function split(args: readonly string[], rules: Partial<SplitRules> = {}): Piece[] {
  return [...splitArguments(args, { takesValue, ...rules })];
}

Deno.test("splitArguments() finds options and their values among arguments", () => {
  assertEquals(split(["a", "--port", "1", "--port=2", "-p", "3", "-q", "b"]), [
    { kind: "word", text: "a" },
    { kind: "option", name: "--port", value: "1", args: ["--port", "1"] },
    { kind: "option", name: "--port", value: "2", args: ["--port=2"] },
    { kind: "option", name: "-p", value: "3", args: ["-p", "3"] },
    { kind: "option", name: "-q", value: undefined, args: ["-q"] },
    { kind: "word", text: "b" },
  ]);
});

Deno.test("splitArguments() takes what is no option for an argument, and leaves alone what follows --", () => {
  assertEquals(split(["--prot=1", "-5", "--", "--port", "--"]), [
    { kind: "word", text: "--prot=1" },
    { kind: "word", text: "-5" },
    { kind: "rest", words: ["--port", "--"] },
  ]);
});

Deno.test("splitArguments() gives an option at the end no value, nor one that may be none", () => {
  const bare = { kind: "option", name: "--port", value: undefined, args: ["--port"] };
  assertEquals<unknown>(split(["--port"]), [bare]);
  const isValue = (arg: string): boolean => !arg.startsWith("-");
  assertEquals<unknown>(split(["--port", "-q"], { isValue }).slice(0, 1), [bare]);
  assertEquals<unknown>(split(["--port", "-q"]), [{
    ...bare,
    value: "-q",
    args: ["--port", "-q"],
  }]);
});
