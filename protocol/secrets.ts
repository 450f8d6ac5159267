// Secrets typed as lines: in dialects that have no field for one, and in typed commands.

import { SLASH_COMMANDS } from "./slash_commands.ts";
import type { SecretInput } from "./dialect.ts";
import type { Request } from "./requests.ts";

/** The request of a typed line: the secret if one was asked for, else `means`. */
export function orSecret(
  secrets: SecretInput | undefined,
  { text, means }: { readonly text: string; readonly means: Request },
): Request {
  return secrets?.awaitsSecret ? { verb: "secret", text, means } : means;
}

/**
 * Position at which the secret part of a typed line begins, in UTF-16 units; undefined if it has
 * none.
 */
export function secretStart(line: string): number | undefined {
  const [head = "", word = ""] = /^\s*\/(\S+)\s+/.exec(line) ?? [];
  const row = SLASH_COMMANDS.find((one) => one.word === word.toLowerCase());
  // Shortened words are matched too, since they are also accepted as commands.
  const meant = row ??
    SLASH_COMMANDS.find((one) =>
      one.secret !== undefined && word !== "" && one.word.startsWith(word.toLowerCase())
    );
  if (meant?.secret === undefined) return undefined;
  if (meant.secret === "rest") return head.length;
  const [name = ""] = /^\S+\s+/.exec(line.slice(head.length)) ?? [];
  return name === "" ? undefined : head.length + name.length;
}

/** A typed line for display: of the same length, with the secret part as asterisks. */
export function maskSecret(line: string): string {
  const from = secretStart(line);
  return from === undefined ? line : line.slice(0, from) + "*".repeat(line.length - from);
}
