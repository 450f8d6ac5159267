// Makes a self-signed certificate with the X.509 library.

import "reflect-metadata"; // the next one refuses to load without it
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { isIP } from "node:net";
import { formatFingerprint } from "../../protocol/fingerprint.ts";

/** The contents of a certificate. */
export interface SelfSignedOptions {
  /** Its host names and IP addresses. */
  readonly names: readonly string[];
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A certificate and its private key, as PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly until: Date;
}

/** ECDSA over P-256: every TLS library supports it, and its handshakes are fast. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const DAY_MS = 86_400_000;

/** The certificate is valid a day earlier, since clocks of other machines may be late. */
const EARLIER_MS = DAY_MS;

/** Makes a certificate with a new key; it cannot sign other certificates. */
export async function makeSelfSigned({ names, days, now }: SelfSignedOptions): Promise<SelfSigned> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const until = new Date(now + days * DAY_MS);
  const alternatives = names.map((value) => ({
    type: isIP(value) === 0 ? "dns" as const : "ip" as const,
    value,
  }));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=minichat",
    notBefore: new Date(now - EARLIER_MS),
    notAfter: until,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(alternatives),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const digest = await crypto.subtle.digest("SHA-256", certificate.rawData);
  return {
    cert: certificate.toString("pem") + "\n",
    key: PemConverter.encode(key, "PRIVATE KEY") + "\n",
    fingerprint: formatFingerprint(new Uint8Array(digest).toHex()),
    until,
  };
}
