// The flags of `minichat serve` about access to the chat.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { detect } from "../../protocol/detect.ts";
import { plain } from "../../protocol/plain.ts";
import type { Problem } from "../../protocol/problem.ts";
import { ServerPassword } from "../../server/authority/server_password.ts";
import { readPassword } from "../password_file.ts";

/** The flags. */
export const serveAuthorityParser = object({
  passwordFile: optional(option("--password-file", string({ metavar: "FILE" }), {
    description:
      message`Require the password on the first line of FILE, which other users must not \
be able to read. Without TLS it crosses the network unencrypted.`,
  })),
});

/** Reads the password that clients must give; undefined without the flag. */
export function passwordOf(
  path: string | undefined,
): { readonly password: ServerPassword | undefined } | Problem {
  if (path === undefined) return { password: undefined };
  const read = readPassword(path);
  if ("error" in read) return read;
  // Telnet users type it as their first line, which must not be detected as another protocol.
  const judged = detect(new TextEncoder().encode(`${read.password}\n`), false);
  if (judged.kind !== "dialect" || judged.dialect !== plain) {
    return { error: "Choose another password: it reads like the first line of another protocol" };
  }
  return { password: new ServerPassword(read.password) };
}
