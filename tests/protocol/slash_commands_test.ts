import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { FailureCode } from "../../protocol/failures.ts";
import { MAX_LISTED } from "../../protocol/limits.ts";
import type { Request } from "../../protocol/requests.ts";
import { helpIn, resolveCommand, SLASH_COMMANDS } from "../../protocol/slash_commands.ts";

Deno.test("Every command has a usage that starts with its word, and a help line of its own", () => {
  const helps = new Map(helpIn(EN).map(({ usage, help }) => [usage, help]));
  for (const { word, usage } of SLASH_COMMANDS) {
    const help = helps.get(usage) ?? "";
    assertMatch(word, /^[a-z]+$/);
    assert(usage === `/${word}` || usage.startsWith(`/${word} `), usage);
    assert(help.length >= 5 && !help.endsWith("."), help);
  }
  assertStrictEquals(new Set(helps.values()).size, helps.size);
});

Deno.test("Every command's usage says exactly what it needs", () => {
  const shapes = {
    "none": /^\/\w+$/,
    "optional": /^\/\w+ \[[A-Z]+\]$/,
    "word": /^\/\w+ (NAME|GROUP)$/,
    "text": /^\/\w+ (TEXT|PASSPHRASE)$/,
    "word and text": /^\/\w+ NAME (TEXT|PASSPHRASE)$/,
  };
  for (const { usage, needs } of SLASH_COMMANDS) assertMatch(usage, shapes[needs]);
});

Deno.test("No two commands answer to the same word", () => {
  const words = SLASH_COMMANDS.flatMap(({ word, aliases }) => [word, ...aliases]);
  assertStrictEquals(new Set(words).size, words.length);
});

Deno.test("Help names every command and what can be typed besides", () => {
  const usages = helpIn(EN).map(({ usage }) => usage);
  assertEquals(usages, ["TEXT", "@NAME TEXT", ...SLASH_COMMANDS.map(({ usage }) => usage)]);
  for (
    // What D8 asks for.
    const word of ["help", "list", "groups", "join", "leave", "name", "msg", "reply", "me"]
      .concat("history", "quit")
  ) assert(usages.some((usage) => usage.split(" ")[0] === `/${word}`), word);
});

const RESOLVED: readonly (readonly [typed: string, request: Request])[] = [
  ["help", { verb: "help" }],
  ["help anything", { verb: "help" }],
  ["h", { verb: "help" }],
  ["?", { verb: "help" }],
  ["HELP", { verb: "help" }],
  ["he", { verb: "help" }],
  ["list", { verb: "who" }],
  ["li", { verb: "who" }],
  ["who", { verb: "who" }],
  ["name bob", { verb: "rename", name: "bob" }],
  ["n  bob ", { verb: "rename", name: "bob" }],
  ["nick two words", { verb: "rename", name: "two words" }],
  ["msg bob hi  there", { verb: "say", text: "hi  there", to: { sigil: "@", name: "bob" } }],
  ["msg @bob hi", { verb: "say", text: "hi", to: { sigil: "@", name: "bob" } }],
  ["w #dev hi", { verb: "say", text: "hi", to: { sigil: "#", name: "dev" } }],
  ["reply yes indeed", { verb: "reply", text: "yes indeed" }],
  ["r yes", { verb: "reply", text: "yes" }],
  ["me waves", { verb: "say", text: "waves", action: true }],
  ["groups", { verb: "groups" }],
  ["g", { verb: "groups" }],
  ["join dev", { verb: "join", group: "dev" }],
  ["j #dev", { verb: "join", group: "dev" }],
  ["leave dev", { verb: "leave", group: "dev" }],
  ["part #dev", { verb: "leave", group: "dev" }],
  ["history", { verb: "history", limit: 20 }],
  ["hi 5", { verb: "history", limit: 5 }],
  [`history ${MAX_LISTED}`, { verb: "history", limit: MAX_LISTED }],
  ["quit", { verb: "bye" }],
  ["pseudo bob", { verb: "rename", name: "bob" }],
  ["bye", { verb: "bye" }],
];

