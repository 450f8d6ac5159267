// `deno task compile`: builds the executable dist/minichat with the running Deno, or with a
// stand-in (denort.ts, for testing) if the runtime part cannot be downloaded.

import { recoverDenort, STAND_IN_VERSION, standInRuns } from "./denort.ts";

const ROOT = new URL("../", import.meta.url);
const OUTPUT = "dist/minichat";
/**
 * The bundled program, in few files by what is loaded together: it starts 50 ms faster than from
 * all sources or from one file, and contains no unused package.
 */
const BUNDLE = "dist/bundle/";
const USAGE = "Usage: deno task compile [--release]";

/**
 * How the program runs, here and in the tasks of deno.json: 4 MiB for young objects instead of 16
 * halve the memory of an idle client, at the same throughput (benchmarks/README.md).
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4";

/**
 * Needs only the bundle, so that another version of Deno can do it. --allow-all: the limit on open
 * files is in /proc, which Deno opens with no less. --no-code-cache: it saves no time here, and
 * would trust a file of a known name in the temporary directory, which all users share.
 */
const COMPILE = [
  ...["compile", "--quiet", "--no-check", "--no-config", "--no-lock", "--no-prompt"],
  ...["--no-code-cache", "--allow-all", V8_FLAGS, "--output"],
];

/** Time limit of an attempt that includes the download, if there is another way. */
const ATTEMPT_MS = 120_000;

const OUT_OF_REACH = "Deno's site is out of reach";

/** How a run of `deno compile` ended. */
export type Compiled = "built" | "no runtime" | "failed";

/** The outcome of a run, from its exit status and stderr. */
export function compiled(success: boolean, stderr: string): Compiled {
  if (success) return "built";
  // Deno's message for downloading the runtime; every other failure is an error in the program.
  return stderr.includes("Setting up base binary") ? "no runtime" : "failed";
}

/** Folder of downloads between builds: outside the repository, one per user. */
export function cacheFolder(environment: { get(name: string): string | undefined }): string {
  const base = environment.get("XDG_CACHE_HOME") || `${environment.get("HOME") ?? ""}/.cache`;
  return `${base}/minichat-build`;
}

/** Builds the executable; returns the exit code. */
async function compile(args: readonly string[]): Promise<number> {
  const release = args.length === 1 && args[0] === "--release";
  if (args.length > 0 && !release) return fail(USAGE, 2);
  const pinned = (await Deno.readTextFile(new URL(".dvmrc", ROOT))).trim();
  if (release && Deno.version.deno !== pinned) {
    return fail(`Build the release with Deno ${pinned}: this is Deno ${Deno.version.deno}`);
  }
  // --frozen: the build uses the versions of the lock file on every machine.
  await removeFolder(new URL(BUNDLE, ROOT)); // files of an earlier build would be included
  const bundled = await runDeno([Deno.execPath()], {
    args: ["bundle", "--quiet", "--frozen", "--code-splitting", "--outdir", BUNDLE, "main.ts"],
  });
  if (bundled.result !== "built") return fail(bundled.stderr);
  const program = [`--include=${BUNDLE}`, `${BUNDLE}main.js`];
  const code = await makeExecutable(program, OUTPUT, release);
  return code === 0 ? await finish() : code;
}

async function removeFolder(folder: URL): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (problem) {
    if (!(problem instanceof Deno.errors.NotFound)) throw problem;
  }
}

/** Compiles `program`, whose last element is the source; returns the exit code. */
export async function makeExecutable(
  program: readonly string[],
  output: string,
  release = false,
): Promise<number> {
  const args = [...COMPILE, output, ...program];
  const first = await runDeno([Deno.execPath()], {
    args,
    ...(release ? {} : { withinMs: ATTEMPT_MS }),
  });
  if (first.result === "built") return 0;
  if (first.result === "failed") return fail(first.stderr);
  if (release || !standInRuns(Deno.build)) {
    return fail(`${OUT_OF_REACH}: set DENORT_BIN to a local copy of its runtime\n${first.stderr}`);
  }
  return await compileWithStandIn(args);
}

async function compileWithStandIn(args: readonly string[]): Promise<number> {
  const recovered = await recoverDenort(cacheFolder(Deno.env));
  if ("error" in recovered) return fail(`${OUT_OF_REACH}. ${recovered.error}`);
  const { result, stderr } = await runDeno(["npx", "--yes", `deno@${STAND_IN_VERSION}`], {
    args,
    env: { DENORT_BIN: recovered.path },
  });
  if (result !== "built") return fail(stderr);
  say(
    `${OUT_OF_REACH}: built with the runtime of ${STAND_IN_VERSION} for testing, not for a release`,
  );
  return 0;
}

/** Runs the Deno that `deno` names; stops it after `withinMs`. */
async function runDeno(
  deno: readonly [string, ...string[]],
  options: {
    readonly args: readonly string[];
    readonly env?: Record<string, string>;
    readonly withinMs?: number;
  },
): Promise<{ result: Compiled; stderr: string }> {
  const [command, ...before] = deno;
  const signal = options.withinMs === undefined ? undefined : AbortSignal.timeout(options.withinMs);
  const { success, stderr } = await new Deno.Command(command, {
    args: [...before, ...options.args],
    cwd: ROOT,
    env: options.env ?? {},
    stdin: "null",
    ...(signal === undefined ? {} : { signal }),
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  return { result: signal?.aborted ? "no runtime" : compiled(success, said), stderr: said };
}

/**
 * Runs the executable once: a runtime of another version compiles without an error and does not
 * run.
 */
async function finish(): Promise<number> {
  const executable = new URL(OUTPUT, ROOT);
  const { success, stdout, stderr } = await new Deno.Command(executable, { args: ["--version"] })
    .output();
  const text = new TextDecoder();
  if (!success) return fail(`Start ${OUTPUT}: it failed with: ${text.decode(stderr).trim()}`);
  const megabytes = Math.round((await Deno.stat(executable)).size / 1e6);
  say(`${OUTPUT} is ready: ${text.decode(stdout).trim()}, ${megabytes} MB`);
  return 0;
}

function fail(text: string, code = 1): number {
  say(text);
  return code;
}

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await compile(Deno.args));
