import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  nameProblem,
  parseEntered,
  parseInput,
  parseRawInput,
  parseText,
  typedHelp,
} from "../../client/parse_input.ts";
import { helpIn } from "../../protocol/slash_commands.ts";

const CONTEXT = { lastPrivate: "bob", texts: EN };

const REQUESTS: readonly [line: string, request: unknown][] = [
  ["hello", { verb: "say", text: "hello" }],
  ["  two  spaces ", { verb: "say", text: "  two  spaces " }],
  ["//etc/passwd", { verb: "say", text: "/etc/passwd" }],
  [" //etc/passwd", { verb: "say", text: "/etc/passwd" }],
  ["/@bob psst", { verb: "say", text: "@bob psst" }],
  ["/ #cooks soup", { verb: "say", text: " #cooks soup" }],
  ["  @bob psst", { verb: "say", to: { sigil: "@", name: "bob" }, text: "psst" }],
  ["\t#cooks soup", { verb: "say", to: { sigil: "#", name: "cooks" }, text: "soup" }],
  [" #hashtag", { verb: "say", text: " #hashtag" }],
  [" # heading", { verb: "say", text: " # heading" }],
  ["  /list", { verb: "who" }],
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
  ["/r ok", { verb: "say", to: { sigil: "@", name: "bob" }, text: "ok" }],
  ["/tell bob hi", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" }],
  ["/nick zoe", { verb: "rename", name: "zoe" }],
  ["/me waves", { verb: "say", text: "waves", action: true }],
  ["/history", { verb: "history", limit: 20 }],
  ["/hist 5", { verb: "history", limit: 5 }],
];

for (const [line, request] of REQUESTS) {
  Deno.test(`parseInput() reads ${JSON.stringify(line)}`, () => {
    assertEquals<unknown>(parseInput(line, CONTEXT), { kind: "request", request });
  });
}

const ERRORS: readonly [line: string, message: string][] = [
  ["/join", "Usage: /join GROUP"],
  ["/msg bob", "Usage: /msg NAME TEXT"],
  ["/history many", "Usage: /history [COUNT], COUNT from 1 to 1000"],
  ["/history 0", "Usage: /history [COUNT], COUNT from 1 to 1000"],
  ["/l", 'Type more of "/l": /list or /leave or /login'],
  ["/lsit", 'Unknown command "/lsit": did you mean /list?'],
  ["/quti", 'Unknown command "/quti": did you mean /quit?'],
  ["/xyzzy", 'Unknown command "/xyzzy": /help lists them'],
  ["/", 'Unknown command "/": /help lists them'],
  ["@bob", 'Nothing to say to "@bob": add the text'],
  ["#cooks  ", 'Nothing to say to "#cooks": add the text'],
];

for (const [line, message] of ERRORS) {
  Deno.test(`parseInput() explains ${JSON.stringify(line)}`, () => {
    assertEquals(parseInput(line, CONTEXT), { kind: "error", error: message });
  });
}

Deno.test("parseInput() ignores a blank line and keeps /help and /quit here", () => {
  assertEquals(parseInput("", CONTEXT), { kind: "nothing" });
  assertEquals(parseInput(" \t ", CONTEXT), { kind: "nothing" });
  assertEquals(parseInput("/help", CONTEXT), { kind: "help" });
  assertEquals(parseInput("/h", CONTEXT), { kind: "help" });
  assertEquals(parseInput("/q", CONTEXT).kind, "error");
  assertEquals(parseInput(" /bye ", CONTEXT), { kind: "quit" });
});

Deno.test("parseInput() cannot reply before the first private message", () => {
  const action = parseInput("/reply ok", { lastPrivate: undefined, texts: EN });
  assertEquals(action, {
    kind: "error",
    error: "You have no private message to reply to yet: use /msg NAME TEXT",
  });
});

Deno.test("parseInput() puts no escape sequence of a command into its answer", () => {
  const action = parseInput("/\x1b[2J", CONTEXT);
  assertStrictEquals(action.kind, "error");
  assert(!JSON.stringify(action).includes("\\u001b"));
});

Deno.test("parseRawInput() leaves all but /quit to the server", () => {
  assertEquals(parseRawInput("/quit "), { kind: "quit" });
  for (const line of ["/help", "@bob x", "", "//x", "hello"]) {
    assertEquals(parseRawInput(line), {
      kind: "request",
      request: { verb: "line", text: line },
    });
  }
});

Deno.test("parseText() addresses a line with a sigil, a name and a text, and no other", () => {
  const cooks = { sigil: "#", name: "cooks" };
  assertEquals<unknown>(parseText("#cooks a  b"), { verb: "say", to: cooks, text: "a  b" });
  for (const line of ["@bob", "@bob  ", "@ bob x", " @bob x", "bob x", "#", "/quit", "//x", ""]) {
    assertEquals(parseText(line), { verb: "say", text: line });
  }
});

Deno.test("parseEntered() takes the lines of a paste for text, but for recipients", () => {
  const pasted = (text: string, typedCommands: boolean): unknown => {
    const action = parseEntered({ text, isPasted: true }, typedCommands, CONTEXT);
    return action.kind === "request" ? action.request : action.kind;
  };
  const toBob = { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" };
  for (const text of ["/quit", "/etc/passwd", " /list", "//x"]) {
    assertEquals(pasted(text, false), { verb: "say", text });
    assertEquals(pasted(text, true), { verb: "say", text });
  }
  assertEquals(pasted("@bob hi", false), toBob);
  assertEquals(pasted("@bob hi", true), { verb: "line", text: "@bob hi" });
  assertStrictEquals(pasted(" \t", false), "nothing");
  const typed = parseEntered({ text: "/quit", isPasted: false }, false, CONTEXT);
  assertEquals(typed, { kind: "quit" });
});

Deno.test("typedHelp() has the forms that only this client knows", () => {
  const usages = typedHelp(EN).map(({ usage }) => usage);
  assertEquals(usages, [...helpIn(EN).map(({ usage }) => usage), "#GROUP TEXT", "//TEXT"]);
});

Deno.test("nameProblem() refuses what would break a line or an argument", () => {
  for (const name of ["alice", "Zoë", "李", "a.b-c_d"]) {
    assertStrictEquals(nameProblem(name, EN.client), undefined);
  }
  for (const name of ["", "a b", "a\nMSG x", "a\x1b", "a\u00a0b"]) {
    assertMatch(nameProblem(name, EN.client)?.error ?? "", /^Bad name/);
  }
});
