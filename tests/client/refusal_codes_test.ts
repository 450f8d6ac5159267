import assert from "node:assert/strict";
import { scriptRefusalText } from "../../client/refusal_codes.ts";
import { EN } from "../../texts/en.ts";

Deno.test("scriptRefusalText() names the flag that helps a script, which cannot be asked", () => {
  const password = { code: "password_required", message: "type it, alone on a line" } as const;
  assert.match(scriptRefusalText(password, "bob", EN.client), /--password-file FILE$/);
  const claimed = { code: "name_claimed", message: "log in" } as const;
  const words = '"bob" is claimed: give its passphrase with --passphrase-file FILE, or choose ' +
    "another name";
  assert.equal(scriptRefusalText(claimed, "bob", EN.client), words);
  assert.equal(scriptRefusalText(claimed, undefined, EN.client), "log in");
  const other = { code: "name_taken", message: "That name is taken" } as const;
  assert.equal(scriptRefusalText(other, "bob", EN.client), other.message);
});
