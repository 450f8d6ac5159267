import assert from "node:assert/strict";
import { headerProblem, namelessProblem, unsupportedText } from "../../client/capabilities.ts";
import { DIALECTS } from "../../protocol/dialects.ts";

Deno.test("namelessProblem() is for servers that neither answer nor ask for a name", () => {
  const nameless = DIALECTS.filter(({ capabilities }) =>
    namelessProblem(capabilities) === undefined
  );
  assert.deepEqual(nameless.map(({ name }) => name), ["native", "etx", "plain"]);
});

Deno.test("headerProblem() allows a header for the dialect whose messages have one (D2)", () => {
  for (const dialect of DIALECTS) {
    assert.equal(headerProblem(dialect, undefined), undefined);
    const problem = headerProblem(dialect, 8)?.error;
    if (dialect.name === "framed") assert.equal(problem, undefined);
    else {assert.equal(
        problem,
        `--header makes no sense with ${dialect.name}: its messages have none`,
      );}
  }
});

Deno.test("unsupportedText() says what is missing and how to get it", () => {
  assert.equal(
    unsupportedText({ verb: "join", group: "cooks" }, "usermsg"),
    "usermsg has no groups: that needs a minichat server and --dialect native",
  );
  const to = { sigil: "@", name: "bob" } as const;
  assert.match(unsupportedText({ verb: "say", to, text: "" }, "usermsg"), /no private messages/);
  assert.match(unsupportedText({ verb: "who" }, "usermsg"), /no list of people/);
  assert.match(unsupportedText({ verb: "history" }, "usermsg"), /no history/);
});
