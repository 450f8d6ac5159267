// Secrets typed as lines, in dialects that have no field for one, and where typed commands hold one.
// Pure; whether a secret is right is the server's business.

import { SLASH_COMMANDS } from "./slash_commands.ts";
import type { SecretInput } from "./dialect.ts";
import type { Request } from "./requests.ts";

/** What a line asks for: a secret, as it was typed, while one is asked for; else what it means. */
export function orSecret(
  secrets: SecretInput | undefined,
  { text, means }: { readonly text: string; readonly means: Request },
): Request {
  return secrets?.awaitsSecret ? { verb: "secret", text, means } : means;
}

/** Where the part of a typed line begins that nobody may see, in UTF-16 units; nothing in most. */
export function secretStart(line: string): number | undefined {
  const [head = "", word = ""] = /^\s*\/(\S+)\s+/.exec(line) ?? [];
  const row = SLASH_COMMANDS.find((one) => one.word === word.toLowerCase());
  // A shortened word is looked for too: it is carried out like the whole one.
  const meant = row ??
    SLASH_COMMANDS.find((one) =>
      one.secret !== undefined && word !== "" && one.word.startsWith(word.toLowerCase())
    );
  if (meant?.secret === undefined) return undefined;
  if (meant.secret === "rest") return head.length;
  const [name = ""] = /^\S+\s+/.exec(line.slice(head.length)) ?? [];
  return name === "" ? undefined : head.length + name.length;
}

/** A typed line as it may be shown: of the same length, the secret part of it as stars. */
export function maskSecret(line: string): string {
  const from = secretStart(line);
  return from === undefined ? line : line.slice(0, from) + "*".repeat(line.length - from);
}
