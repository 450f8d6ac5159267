// The checks of the operator's commands, typed at a server's console: wall, kick, shutdown.

import { latin1, utf8Bytes } from "../bytes.ts";
import { crashText } from "../program_exit.ts";
import { TALK } from "./common_checks.ts";
import { expectMessage, joinThree, joinTwo } from "./dialect_probe.ts";
import { Mismatch } from "./mismatch.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ProgramCheck, ProgramScene } from "./program_checks.ts";

/** Seconds of the shutdown that is tried. */
const SHUTDOWN_S = 2;
/** A server that ends earlier than this before its time has not waited, in milliseconds. */
const EARLY_MS = 700;
/** For connections and the program to end after their time, in milliseconds. */
const LATE_MS = 3_000;

/** The checks of the operator's commands. */
export const CONSOLE_CHECKS: readonly ProgramCheck[] = [
  { id: "wall", needs: [TALK], run: (scene) => onPipeOrTerminal(scene, sayToAll) },
  { id: "kick", needs: [TALK], run: (scene) => onPipeOrTerminal(scene, sendAway) },
  { id: "shutdown", needs: [TALK], run: (scene) => onPipeOrTerminal(scene, shutDown) },
];

/** A scene in which commands are typed. */
interface ConsoleScene extends ProgramScene {
  /** Set as soon as the program reacts to what is typed. */
  readonly attempt: { hasReacted: boolean };
}

/** Runs a check with the console on a pipe, then, if it reads none, on a terminal. */
async function onPipeOrTerminal(
  scene: ProgramScene,
  run: (scene: ConsoleScene) => Promise<void>,
): Promise<void> {
  const { probe, program } = scene;
  const attempt = { hasReacted: false };
  try {
    return await run({ ...scene, attempt });
  } catch (error) {
    const isOver = attempt.hasReacted || program.exit !== undefined;
    if (!(error instanceof Mismatch) || isOver) throw error;
    const exchanges = probe.transcript.length;
    if (await program.start({ onTerminal: true }) !== undefined) throw error;
    try {
      return await run({ ...scene, attempt });
    } catch (again) {
      if (!(again instanceof Mismatch)) throw again;
      probe.transcript.splice(exchanges);
      throw error;
    }
  }
}

async function sayToAll(scene: ConsoleScene): Promise<void> {
  const { probe, dialect } = scene;
  const { ana, bob } = await joinTwo(probe, dialect);
  await probe.pause("silenceMs");
  for (const one of [ana, bob]) one.forget();
  const text = "Lunch is ready.";
  const isThere = (one: ProbeConnection) => one.rest.includes(latin1(utf8Bytes(text)));
  if (await command(scene, `wall ${text}`, () => isThere(ana), ana) && isThere(ana)) {
    await bob.wait(() => isThere(bob) || undefined);
  }
  for (const one of [ana, bob]) {
    if (isThere(one)) continue;
    const { common, program } = probe.texts.hints;
    throw one.mismatch({
      expected: probe.texts.expected.program.wall(text),
      hint: isThere(ana) ? common.sendToAll : program.wall,
    });
  }
}

async function sendAway(scene: ConsoleScene): Promise<void> {
  const { probe, dialect } = scene;
  const { kick } = probe.texts.hints.program;
  const { ana, bob, carol } = await joinThree(probe, dialect);
  await probe.pause("silenceMs");
  if (!await command(scene, `kick ${carol.name}`, () => carol.hasEnded, carol)) {
    throw carol.mismatch({ expected: probe.texts.expected.common.end, hint: kick });
  }
  const text = "One of us was sent away.";
  await ana.send(dialect.say(text), kick);
  await expectMessage(
    dialect,
    { speaker: ana, listener: bob, text },
    probe.texts.hints.program.kickAlone,
  );
}

/**
 * Types an operator's command as the sheet writes it, or with the mark that the server's own list has
 * in front of it; true as soon as `hasWorked`.
 */
async function command(
  { probe, program, attempt }: ConsoleScene,
  line: string,
  hasWorked: () => boolean,
  watched: ProbeConnection,
): Promise<boolean> {
  const [word = ""] = line.split(" ");
  const [, mark = ""] = new RegExp(`([/!:.@#-]{1,2})${word}\\b`, "i").exec(program.screen.text) ??
    [];
  const marks = [...new Set([mark, "", "/"])];
  const before = program.screen.text;
  for (const one of marks) {
    await program.type(one + line);
    const worked = await watched.wait(
      () => hasWorked() || undefined,
      probe.timeoutMs / marks.length,
    );
    attempt.hasReacted ||= worked !== undefined || hasWorked() || program.screen.text !== before;
    if (worked !== undefined || hasWorked()) return true;
  }
  return false;
}

async function shutDown(scene: ConsoleScene): Promise<void> {
  const { probe, program, dialect } = scene;
  const { expected: { program: expected }, hints: { program: hints } } = probe.texts;
  const { ana, bob } = await joinTwo(probe, dialect);
  await probe.pause("silenceMs");
  for (const one of [ana, bob]) one.forget();
  const isAnnounced = () => ana.rest !== "";
  let typed = probe.now();
  await command(scene, `shutdown ${SHUTDOWN_S}`, () => {
    if (!isAnnounced() && !ana.hasEnded) typed = probe.now();
    return isAnnounced() || ana.hasEnded;
  }, ana);
  for (const one of [ana, bob]) {
    await one.wait(() => one.rest !== "" || undefined, probe.timeoutMs / 2);
    if (one.rest === "") {
      throw one.mismatch({
        expected: expected.announcement(SHUTDOWN_S),
        hint: one.hasEnded ? hints.announceShutdown : hints.shutdown,
      });
    }
  }
  const left = () => SHUTDOWN_S * 1000 - (probe.now() - typed);
  await ana.wait(() => undefined, Math.max(0, left() - EARLY_MS));
  if (ana.hasEnded || program.exit !== undefined) {
    throw new Mismatch({
      expected: expected.runsUntil(SHUTDOWN_S),
      received: probe.texts.received.endedEarly,
      hint: hints.shutdownEarly,
    });
  }
  for (const one of [ana, bob]) {
    await one.wait(() => undefined, left() + LATE_MS);
    if (!one.hasEnded) {
      throw one.mismatch({ expected: expected.endsAfter(SHUTDOWN_S), hint: hints.shutdownLate });
    }
  }
  const exit = await program.ended(LATE_MS);
  const crash = exit === undefined
    ? program.texts.exits.running
    : crashText(exit, program.lastErrors, program.texts.exits);
  if (crash === undefined) return;
  throw new Mismatch({
    expected: expected.programEnds,
    received: crash,
    hint: hints.shutdownClean,
  });
}
