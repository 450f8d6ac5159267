// The steps that every dialect shares: how a client ends, what it does when the server closes, and
// whether it idles. Dialects differ in the bytes of a message and in the sheet's requirement.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Check } from "../finding.ts";
import type { ProgramExit } from "../isolated_process.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientStep } from "./client_suite.ts";
import { crashText, exitText } from "../program_exit.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** A waiting client uses less than this share of one processor; a spinning one uses all of it. */
const SPIN_SHARE = 0.6;

/** More unread bytes than this come from a client in an endless loop. */
const MANY_BYTES = 10_000;

/** What asks for a check, and how strongly. */
export type Requirement = Pick<Check, "sources" | "level">;

/** CTRL-D ends the client (R33); `farewell` takes what the dialect sends first. */
export function endOfInput(
  texts: ClientCheckTexts,
  requirement: Requirement,
  farewell: (probe: ClientProbe) => Promise<StepOutcome> = (probe) =>
    Promise.resolve(void probe.wire.take()),
): ClientStep {
  return {
    check: { ...requirement, id: "end-of-input", title: texts.titles.ending["end-of-input"] },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      await probe.driver.endInput();
      return await closes(probe, probe.texts.endings.closeAtEnd) ?? await farewell(probe) ??
        await exitsWithZero(probe);
    },
  };
}

/** The client's stream must end; the server's end stays open until then. */
export async function closes(probe: ClientProbe, hint: string): Promise<StepOutcome> {
  const { wire, timeouts, texts } = probe;
  await wire.until(() => wire.end !== "open" || undefined, timeouts.endMs);
  if (wire.end === "fin" || wire.end === "reset") return undefined;
  const isWild = wire.end === "flood" || wire.unread.length > MANY_BYTES || await spins(probe);
  const got = probe.received(wire.take());
  return miss(
    texts.endings.closes,
    texts.data.stayedOpen(got),
    isWild ? texts.endings.spins : hint,
  );
}

/** Closes the connection; the program must end with exit code 0. */
export async function exitsWithZero(probe: ClientProbe): Promise<StepOutcome> {
  const { endings, skipped } = probe.texts;
  await probe.wire.close();
  const ending = await probe.driver.ended(probe.timeouts.endMs);
  if (ending === "unseen") return skip(skipped.unknownEnd);
  if (ending === "running") return await stillRuns(probe, endings.exitsWithZero);
  const crash = crashText(ending, probe.driver.screen(), probe.texts.exits);
  if (ending.code === 0 && ending.signal === null && crash === undefined) return undefined;
  return miss(
    endings.exitsWithZero,
    crash ?? exitText(ending, probe.texts.exits),
    endings.normalEnd,
  );
}

/** What a client may do instead of ending when the server closes. */
export type InsteadOfEnding = "waits for input" | "connects again";

/** The server half-closes (FIN): the client must notice, also while it waits for its user. */
export function serverCloses(
  texts: ClientCheckTexts,
  requirement: Requirement,
  instead?: InsteadOfEnding,
): ClientStep {
  const mayReconnect = instead === "connects again";
  return {
    check: {
      ...requirement,
      id: "server-closes",
      title: texts.titles.ending["server-closes"](mayReconnect),
    },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      await probe.wire.finish();
      let ending = await probe.waitForExit(probe.timeouts.endMs);
      if (ending === "running" && mayReconnect && await probe.reconnects()) return undefined;
      if (ending === "running" && instead === "waits for input") {
        await probe.driver.type("still there");
        ending = await probe.driver.ended(probe.timeouts.endMs);
      }
      if (ending === "unseen") return skip(probe.texts.skipped.unknownEnd);
      if (ending === "running") return await stillRuns(probe, probe.texts.endings.endsAfterServer);
      return crashed(ending, probe);
    },
  };
}

