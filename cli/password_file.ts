// Reads a password from the first line of a file that other users cannot read.

import { quoted } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import { errorText } from "../shared/errors.ts";
import { readOwned } from "../shared/owned_files.ts";

/** Mode bits that let users other than the owner and the group read or write a file. */
const OTHERS = 0o006;

/** A longer first line is not a password; the path names another file. */
const MAX_BYTES = 4096;

/** Reads the password in `path`; `what` is its name in error messages. */
export function readPassword(
  path: string,
  what: "password" | "passphrase" = "password",
): { readonly password: string } | Problem {
  const file = quoted(path);
  let bytes: Uint8Array;
  try {
    const { mode, isDirectory } = Deno.statSync(path);
    if (isDirectory) return { error: `Not a file: ${file}: name the file with the ${what}` };
    if (mode !== null && (mode & OTHERS) !== 0) {
      return { error: `Other users can read ${file}: make it yours alone with chmod 600` };
    }
    bytes = readOwned(path);
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) {
      return { error: `No such file ${file}: name the file with the ${what}` };
    }
    if (problem instanceof Deno.errors.PermissionDenied) {
      return { error: `No permission to read ${file}: make it yours with chown` };
    }
    const why = errorText(problem);
    return { error: `Cannot read the ${what} in ${file}: ${why}` };
  }
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_BYTES));
  const password = text.split("\n", 1)[0]?.replace(/\r$/, "") ?? "";
  if (password.trim() === "") {
    return { error: `No ${what} in ${file}: write it on the first line` };
  }
  if (password.length >= MAX_BYTES) {
    return { error: `No ${what} in ${file}: the line is too long` };
  }
  return { password };
}
