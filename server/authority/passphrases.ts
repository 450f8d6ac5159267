// Stored passphrases: hashed with scrypt, each with its own salt and cost, so that a reader of the
// file cannot recover them soon.

import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from "node:crypto";

/** Cost of a hash: N, r and p of scrypt (RFC 7914). */
export interface HashCost {
  /** A power of two; with `r` it sets the memory: 128 * n * r bytes. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** A hashed passphrase. */
export interface Hashed extends HashCost {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** 32 MiB and about 100 ms of one core. */
export const USUAL_COST: HashCost = { n: 2 ** 15, r: 8, p: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Longest passphrase or password that is normalised, in UTF-16 units: that takes quadratic time. */
const MAX_NORMALISED_UNITS = 1024;

/**
 * A passphrase or password in the form that is hashed (NFKC): one letter can be typed as one
 * character or as two. One of more than 1,024 UTF-16 units stays as it is.
 */
export function normalSecret(secret: string): string {
  return secret.length > MAX_NORMALISED_UNITS ? secret : secret.normalize("NFKC");
}

/** Hashes and compares passphrases; asynchronous, off the event loop. */
export class Passphrases {
  readonly #cost: HashCost;
  /** Compared with if there is no claim, so that its absence takes as long. */
  readonly #dummy: Hashed;

  constructor(cost: HashCost = USUAL_COST) {
    this.#cost = cost;
    this.#dummy = { ...cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  }

  /** Hashes a new passphrase. */
  async hash(passphrase: string): Promise<Hashed> {
    const salt = randomBytes(SALT_BYTES);
    return { ...this.#cost, salt, hash: await derive(passphrase, salt, this.#cost) };
  }

  /** Whether the passphrase matches; without `hashed` it takes as long and returns false. */
  async matches(passphrase: string, hashed: Hashed | undefined): Promise<boolean> {
    const { salt, hash, ...cost } = hashed ?? this.#dummy;
    return timingSafeEqual(await derive(passphrase, salt, cost), hash) && hashed !== undefined;
  }
}

function derive(passphrase: string, salt: Uint8Array, { n, r, p }: HashCost): Promise<Uint8Array> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => {
    scrypt(
      normalSecret(passphrase),
      salt,
      HASH_BYTES,
      options,
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
}
