// `--passphrase-file` of `minichat connect`, and reading the password and the passphrase from
// files.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import type { SessionSecrets } from "../../client/resume_state.ts";
import type { Problem } from "../../protocol/problem.ts";
import { readPassword } from "../password_file.ts";

/** The flags. */
export const secretOptions = object({
  passphraseFile: optional(option("--passphrase-file", string({ metavar: "FILE" }), {
    description:
      message`The passphrase of the claimed NAME is the first line of FILE, which other users must \
not be able to read. Without it a terminal asks if the name is claimed.`,
  })),
});

/** Parsed flags. */
export type SecretOptions = InferValue<typeof secretOptions>;

/** Returns a problem if a passphrase is given without a name, or in a dialect that has no login. */
export function secretProblem(
  { passphraseFile }: SecretOptions,
  { name, proves }: { readonly name: string | undefined; readonly proves: boolean },
): Problem | undefined {
  if (passphraseFile === undefined) return undefined;
  if (name === undefined) return { error: "Whose passphrase: --passphrase-file needs a NAME" };
  return proves ? undefined : { error: "Not in this dialect: --passphrase-file takes native" };
}

/** Reads the files. */
export function secretsOf(
  { passwordFile, passphraseFile }: SecretOptions & { readonly passwordFile?: string | undefined },
): SessionSecrets | Problem {
  const secrets: SessionSecrets = {};
  if (passwordFile !== undefined) {
    const read = readPassword(passwordFile);
    if ("error" in read) return read;
    secrets.password = read.password;
  }
  if (passphraseFile !== undefined) {
    const read = readPassword(passphraseFile, "passphrase");
    if ("error" in read) return read;
    secrets.passphrase = read.password;
  }
  return secrets;
}
