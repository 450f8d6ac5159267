// `deno task compile`: builds the executable dist/minichat with the running Deno, or, where its
// runtime part cannot be downloaded, with a stand-in (denort.ts) that is good enough for testing.

import { recoverDenort, STAND_IN_VERSION, standInRuns } from "./denort.ts";

const ROOT = new URL("../", import.meta.url);
const OUTPUT = "dist/minichat";
/**
 * The program in few files, each with what is loaded together: it starts 50 ms faster than from all
 * the sources or from one file, and no unused package is in it.
 */
const BUNDLE = "dist/bundle/";
const USAGE = "Usage: deno task compile [--release]";

/**
 * How the program is run, here and by the tasks in deno.json: 4 MiB for young objects instead of 16
 * hold half as much memory for each idle client, and cost no throughput (benchmarks/README.md).
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4";

/**
 * Needs nothing but the bundle, so that another version of Deno can do it. --allow-all: the limit on
 * open files stands in /proc, which Deno opens to nothing less. --no-code-cache: it saves no time
 * here, and would trust a file of a known name in the temporary directory, which all users share.
 */
const COMPILE = [
  ...["compile", "--quiet", "--no-check", "--no-config", "--no-lock", "--no-prompt"],
  ...["--no-code-cache", "--allow-all", V8_FLAGS, "--output"],
];

/** Longest time an attempt with the download in it may take when there is another way. */
const ATTEMPT_MS = 120_000;

const OUT_OF_REACH = "Deno's site is out of reach";

/** How a run of `deno compile` ended. */
export type Compiled = "built" | "no runtime" | "failed";

/** Judges a run by its exit status and what it wrote to stderr. */
export function compiled(success: boolean, stderr: string): Compiled {
  if (success) return "built";
  // Deno's words for getting the runtime; everything else is a fault of the program being built.
  return stderr.includes("Setting up base binary") ? "no runtime" : "failed";
}

/** Where downloads are kept between builds: outside the repository, one place per user. */
export function cacheFolder(environment: { get(name: string): string | undefined }): string {
  const base = environment.get("XDG_CACHE_HOME") || `${environment.get("HOME") ?? ""}/.cache`;
  return `${base}/minichat-build`;
}

/** Builds, and answers the exit code. */
async function compile(args: readonly string[]): Promise<number> {
  const release = args.length === 1 && args[0] === "--release";
  if (args.length > 0 && !release) return fail(USAGE, 2);
  const pinned = (await Deno.readTextFile(new URL(".dvmrc", ROOT))).trim();
  if (release && Deno.version.deno !== pinned) {
    return fail(`Build the release with Deno ${pinned}: this is Deno ${Deno.version.deno}`);
  }
  // --frozen: what is built is what the lock file says, whoever builds it.
  await removeFolder(new URL(BUNDLE, ROOT)); // files of an earlier build would go in as well
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

/** Makes an executable of a program, the last of `program`, and answers the exit code. */
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

/** Runs a Deno, started by the words of `deno`; stops it after `withinMs`. */
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

/** Starts what was built once: a runtime of another version compiles well and does not run. */
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
