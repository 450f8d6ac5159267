// The flags of `minichat serve` about who may come in.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { detect } from "../../protocol/detect.ts";
import { plain } from "../../protocol/plain.ts";
import { ServerPassword } from "../../server/authority/server_password.ts";
import { readPassword } from "../password_file.ts";

/** What `minichat serve` takes about who may come in. */
export const serveAuthorityParser = object({
  passwordFile: optional(option("--password-file", string({ metavar: "FILE" }), {
    description: message`Let only those in who know the password on the first line of FILE, which \
others must not be able to read. Without TLS it crosses the network readable.`,
  })),
});

/** The password that newcomers must give, if any, or why there is none. */
export function passwordOf(
  path: string | undefined,
): { readonly password: ServerPassword | undefined } | { readonly error: string } {
  if (path === undefined) return { password: undefined };
  const read = readPassword(path);
  if ("error" in read) return read;
  // It may be the first line of somebody with telnet: it must not look like another program's.
  const judged = detect(new TextEncoder().encode(`${read.password}\n`), false);
  if (judged.kind !== "dialect" || judged.dialect !== plain) {
    return { error: "Choose another password: it reads like the first line of another protocol" };
  }
  return { password: new ServerPassword(read.password) };
}
