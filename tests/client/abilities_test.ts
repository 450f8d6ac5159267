import assert from "node:assert/strict";
import { abilitiesOf, unsupportedText } from "../../client/abilities.ts";
import { etx } from "../../protocol/etx.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";

Deno.test("abilitiesOf() tells the dialects apart by what they have words for", () => {
  assert.deepEqual(abilitiesOf(native), { answers: true, goodbye: true, typedCommands: false });
  assert.deepEqual(abilitiesOf(usermsg), { answers: false, goodbye: false, typedCommands: false });
  assert.deepEqual(abilitiesOf(plain), { answers: false, goodbye: false, typedCommands: true });
  assert.deepEqual(abilitiesOf(framed), { answers: false, goodbye: false, typedCommands: false });
  assert.deepEqual(abilitiesOf(etx), { answers: false, goodbye: true, typedCommands: true });
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
