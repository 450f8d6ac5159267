import { assert, assertEquals, assertMatch } from "@std/assert";
import { readPassword } from "../../cli/password_file.ts";
import { passwordOf } from "../../cli/serve/authority_options.ts";

function withFile(text: string, mode: number, check: (path: string) => void): void {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, text);
  Deno.chmodSync(path, mode);
  check(path);
  Deno.removeSync(path);
}

Deno.test("readPassword() takes the first line, whatever ends it", () => {
  for (const text of ["a pass word", "a pass word\n", "a pass word\r\n", "a pass word\nmore\n"]) {
    withFile(text, 0o600, (path) => {
      assertEquals(readPassword(path), { password: "a pass word" });
    });
  }
  withFile("x", 0o640, (path) => assertEquals(readPassword(path), { password: "x" }));
});

Deno.test("readPassword() refuses a file every user can read, an empty one and a missing one", () => {
  for (const mode of [0o604, 0o602, 0o666]) {
    withFile("x", mode, (path) => assertMatch(JSON.stringify(readPassword(path)), /chmod 600/));
  }
  for (const text of ["", "\n", "  \n", "\nsecond"]) {
    withFile(text, 0o600, (path) => assertMatch(JSON.stringify(readPassword(path)), /first line/));
  }
  assertMatch(JSON.stringify(readPassword("/nowhere/at/all")), /No such file .*: name the file/);
  assertMatch(JSON.stringify(readPassword(Deno.cwd())), /Not a file/);
});

Deno.test("serve refuses a password that reads like another program's first line", () => {
  for (const text of ["hello", "USER bob", "MSG x", "{}", "GET /", "SSH-2.0-x"]) {
    withFile(text, 0o600, (path) => {
      assertMatch(JSON.stringify(passwordOf(path)), /Choose another password/, text);
    });
  }
  withFile("correct horse", 0o600, (path) => {
    const read = passwordOf(path);
    assert("password" in read && read.password?.matches("correct horse"));
  });
  assertEquals(passwordOf(undefined), { password: undefined });
});
