// The password of a whole server, compared without telling by the time it takes how much of it was
// right. It knows no file and no connection.

import { createHash, timingSafeEqual } from "node:crypto";

/** A password that newcomers must give. */
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

/** Of one length, whatever was given: only such can be compared in constant time. */
function hashOf(password: string): Uint8Array {
  return createHash("sha256").update(password.normalize("NFKC")).digest();
}
