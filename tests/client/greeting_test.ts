import { assert, assertStrictEquals } from "@std/assert";
import { greeting, wrapText } from "../../client/greeting.ts";
import { SLASH_COMMANDS } from "../../protocol/slash_commands.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECTS } from "../../protocol/dialects.ts";
import { native } from "../../protocol/native.ts";
import { EN } from "../../texts/en.ts";

const FEW = "Welcome to minichat. Lines go to everyone\nAlso: /help /name /me /quit";
const RAW = "Welcome to minichat. Every line goes to the server as it is typed\n/quit leaves";

const GREETINGS: Readonly<Record<DialectName, string>> = {
  native: "Welcome to minichat. Lines go to everyone, @NAME TEXT to one person or group\n" +
    wrapText("Also: " + SLASH_COMMANDS.map(({ word }) => `/${word}`).join(" ")),
  framed: FEW,
  usermsg: FEW,
  etx: RAW,
  plain: RAW,
};

Deno.test("folded() cuts between words alone, for any width", () => {
  const text = greeting(native, EN.client);
  for (const columns of [77, 60, 30, 5]) {
    const cut = wrapText(text, columns);
    assertStrictEquals(cut.replaceAll("\n", " "), text.replaceAll("\n", " "));
    for (const line of cut.split("\n")) {
      assert(line.length <= columns || !line.includes(" "), line);
    }
  }
  assertStrictEquals(wrapText(text), text);
});

Deno.test("greeting() fits 80 columns after its mark, so that no terminal cuts a word", () => {
  for (const dialect of DIALECTS) {
    for (const line of greeting(dialect, EN.client).split("\n")) {
      assert(`-- ${line}`.length <= 80, line);
    }
  }
});

for (const dialect of DIALECTS) {
  Deno.test(`greeting() lists the commands that work in ${dialect.name} (R29)`, () => {
    assertStrictEquals(greeting(dialect, EN.client), GREETINGS[dialect.name]);
  });
}
