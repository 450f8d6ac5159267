// Guesses the dialect of a server: tries in each one to get a message of one client to another, and
// takes the first in which it arrives. Used without `--dialect`, and when the requested one fails.

import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import type { Finding } from "../finding.ts";
import { CHECK_TIMING, pause } from "../timing.ts";
import { systemClock } from "../../shared/clock.ts";
import { TALK } from "./common_checks.ts";
import { type ServerSuite, serverSuite } from "./server_checks.ts";
import { runServerChecks, type ServerRun } from "./server_runner.ts";

/** A dialect with one size of header. */
interface Choice {
  readonly dialect: DialectName;
  readonly headerBytes: 16 | 12 | 8;
  /** The flags that choose it. */
  readonly flags: string;
  readonly suite: ServerSuite;
}

/** What was guessed, or why nothing was. */
export type DialectGuess =
  | {
    readonly kind: "guessed";
    readonly dialect: DialectName;
    readonly headerBytes: Choice["headerBytes"];
    /** One line: the dialect, and the evidence. */
    readonly why: string;
  }
  | { readonly kind: "unknown"; readonly error: string };

/** A run without what each guess has of its own. */
export type GuessRun = Omit<ServerRun, "checks" | "onBegin" | "onFinding" | "show">;

const HEADER_BYTES = [16, 12, 8] as const;
/** Beyond the numbers of the checks themselves, so that no name of a client is used twice. */
const MAX_CHECKS = 70;
/** No further dialect is tried for a suggestion after so long. */
const MAX_SUGGESTION_MS = 8_000;

/**
 * Guesses first what is certain: `plain` takes any line, so another dialect's words are a message
 * there, and comes last unless the server greets. Frames are likely on a Unix socket.
 */
const ORDERS = {
  greets: ["usermsg", "plain", "etx", "native", "framed"],
  silent: ["usermsg", "etx", "native", "framed", "plain"],
  unix: ["framed", "usermsg", "etx", "native", "plain"],
} as const satisfies Record<string, readonly DialectName[]>;

/** A check that a server may pass although no message arrives, by which its dialect is likely. */
const EVIDENCE = { hello: "answersHello", ok: "answersOk" } as const;

/** Guesses the dialect; `headerBytes` leaves only dialects with such a header. */
export async function guessDialect(
  run: GuessRun,
  headerBytes?: Choice["headerBytes"],
): Promise<DialectGuess> {
  const { guess } = run.texts;
  const greeting = await greetingOf(run);
  if ("error" in greeting) return { kind: "unknown", error: greeting.error };
  const silent = run.address.kind === "unix" ? ORDERS.unix : ORDERS.silent;
  const order = greeting.bytes > 0 ? ORDERS.greets : silent;
  const choices = order.flatMap((dialect) => choicesOf(dialect, run.texts))
    .filter(({ flags }) => headerBytes === undefined || flags.endsWith(` ${headerBytes}`));
  let likely: DialectGuess | undefined;
  for (const [at, choice] of choices.entries()) {
    const passed = await passedBy(choice, { ...run, firstNumber: run.firstNumber + at });
    if (passed === undefined) {
      return { kind: "unknown", error: guess.ended(choice.suite.title) };
    }
    if (passed.includes(TALK)) {
      return guessed(choice, guess.becauseTalk(choice.suite.title, choice.flags));
    }
    const [evidence] = passed.flatMap((id) => new Map(Object.entries(EVIDENCE)).get(id) ?? []);
    if (evidence !== undefined) {
      likely ??= guessed(choice, guess[evidence](choice.suite.title, choice.flags));
    }
  }
  if (likely !== undefined) return likely;
  const plain = choices.find(({ suite }) => suite.choosesJoin);
  if (greeting.bytes > 0 && plain !== undefined) {
    return guessed(plain, guess.greets(plain.suite.title, plain.flags));
  }
  return { kind: "unknown", error: guess.none };
}

/**
 * A line that names the flags of the dialect that the server speaks; undefined if the checks of the
 * suite `triedTitle` got a message through, or if no other dialect does.
 */
export async function dialectSuggestion(
  findings: readonly Finding[],
  run: GuessRun,
  triedTitle: string,
): Promise<string | undefined> {
  const talk = findings.find(({ check }) => check.id === TALK);
  if (talk === undefined || talk.verdict.kind === "pass") return undefined;
  const others = DIALECT_NAMES.flatMap((dialect) => choicesOf(dialect, run.texts))
    .filter(({ suite }) => suite.title !== triedTitle);
  const { clock = systemClock } = run;
  const deadline = clock.monotonic() + MAX_SUGGESTION_MS;
  for (const [at, choice] of others.entries()) {
    if (clock.monotonic() > deadline) return undefined;
    const firstNumber = run.firstNumber + MAX_CHECKS + at;
    const passed = await passedBy(choice, { ...run, firstNumber }, [TALK]);
    if (passed === undefined) return undefined;
    if (passed.includes(TALK)) return run.texts.otherDialect(choice.suite.title, choice.flags);
  }
  return undefined;
}

/** The first checks of a dialect that the server passes; undefined if it is gone. */
async function passedBy(
  { suite: { checks, show } }: Choice,
  run: GuessRun,
  ids: readonly string[] = [TALK, ...Object.keys(EVIDENCE)],
): Promise<readonly string[] | undefined> {
  const result = await runServerChecks({
    ...run,
    // Without what they need: only what passes counts.
    checks: checks.filter(({ check }) => ids.includes(check.id))
      .map((row) => ({ ...row, needs: row.check.id === TALK ? [] : row.needs })),
    timeoutMs: Math.min(run.timeoutMs, (run.timing ?? CHECK_TIMING).guessMs),
    show,
    onBegin: () => {},
    onFinding: () => {},
  });
  if (result.kind === "unreachable") return undefined;
  return result.findings.filter(({ verdict }) => verdict.kind === "pass")
    .map(({ check }) => check.id);
}

/** How many bytes a new client receives before it sends anything. */
async function greetingOf(
  { dial, clock = systemClock, timing = CHECK_TIMING }: GuessRun,
): Promise<{ readonly bytes: number } | { readonly error: string }> {
  const dialled = await dial();
  if (!dialled.ok) return { error: dialled.error };
  const { wire } = dialled;
  let bytes = 0;
  const reading = wire.read(new Uint8Array(1024)).then((count) => bytes = count ?? 0, () => {});
  await Promise.race([reading, pause(clock, timing.guessMs)]);
  await wire.closeWrite().catch(() => {}); // the server may have closed before
  wire.close();
  await reading;
  return { bytes };
}

function guessed({ dialect, headerBytes }: Choice, why: string): DialectGuess {
  return { kind: "guessed", dialect, headerBytes, why };
}

/** One choice for each size of header if the dialect has headers, else one. */
function choicesOf(dialect: DialectName, texts: ServerCheckTexts): readonly Choice[] {
  const choices = new Map(
    HEADER_BYTES.map((headerBytes) => {
      const suite = serverSuite(dialect, { headerBytes }, texts);
      const flags = `--dialect ${dialect} --header ${headerBytes}`;
      return [suite.title, { dialect, headerBytes, suite, flags }] as const;
    }),
  );
  if (choices.size > 1) return [...choices.values()];
  return [...choices.values()].map((choice) => ({ ...choice, flags: `--dialect ${dialect}` }));
}
