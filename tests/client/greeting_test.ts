import assert from "node:assert/strict";
import { abilitiesOf } from "../../client/abilities.ts";
import { greeting } from "../../client/greeting.ts";
import { COMMANDS } from "../../protocol/commands.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECTS } from "../../protocol/dialects.ts";

const FEW = "Welcome to minichat. A line goes to everyone\nCommands: /help /name /me /quit";
const RAW = "Welcome to minichat. Every line goes to the server as it is typed; /quit leaves";

const GREETINGS: Readonly<Record<DialectName, string>> = {
  native:
    "Welcome to minichat. A line goes to everyone, @NAME TEXT to one person or group\nCommands: " +
    COMMANDS.map(({ word }) => `/${word}`).join(" "),
  framed: FEW,
  usermsg: FEW,
  etx: RAW,
  plain: RAW,
};

for (const dialect of DIALECTS) {
  Deno.test(`greeting() lists the commands that work in ${dialect.name} (R29)`, () => {
    assert.equal(greeting(dialect, abilitiesOf(dialect)), GREETINGS[dialect.name]);
  });
}
