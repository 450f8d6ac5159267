import { assertMatch, assertStrictEquals } from "@std/assert";
import { scriptRefusalText } from "../../client/refusal_codes.ts";
import { EN } from "../../texts/en.ts";

Deno.test("scriptRefusalText() names the flag that helps a script, which cannot be asked", () => {
  const password = { code: "password_required", message: "type it, alone on a line" } as const;
  assertMatch(scriptRefusalText(password, "bob", EN.client), /--password-file FILE$/);
  const claimed = { code: "name_claimed", message: "log in" } as const;
  const words = '"bob" is claimed: give its passphrase with --passphrase-file FILE, or choose ' +
    "another name";
  assertStrictEquals(scriptRefusalText(claimed, "bob", EN.client), words);
  assertStrictEquals(scriptRefusalText(claimed, undefined, EN.client), "log in");
  const other = { code: "name_taken", message: "That name is taken" } as const;
  assertStrictEquals(scriptRefusalText(other, "bob", EN.client), other.message);
});
