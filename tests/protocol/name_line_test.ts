// parseNameLine() and parseVerbLine(): how clients of other protocols give a name (J5, J6, J7).

import { assertEquals } from "@std/assert";
import {
  type NameLine,
  parseNameLine,
  parseVerbLine,
  withoutOwnName,
} from "../../protocol/name_line.ts";

const named = (name: string): NameLine => ({ kind: "name", name, byVerb: false });
const byVerb = (name: string): NameLine => ({ kind: "name", name, byVerb: true });
const saying = (name: string, text: string): NameLine => ({ ...named(name), text } as NameLine);

const LINES: Readonly<Record<string, NameLine>> = {
  "bob": named("bob"),
  "  bob ": named("bob"),
  "": named(""),
  "jean paul": named("jean paul"),
  "hello": named("hello"),
  "nick": named("nick"),
  "NICK bob": byVerb("bob"),
  "nick bob": byVerb("bob"),
  "JOIN bob": byVerb("bob"),
  "PSEUDO:bob": byVerb("bob"),
  "pseudo : bob": byVerb("bob"),
  "Nom: bob": byVerb("bob"),
  "login=bob": byVerb("bob"),
  "LOGIN bob secret": named("LOGIN bob secret"),
  "bob: hi all": saying("bob", "hi all"),
  "bob : hi": saying("bob", "hi"),
  "<bob> hi": saying("bob", "hi"),
  "[bob] hi: all": saying("bob", "hi: all"),
  "bob:": named("bob:"),
  "http://example.org/ is here": named("http://example.org/ is here"),
  "HELP": { kind: "help" },
  "help": { kind: "help" },
  "?": { kind: "help" },
  "EHLO example.org": { kind: "help" },
  "stats": { kind: "help" },
  "quit": { kind: "quit" },
};

for (const [line, expected] of Object.entries(LINES)) {
  Deno.test(`parseNameLine() reads ${JSON.stringify(line)}`, () => {
    assertEquals(parseNameLine(line), expected);
  });
}

Deno.test("parseVerbLine() takes verbs off, and leaves texts that only begin like one", () => {
  const texts = {
    "MSG salut": "salut",
    "msg salut": "salut",
    "MSG: salut  toi": "salut  toi",
    "SAY hi": "hi",
    "say hi": "say hi",
    "salut": "salut",
    "MSG": "MSG",
    "bye": "bye",
    "Message reçu": "Message reçu",
  };
  for (const [line, text] of Object.entries(texts)) {
    assertEquals(parseVerbLine(line), { kind: "say", text });
  }
  assertEquals(parseVerbLine("QUIT"), { kind: "quit" });
  assertEquals(parseVerbLine("WHO"), { kind: "who" });
});

Deno.test("withoutOwnName() takes off the sender's own name and nothing else (J6)", () => {
  for (const text of ["bob: hi", "bob : hi", "<bob> hi", "[bob] hi"]) {
    assertEquals(withoutOwnName(text, "bob"), "hi");
  }
  for (
    const text of ["bob", "bob:", "bob: ", "bob hi", "bobby: hi", "eve: hi", "<eve> hi", "<bob hi"]
  ) {
    assertEquals(withoutOwnName(text, "bob"), text);
  }
});
