// The fingerprint of a certificate as both ends show it and people type it: SHA-256 in hexadecimal.

const PREFIX = "SHA256:";

/**
 * `SHA256:AB:CD:...` of 32 bytes in hexadecimal, with or without colons and prefix; undefined if
 * `text` is none.
 */
export function parseFingerprint(text: string): string | undefined {
  const digits = text.replace(/^sha-?256[:=]/i, "").replaceAll(":", "").toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? PREFIX + (digits.match(/../g) ?? []).join(":") : undefined;
}

/** Formats the digest that the runtime computed; throws a TypeError if it is no SHA-256. */
export function formatFingerprint(hexadecimal: string): string {
  const fingerprint = parseFingerprint(hexadecimal);
  if (fingerprint === undefined) throw new TypeError(`No SHA-256: "${hexadecimal}"`);
  return fingerprint;
}
