import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parseArguments } from "../../cli/arguments.ts";
import { connectParser } from "../../cli/connect/options.ts";
import { flagsOf } from "../../cli/flags.ts";
import { serveParser } from "../../cli/serve/options.ts";
import { optionKey, turnsProblem } from "../../cli/turns_options.ts";

function parsed<Options>(outcome: { kind: "run"; options: Options } | { kind: "exit" }): Options {
  assert(outcome.kind === "run");
  return outcome.options;
}

const SETTINGS = { program: "minichat" };
const SERVE = parsed(parseArguments(serveParser, ["--turns"], SETTINGS));
const CONNECT = parsed(parseArguments(connectParser, ["--turns", "localhost"], SETTINGS));

for (const [parser, options] of [[serveParser, SERVE], [connectParser, CONNECT]] as const) {
  Deno.test(`Every flag of ${parser === serveParser ? "serve" : "connect"} has its option`, () => {
    for (const { name } of flagsOf(parser)) assert(optionKey(name) in options, name);
  });
}

Deno.test("turnsProblem() refuses every flag that is not taken", () => {
  const rules = { parser: serveParser, taken: ["--turns", "--port"] };
  assertStrictEquals(turnsProblem({ ...SERVE, ...{ port: 1 } }, rules), undefined);
  assertStrictEquals(turnsProblem({ ...SERVE, ...{ turns: undefined } }, rules), undefined);
  for (const { name, repeats } of flagsOf(serveParser)) {
    if (rules.taken.includes(name)) continue;
    const problem = turnsProblem({ ...SERVE, [optionKey(name)]: repeats ? ["x"] : "x" }, rules);
    const error = `${name} makes no sense with --turns: leave one of the two out`;
    assertEquals(problem, { error }, name);
  }
  const refused = { "The name ana": "ana" };
  assertMatch(
    turnsProblem(SERVE, { ...rules, refused })?.error ?? "",
    /^The name ana makes no sense/,
  );
  const alone = turnsProblem({ turns: undefined, first: "server" }, rules);
  assertEquals(alone, { error: "--first needs --turns" });
});
