// The password of a server, compared in constant time.

import { createHash, timingSafeEqual } from "node:crypto";
import { normalSecret } from "./passphrases.ts";

/** A password that clients must give before anything else. */
export class ServerPassword {
  readonly #hash: Uint8Array;

  constructor(password: string) {
    this.#hash = hashOf(password);
  }

  /** Whether `given` is the password. */
  matches(given: string): boolean {
    return timingSafeEqual(hashOf(given), this.#hash);
  }
}

/** A hash of fixed length: only equal lengths can be compared in constant time. */
function hashOf(password: string): Uint8Array {
  return createHash("sha256").update(normalSecret(password)).digest();
}