/** Sends half a message and closes: the client must not crash or spin (R17, R26). */
export function serverVanishes(
  texts: ClientCheckTexts,
  requirement: Requirement,
  half: (probe: ClientProbe) => string | Uint8Array,
): ClientStep {
  return {
    check: { ...requirement, id: "server-vanishes", title: texts.titles.ending["server-vanishes"] },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      await probe.send(half(probe));
      await probe.wire.quiet(probe.timeouts.quietMs);
      await probe.wire.close();
      const ending = await probe.waitForExit(probe.timeouts.answerMs);
      if (ending === "unseen") return skip(probe.texts.skipped.unknownSurvival);
      if (ending !== "running") return crashed(ending, probe);
      return await spins(probe) ? spinning(probe) : undefined;
    },
  };
}

/** The user types after the server has closed: SIGPIPE kills a C program that does not ignore it. */
export function inputAfterClose(texts: ClientCheckTexts, requirement: Requirement): ClientStep {
  return {
    check: { ...requirement, id: "typed-to-nobody", title: texts.titles.ending["typed-to-nobody"] },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      const { endings, skipped } = probe.texts;
      if (probe.driver.byHand) return skip(skipped.unknownSignal);
      await probe.wire.close();
      // The first line is answered by a reset, the second is written to a broken connection.
      for (const line of ["one", "two", "three"]) {
        await probe.driver.type(line);
        await probe.pause();
      }
      const ending = await probe.waitForExit(probe.timeouts.answerMs);
      if (typeof ending === "string") return await spins(probe) ? spinning(probe) : undefined;
      if (ending.signal !== "SIGPIPE") return crashed(ending, probe, endings.broken);
      return miss(endings.reportsServer, exitText(ending, probe.texts.exits), endings.sigpipe);
    },
  };
}

/** CTRL-C ends the client cleanly (R34). */
export function interrupted(texts: ClientCheckTexts, requirement: Requirement): ClientStep {
  return {
    check: { ...requirement, id: "interrupt", title: texts.titles.ending.interrupt },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      const { endings, skipped } = probe.texts;
      await probe.driver.signal("SIGINT");
      const open = await closes(probe, endings.sigint);
      if (open !== undefined) return open;
      await probe.wire.close();
      const ending = await probe.driver.ended(probe.timeouts.endMs);
      if (ending === "unseen") return skip(skipped.unknownEnd);
      if (ending === "running") return await stillRuns(probe, endings.ends);
      return crashed(ending, probe, endings.sigint);
    },
  };
}

/** With nothing to do, a client sleeps in the system: select, poll or a blocking read. */
export function idles(texts: ClientCheckTexts, requirement: Requirement): ClientStep {
  return {
    check: { ...requirement, id: "idle", title: texts.titles.ending.idle },
    needs: "chatting",
    leaves: "chatting",
    async run(probe) {
      const { endings, skipped } = probe.texts;
      const share = await probe.driver.load(probe.timeouts.idleMs);
      if (share === undefined) return skip(skipped.unknownLoad);
      return share > SPIN_SHARE
        ? miss(endings.littleLoad, endings.load(share), endings.polls)
        : undefined;
    },
  };
}

function crashed(
  ending: ProgramExit,
  { driver, texts }: ClientProbe,
  hint: string = texts.endings.crashes,
): StepOutcome {
  const crash = crashText(ending, driver.screen(), texts.exits);
  const why = ending.passed === undefined ? hint : texts.start.limits;
  return crash === undefined ? undefined : miss(texts.endings.endsCleanly, crash, why);
}

async function stillRuns(probe: ClientProbe, expected: string): Promise<StepOutcome> {
  if (await spins(probe)) return spinning(probe);
  return miss(expected, probe.texts.exits.running, probe.texts.endings.readsZero);
}

function spinning({ texts: { endings, exits } }: ClientProbe): StepOutcome {
  return miss(endings.endsOrWaits, exits.spinning, endings.spins);
}

async function spins(probe: ClientProbe): Promise<boolean> {
  return (await probe.driver.load(probe.timeouts.idleMs) ?? 0) > SPIN_SHARE;
}
