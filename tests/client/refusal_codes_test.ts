import assert from "node:assert/strict";
import { inScript } from "../../client/refusal_codes.ts";

Deno.test("inScript() names the flag that helps where nobody can be asked", () => {
  const password = { code: "password_required", message: "type it, alone on a line" } as const;
  assert.match(inScript(password, "bob"), /--password-file FILE$/);
  const claimed = { code: "name_claimed", message: "log in" } as const;
  const words = '"bob" is claimed: give its passphrase with --passphrase-file FILE, or choose ' +
    "another name";
  assert.equal(inScript(claimed, "bob"), words);
  assert.equal(inScript(claimed, undefined), "log in");
  const other = { code: "name_taken", message: "That name is taken" } as const;
  assert.equal(inScript(other, "bob"), other.message);
});
