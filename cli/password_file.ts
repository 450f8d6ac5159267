// A password in a file: its first line, from a file that is not for everybody's eyes.

import { quoted } from "../protocol/failures.ts";
import { errorText } from "../shared/errors.ts";

/** Bits of a file's mode that let people other than its owner and group read or write it. */
const OTHERS = 0o006;

/** More than this is no password but another file. */
const MOST_BYTES = 4096;

/** The password in `path`, or one sentence saying why there is none; `what` it is in that sentence. */
export function readPassword(
  path: string,
  what: "password" | "passphrase" = "password",
): { readonly password: string } | { error: string } {
  const file = quoted(path);
  let bytes: Uint8Array;
  try {
    const { mode, isDirectory } = Deno.statSync(path);
    if (isDirectory) return { error: `Not a file: ${file}: name the file with the ${what}` };
    if (mode !== null && (mode & OTHERS) !== 0) {
      return { error: `Everybody can read ${file}: make it yours alone with chmod 600` };
    }
    bytes = Deno.readFileSync(path);
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
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_BYTES));
  const password = text.split("\n", 1)[0]?.replace(/\r$/, "") ?? "";
  if (password.trim() === "") {
    return { error: `No ${what} in ${file}: write it on the first line` };
  }
  if (password.length >= MOST_BYTES) {
    return { error: `No ${what} in ${file}: the line is too long` };
  }
  return { password };
}