for (const [typed, request] of RESOLVED) {
  Deno.test(`resolveCommand() of /${typed}`, () => {
    assertEquals(resolve(typed), request);
  });
}

const REFUSED: readonly (readonly [typed: string, code: FailureCode, words: RegExp])[] = [
  ["", "unknown_command", /^Unknown command "\/": \/help lists them$/],
  ["frobnicate", "unknown_command", /"\/frobnicate": \/help/],
  ["helpp", "unknown_command", /^Unknown command "\/helpp": did you mean \/help\?$/],
  ["LSIT", "unknown_command", /"\/LSIT": did you mean \/list\?$/],
  ["quti", "unknown_command", /did you mean \/quit\?$/],
  ["qui est là", "unknown_command", /did you mean \/quit\?$/],
  ["q", "unknown_command", /\/help lists them$/],
  ["wo", "unknown_command", /\/help lists them$/], // near /who, which help does not list
  ["kick", "unknown_command", /\/help lists them$/], // near /nick
  ["xy", "unknown_command", /\/help lists them$/],
  ["x".repeat(100_000), "unknown_command", /\/help lists them$/],
  ["kick bob", "unknown_command", /"\/kick"/],
  ["shutdown 0", "unknown_command", /"\/shutdown"/],
  ["constructor", "unknown_command", /"\/constructor"/],
  ["\x1b[2J", "unknown_command", /"\/\\x1b\[2J"/],
  ["l", "ambiguous_command", /\/list or \/leave/],
  ["m bob hi", "ambiguous_command", /\/msg or \/me/],
  ["name", "missing_argument", /^Usage: \/name NAME$/],
  ["name   ", "missing_argument", /^Usage: \/name NAME$/],
  ["join", "missing_argument", /\/join GROUP/],
  ["leave", "missing_argument", /\/leave GROUP/],
  ["me", "missing_argument", /\/me TEXT/],
  ["reply", "missing_argument", /\/reply TEXT/],
  ["msg", "missing_argument", /\/msg NAME TEXT/],
  ["msg bob", "missing_argument", /\/msg NAME TEXT/],
  ["msg bob  ", "missing_argument", /\/msg NAME TEXT/],
  ["history x", "bad_request", /COUNT from 1 to 1000/],
  ["history 0", "bad_request", /COUNT/],
  ["history -1", "bad_request", /COUNT/],
  ["history 1.5", "bad_request", /COUNT/],
  [`history ${MAX_LISTED + 1}`, "bad_request", /COUNT/],
];

for (const [typed, code, words] of REFUSED) {
  Deno.test(`resolveCommand() of /${JSON.stringify(typed).slice(1, -1)} is ${code}`, () => {
    const refused = resolve(typed);
    assert("code" in refused, JSON.stringify(refused));
    assertStrictEquals(refused.code, code);
    assertMatch(refused.text(EN.refusals), words);
  });
}

Deno.test("resolveCommand() takes every unambiguous beginning of a word, and no other", () => {
  const exact = new Set(SLASH_COMMANDS.flatMap(({ word, aliases }) => [word, ...aliases]));
  for (const { word } of SLASH_COMMANDS) {
    for (let length = 1; length < word.length; length++) {
      const start = word.slice(0, length);
      if (exact.has(start) || word === "quit") continue;
      const candidates = SLASH_COMMANDS.filter((row) => row.word.startsWith(start));
      const resolved = resolveCommand(start, "a b");
      const refused = "code" in resolved ? resolved.code : "resolved";
      if (candidates.length > 1) assertStrictEquals(refused, "ambiguous_command", start);
      else assert(refused === "resolved" || refused === "bad_request", `${start}: ${refused}`);
    }
  }
});

/** The command of a user who types `/` and that. */
function resolve(typed: string): ReturnType<typeof resolveCommand> {
  const [, word = "", rest = ""] = /^(\S*)(.*)$/s.exec(typed) ?? [];
  return resolveCommand(word, rest);
}
