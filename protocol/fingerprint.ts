// The fingerprint of a certificate, as both ends show it and people type it: SHA-256 in hexadecimal.
// Pure; computes none.

const PREFIX = "SHA256:";

/** `SHA256:AB:CD:...` of 32 bytes in hexadecimal with or without colons and prefix; else nothing. */
export function parseFingerprint(text: string): string | undefined {
  const digits = text.replace(/^sha-?256[:=]/i, "").replaceAll(":", "").toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? PREFIX + (digits.match(/../g) ?? []).join(":") : undefined;
}

/** The same of what the runtime computed. */
export function formatFingerprint(hexadecimal: string): string {
  const fingerprint = parseFingerprint(hexadecimal);
  if (fingerprint === undefined) throw new TypeError(`No SHA-256: "${hexadecimal}"`);
  return fingerprint;
}
