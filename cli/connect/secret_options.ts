// `minichat connect` for those who cannot be asked: the flag for a claimed name's passphrase, and
// reading what lets somebody in from files.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import type { SessionSecrets } from "../../client/resume_state.ts";
import { readPassword } from "../password_file.ts";

/** See the top of this file. */
export const secretOptions = object({
  passphraseFile: optional(option("--passphrase-file", string({ metavar: "FILE" }), {
    description:
      message`The passphrase of NAME, which is claimed, is the first line of FILE, which \
others must not be able to read. Without it a terminal asks when there is one.`,
  })),
});

/** Parsed flags. */
export type SecretOptions = InferValue<typeof secretOptions>;

/** A sentence when a passphrase is given and nobody is there to prove. */
export function secretProblem(
  { passphraseFile }: SecretOptions,
  { name, proves }: { readonly name: string | undefined; readonly proves: boolean },
): string | undefined {
  if (passphraseFile === undefined) return undefined;
  if (name === undefined) return "Whose passphrase: --passphrase-file needs a NAME";
  return proves ? undefined : "Not in this dialect: --passphrase-file takes native";
}

/** What the files hold, or one sentence saying why it cannot be had. */
export function secretsOf(
  { passwordFile, passphraseFile }: SecretOptions & { readonly passwordFile?: string | undefined },
): SessionSecrets | { readonly error: string } {
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
