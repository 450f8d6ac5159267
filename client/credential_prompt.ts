// Name, password and passphrase of a client, and which secret to ask for after a refusal. Pure.

import type { FailureCode } from "../protocol/failures.ts";
import type { ClientTexts } from "../texts/texts.ts";
import type { SessionSecrets } from "./resume_state.ts";

export interface SecretPrompt {
  readonly secret: keyof SessionSecrets;
  /** The prompt in front of the line. */
  readonly prompt: string;
}

/**
 * The secret to ask for after `name` was refused with `code`; undefined to ask for another name.
 */
function secretPromptAfter(
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

/** The name and the secrets that a person has typed so far. */
export class Credentials {
  readonly #secrets: SessionSecrets;
  #name: string | undefined;
  #asking: SecretPrompt | undefined;

  /** A passphrase in `secrets` is that of `name`. */
  constructor(secrets: SessionSecrets = {}, name?: string) {
    this.#secrets = { ...secrets };
    this.#name = name;
  }

  /** The name asked for last. */
  get name(): string | undefined {
    return this.#name;
  }

  /** The secrets to send with that name. */
  get secrets(): SessionSecrets {
    return this.#secrets;
  }

  /** Sets the name; another name drops the passphrase, which does not fit it. */
  takeName(name: string | undefined): void {
    if (name !== this.#name) delete this.#secrets.passphrase;
    this.#name = name;
  }

  /** The secret to ask for after that refusal; undefined to ask for another name. */
  promptAfter(code: FailureCode, texts: ClientTexts): SecretPrompt | undefined {
    this.#asking = secretPromptAfter(code, this.#name, texts);
    return this.#asking;
  }

  /**
   * Stores the secret that was asked for. Returns false for an empty passphrase: another name is
   * wanted.
   */
  take(typed: string): boolean {
    const { secret = "password" } = this.#asking ?? {};
    if (typed === "" && secret === "passphrase") return false;
    this.#secrets[secret] = typed;
    return true;
  }
}
