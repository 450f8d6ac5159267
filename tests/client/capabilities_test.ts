import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { headerProblem, namelessProblem, unsupportedProblem } from "../../client/capabilities.ts";
import { DIALECTS } from "../../protocol/dialects.ts";
import { EN } from "../../texts/en.ts";

Deno.test("namelessProblem() is for servers that neither answer nor ask for a name", () => {
  const nameless = DIALECTS.filter(({ capabilities }) =>
    namelessProblem(capabilities, EN.client) === undefined
  );
  assertEquals(nameless.map(({ name }) => name), ["native", "etx", "plain"]);
});

Deno.test("headerProblem() allows a header for the dialect whose messages have one (D2)", () => {
  for (const dialect of DIALECTS) {
    assertStrictEquals(headerProblem(dialect, undefined, EN.client), undefined);
    const problem = headerProblem(dialect, 8, EN.client)?.error;
    if (dialect.name === "framed") assertStrictEquals(problem, undefined);
    else {assertStrictEquals(
        problem,
        `--header makes no sense with ${dialect.name}: its messages have none`,
      );}
  }
});

Deno.test("unsupportedProblem() says what is missing and how to get it", () => {
  assertStrictEquals(
    unsupportedProblem({ verb: "join", group: "cooks" }, "usermsg", EN.client).error,
    "usermsg has no groups: that needs a minichat server and --dialect native",
  );
  const to = { sigil: "@", name: "bob" } as const;
  assertMatch(
    unsupportedProblem({ verb: "say", to, text: "" }, "usermsg", EN.client).error,
    /no private messages/,
  );
  assertMatch(
    unsupportedProblem({ verb: "who" }, "usermsg", EN.client).error,
    /no list of people/,
  );
  assertMatch(unsupportedProblem({ verb: "history" }, "usermsg", EN.client).error, /no history/);
});
