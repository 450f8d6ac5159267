// The checks of a server's screen, which shows what it has received (R5, R6, R20), and of its loop:
// ten rounds, then endless (R15, R18).

import { utf8Bytes } from "../bytes.ts";
import { joinChat, joinTwo } from "./dialect_probe.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import { type ProgramCheck, type ProgramScene, screenText } from "./program_checks.ts";
import { deathHint, deathText } from "./program_death.ts";

/** Clients that come and go: far more events than the rounds of exercise 5. */
const VISITS = 12;
const FIRST_MESSAGE = "mon premier message";

/** The checks of a server's screen and of its loop. */
export const SCREEN_CHECKS: readonly ProgramCheck[] = [
  {
    id: "first-message",
    async run(scene) {
      const { probe, program } = scene;
      const raw = await probe.connect("ana");
      await raw.send(utf8Bytes(FIRST_MESSAGE));
      await raw.endSending();
      if (await program.screen.shows([FIRST_MESSAGE], probe.timeoutMs)) return;
      let received = screenText(scene);
      let hint = probe.texts.hints.program.firstMessage;
      if (!program.isServing) {
        received = program.texts.alsoEnded(received, deathText(program, program.texts));
        hint = deathHint(program, probe.texts.hints) ?? hint;
        // A reader of frames may die of the length that it takes from a text: try it afresh.
        await program.start();
      }
      if (program.isServing && await readsFrames(scene)) {
        throw new Untried(probe.texts.skips.laterExercise);
      }
      const expected = probe.texts.expected.program.onScreen(FIRST_MESSAGE);
      throw new Mismatch({ expected, received, hint });
    },
  },
  {
    id: "rounds",
    async run(scene) {
      const { probe, program, dialect } = scene;
      const clients: ProbeConnection[] = [];
      for (const who of ["ana", "bob", "cat"]) clients.push(await probe.connect(who));
      await probe.pause("apartMs");
      for (const client of clients.toReversed()) {
        await client.send(dialect.hello(client.name));
        await probe.pause("apartMs");
      }
      const lost = clients.find(({ hasEnded }) => hasEnded);
      if (lost === undefined && program.isServing) return;
      throw new Mismatch({
        expected: probe.texts.expected.program.sixEvents,
        received: program.isServing
          ? probe.texts.received.closed
          : deathText(program, program.texts),
        hint: probe.texts.hints.program.rounds,
      });
    },
  },
  {
    id: "endless",
    async run(scene) {
      const { probe, program, dialect } = scene;
      for (let visit = 1; visit <= VISITS; visit++) {
        const client = await joinChat(probe, dialect, "ana").catch((error) => {
          if (error instanceof Mismatch) return undefined;
          throw error;
        });
        await probe.pause("apartMs");
        await client?.leave();
        if (program.isServing) continue;
        throw new Mismatch({
          expected: probe.texts.expected.program.visits(VISITS),
          received: probe.texts.received.endedAfterVisits(visit, deathText(program, program.texts)),
          hint: probe.texts.hints.program.endless,
        });
      }
    },
  },
  {
    id: "screen",
    async run(scene) {
      const { probe, program, dialect } = scene;
      const ana = await joinChat(probe, dialect, "ana");
      await probe.pause("apartMs");
      program.screen.clear();
      const texts = ["This is for your screen.", "And a second one."];
      for (const text of texts) {
        await ana.send(dialect.say(text));
        if (await program.screen.shows([text, ana.name], probe.timeoutMs)) continue;
        throw new Mismatch({
          expected: probe.texts.expected.program.namedOnScreen(ana.name, text),
          received: screenText(scene),
          hint: probe.texts.hints.program.screen,
        });
      }
    },
  },
];

/** Whether the server connects two clients of the dialect. */
async function readsFrames({ probe, dialect }: ProgramScene): Promise<boolean> {
  try {
    await joinTwo(probe, dialect);
    return true;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
}
