import assert from "node:assert/strict";
import { COMMANDS, helpLines, usageOf, wordsNeeded } from "../../client/commands.ts";
import { nameProblem, parseAddressed, parseInput, parseRawInput } from "../../client/input.ts";

const CONTEXT = { lastPrivate: "bob" };

const REQUESTS: readonly [line: string, request: unknown][] = [
  ["hello", { verb: "say", text: "hello" }],
  ["  two  spaces ", { verb: "say", text: "  two  spaces " }],
  ["//etc/passwd", { verb: "say", text: "/etc/passwd" }],
  ["@bob psst", { verb: "say", to: { sigil: "@", name: "bob" }, text: "psst" }],
  ["#cooks soup  now", { verb: "say", to: { sigil: "#", name: "cooks" }, text: "soup  now" }],
  ["@ home", { verb: "say", text: "@ home" }],
  ["/list", { verb: "who" }],
  ["/LIST", { verb: "who" }],
  ["/who", { verb: "who" }],
  ["/groups", { verb: "groups" }],
  ["/g", { verb: "groups" }],
  ["/join cooks", { verb: "join", group: "cooks" }],
  ["/join #cooks", { verb: "join", group: "cooks" }],
  ["/le cooks ", { verb: "leave", group: "cooks" }],
  ["/name zoe", { verb: "rename", name: "zoe" }],
  ["/msg bob hi  there", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi  there" }],
  ["/msg @bob hi", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" }],
  ["/msg #cooks hi", { verb: "say", to: { sigil: "#", name: "cooks" }, text: "hi" }],
  ["/reply ok", { verb: "say", to: { sigil: "@", name: "bob" }, text: "ok" }],
  ["/me waves", { verb: "say", text: "waves", action: true }],
  ["/history", { verb: "history" }],
  ["/hist 20", { verb: "history", limit: 20 }],
];

for (const [line, request] of REQUESTS) {
  Deno.test(`parseInput() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(parseInput(line, CONTEXT), { kind: "request", request });
  });
}

const ERRORS: readonly [line: string, message: string][] = [
  ["/join", "Usage: /join GROUP"],
  ["/msg bob", "Usage: /msg NAME TEXT"],
  ["/history many", "Usage: /history [COUNT], COUNT is a whole number from 1"],
  ["/history 0", "Usage: /history [COUNT], COUNT is a whole number from 1"],
  ["/l", 'Ambiguous command "/l": /list or /leave?'],
  ["/h", 'Ambiguous command "/h": /help or /history?'],
  ["/lsit", 'Unknown command "/lsit": did you mean /list?'],
  ["/quti", 'Unknown command "/quti": did you mean /quit?'],
  ["/xyzzy", 'Unknown command "/xyzzy": /help lists them all'],
  ["/", 'Unknown command "/": /help lists them all'],
  ["@bob", 'Nothing to say to "@bob": add the text'],
  ["#cooks  ", 'Nothing to say to "#cooks": add the text'],
];

for (const [line, message] of ERRORS) {
  Deno.test(`parseInput() explains ${JSON.stringify(line)}`, () => {
    assert.deepEqual(parseInput(line, CONTEXT), { kind: "error", message });
  });
}

Deno.test("parseInput() ignores a blank line and keeps /help and /quit here", () => {
  assert.deepEqual(parseInput("", CONTEXT), { kind: "nothing" });
  assert.deepEqual(parseInput(" \t ", CONTEXT), { kind: "nothing" });
  assert.deepEqual(parseInput("/help", CONTEXT), { kind: "help" });
  assert.deepEqual(parseInput("/q", CONTEXT), { kind: "quit" });
});

Deno.test("parseInput() cannot reply before anybody has written", () => {
  const action = parseInput("/reply ok", { lastPrivate: undefined });
  assert.deepEqual(action, {
    kind: "error",
    message: "Nobody has written to you privately yet: use /msg NAME TEXT",
  });
});

Deno.test("parseInput() puts no escape sequence of a command into its answer", () => {
  const action = parseInput("/\x1b[2J", CONTEXT);
  assert.equal(action.kind, "error");
  assert.ok(!JSON.stringify(action).includes("\\u001b"));
});

Deno.test("parseRawInput() leaves all but /quit to the server", () => {
  assert.deepEqual(parseRawInput("/quit "), { kind: "quit" });
  for (const line of ["/help", "@bob x", "", "//x", "hello"]) {
    assert.deepEqual(parseRawInput(line), {
      kind: "request",
      request: { verb: "line", text: line },
    });
  }
});

Deno.test("parseAddressed() wants a sigil, a name and a text", () => {
  for (const line of ["@bob", "@bob  ", "@ bob x", " @bob x", "bob x", "#", ""]) {
    assert.equal(parseAddressed(line), undefined, line);
  }
});

Deno.test("nameProblem() refuses what would break a line or a word", () => {
  for (const name of ["alice", "Zoë", "李", "a.b-c_d"]) assert.equal(nameProblem(name), undefined);
  for (const name of ["", "a b", "a\nMSG x", "a\x1b", "a\u00a0b"]) {
    assert.match(nameProblem(name) ?? "", /^Bad name/);
  }
});

Deno.test("COMMANDS have a help line each, and words that differ", () => {
  const help = helpLines().join("\n");
  for (const row of COMMANDS) {
    assert.ok(help.includes(`${usageOf(row)} `), row.word);
    assert.ok(help.includes(row.help), row.word);
  }
  const words = COMMANDS.flatMap(({ word, alias }) => alias === undefined ? [word] : [word, alias]);
  assert.equal(new Set(words).size, words.length);
});

Deno.test("wordsNeeded() counts capitals and no brackets", () => {
  const needed = Object.fromEntries(COMMANDS.map((row) => [row.word, wordsNeeded(row)]));
  assert.equal(needed["msg"], 2);
  assert.equal(needed["history"], 0);
  assert.equal(needed["list"], 0);
});
