import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { secretProblem, secretsOf } from "../../../cli/connect/secret_options.ts";

Deno.test("secretsOf() reads the password and the passphrase from their files", () => {
  const directory = Deno.makeTempDirSync();
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = `${directory}/${name}`;
    Deno.writeTextFileSync(path, text);
    Deno.chmodSync(path, mode);
    return path;
  };
  const passwordFile = file("password", "correct horse\n");
  const passphraseFile = file("passphrase", "open sesame\nmore\n");
  assertEquals(secretsOf({ passphraseFile: undefined }), {});
  assertEquals(secretsOf({ passwordFile, passphraseFile }), {
    password: "correct horse",
    passphrase: "open sesame",
  });
  const open = secretsOf({ passphraseFile: file("open", "x\n", 0o644) });
  assertMatch("error" in open ? open.error : "", /Other users can read/);
  const empty = secretsOf({ passwordFile, passphraseFile: file("empty", "\n") });
  assertMatch("error" in empty ? empty.error : "", /^No passphrase in /);
  const missing = secretsOf({ passphraseFile: `${directory}/missing` });
  assertMatch(
    "error" in missing ? missing.error : "",
    /^No such file .*file with the passphrase$/,
  );
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("secretProblem() wants a name to prove, and a dialect that can", () => {
  const given = { passphraseFile: "FILE" };
  assertStrictEquals(secretProblem(given, { name: "alice", proves: true }), undefined);
  assertMatch(
    secretProblem(given, { name: undefined, proves: true })?.error ?? "",
    /needs a NAME/,
  );
  assertMatch(
    secretProblem(given, { name: "alice", proves: false })?.error ?? "",
    /Not in this dialect/,
  );
  const none = { passphraseFile: undefined };
  assertStrictEquals(secretProblem(none, { name: undefined, proves: false }), undefined);
});
