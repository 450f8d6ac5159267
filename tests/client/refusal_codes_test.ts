import assert from "node:assert/strict";
import { scriptRefusalText } from "../../client/refusal_codes.ts";

Deno.test("inScript() names the flag that helps where nobody can be asked", () => {
  const password = { code: "password_required", message: "type it, alone on a line" } as const;
  assert.match(scriptRefusalText(password, "bob"), /--password-file FILE$/);
  const claimed = { code: "name_claimed", message: "log in" } as const;
  const words = '"bob" is claimed: give its passphrase with --passphrase-file FILE, or choose ' +
    "another name";
  assert.equal(scriptRefusalText(claimed, "bob"), words);
  assert.equal(scriptRefusalText(claimed, undefined), "log in");
  const other = { code: "name_taken", message: "That name is taken" } as const;
  assert.equal(scriptRefusalText(other, "bob"), other.message);
});
