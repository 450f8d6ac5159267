import assert from "node:assert/strict";
import { abilitiesOf, unsupportedText } from "../../client/capabilities.ts";
import { etx } from "../../protocol/etx.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";

Deno.test("abilitiesOf() tells the dialects apart by what they have words for", () => {
  const none = {
    answers: false,
    goodbye: false,
    typedCommands: false,
    resumes: false,
    namesByLine: false,
    provesAtOnce: false,
  };
  assert.deepEqual(abilitiesOf(native), {
    ...none,
    answers: true,
    goodbye: true,
    resumes: true,
    provesAtOnce: true,
  });
  assert.deepEqual(abilitiesOf(usermsg), none);
  assert.deepEqual(abilitiesOf(plain), { ...none, typedCommands: true, namesByLine: true });
  assert.deepEqual(abilitiesOf(framed), none);
  assert.deepEqual(abilitiesOf(etx), { ...none, goodbye: true, typedCommands: true });
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
