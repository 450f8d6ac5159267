// Certificates for tests: made anew, in a directory of the test's own.

import { makeSelfMade, type SelfMade } from "../cli/self_made.ts";

/** A self-made certificate in files. */
export interface TlsFilesMade extends SelfMade {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The port where the server of this banner speaks TLS. */
export function tlsPort(banner: readonly string[]): number {
  const line = banner.find((one) => one.includes(", through TLS"));
  return Number(/:(\d+),/.exec(line ?? "")?.[1]);
}

/** Makes a certificate for this machine and writes it to `directory`, replacing one of that name. */
export async function makeTlsFiles(directory: string, name = "server"): Promise<TlsFilesMade> {
  const made = await makeSelfMade({ names: ["localhost", "127.0.0.1"], days: 7, now: Date.now() });
  const certFile = `${directory}/${name}.pem`;
  const keyFile = `${directory}/${name}.key`;
  await Deno.writeTextFile(certFile, made.cert);
  await Deno.writeTextFile(keyFile, made.key);
  return { ...made, certFile, keyFile };
}
