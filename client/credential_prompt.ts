// Whom a person wants to be and what proves it: which secret is asked for when the server refuses to
// let somebody in without it. Pure.

import type { FailureCode } from "../protocol/failures.ts";
import type { ClientTexts } from "../texts/texts.ts";
import type { SessionSecrets } from "./resume_state.ts";

/** A secret to ask for. */
export interface SecretPrompt {
  readonly secret: keyof SessionSecrets;
  /** What stands in front of the line. */
  readonly prompt: string;
}

/** What to ask for after the refusal of somebody who wants to be `name`; nothing for another name. */
export function secretPromptAfter(
  code: FailureCode,
  name: string | undefined,
  texts: ClientTexts,
): SecretPrompt | undefined {
  switch (code) {
    case "password_required":
    case "wrong_password":
      return { secret: "password", prompt: texts.passwordPrompt };
    case "name_claimed":
    case "wrong_passphrase":
      if (name === undefined) return undefined;
      return { secret: "passphrase", prompt: texts.passphrasePrompt(name) };
    default:
      return undefined;
  }
}

/** What a person has said to be let in. */
export class Credentials {
  readonly #secrets: SessionSecrets;
  #name: string | undefined;
  #asking: SecretPrompt | undefined;

  /** A passphrase among `secrets` is that of `name`. */
  constructor(secrets: SessionSecrets = {}, name?: string) {
    this.#secrets = { ...secrets };
    this.#name = name;
  }

  /** The name asked for last. */
  get name(): string | undefined {
    return this.#name;
  }

  /** What to say with that name. */
  get secrets(): SessionSecrets {
    return this.#secrets;
  }

  /** Asks for a name: what proves another one proves nothing of it. */
  takeName(name: string | undefined): void {
    if (name !== this.#name) delete this.#secrets.passphrase;
    this.#name = name;
  }

  /** What to ask for after that refusal; nothing for another name. */
  promptAfter(code: FailureCode, texts: ClientTexts): SecretPrompt | undefined {
    this.#asking = secretPromptAfter(code, this.#name, texts);
    return this.#asking;
  }

  /** Takes what was typed for what was asked; false when there was nothing, and another name is wanted. */
  take(typed: string): boolean {
    const { secret = "password" } = this.#asking ?? {};
    if (typed === "" && secret === "passphrase") return false;
    this.#secrets[secret] = typed;
    return true;
  }
}
