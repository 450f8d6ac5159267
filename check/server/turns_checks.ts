// The checks of a server of sheet 002: one client's lines on its screen (R45-R48), the dialogue in
// turns (R50, R51), and in both directions (R53).

import { utf8Bytes } from "../bytes.ts";
import { visibleBytes } from "../visible.ts";
import type { DialectProbe } from "./dialect_probe.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import { type ProgramCheck, type ProgramScene, screenText } from "./program_checks.ts";
import type { ProbeConnection } from "./probe_connection.ts";

/** The sheet's port (R45). */
const PORT = 8080;
const ROUNDS = 4;

/** Lines without a name: the sheet has none. */
export const TURNS_PROBE: DialectProbe = {
  hello: () => utf8Bytes("bonjour\n"),
  say: (text) => utf8Bytes(`${text}\n`),
  received: (text) => new RegExp(RegExp.escape(text)),
  expectedText: (text) => visibleBytes(utf8Bytes(`${text}\n`)),
};

/** The checks of sheet 002. */
export const TURNS_CHECKS: readonly ProgramCheck[] = [
  {
    id: "port-8080",
    run({ probe, program }) {
      if (program.takesPort) throw new Untried(probe.texts.skips.portGiven);
      const { address } = program;
      if (address.kind === "tcp" && address.port === PORT) return Promise.resolve();
      throw new Mismatch({
        expected: probe.texts.expected.program.port(PORT),
        received: program.place,
        hint: probe.texts.hints.program.port(PORT),
      });
    },
  },
  {
    id: "line-shown",
    async run(scene) {
      const client = await scene.probe.connect("ana");
      await sayAndSee(scene, client, "bonjour");
    },
  },
  {
    id: "line-in-pieces",
    needs: ["line-shown"],
    async run(scene) {
      const { probe, program } = scene;
      const client = await probe.connect("ana");
      const text = "une seule ligne";
      await client.sendCut(utf8Bytes(`${text}\n`), [4, 9]);
      if (await program.screen.shows([text], probe.timeoutMs)) return;
      throw notShown(scene, text, probe.texts.hints.common.shortRead);
    },
  },
  {
    id: "answer-typed",
    needs: ["line-shown"],
    async run(scene) {
      const { probe, program } = scene;
      const client = await probe.connect("ana");
      await sayAndSee(scene, client, "bonjour");
      if (await typeAndReceive(scene, client, "salut")) return;
      const missing = client.mismatch({
        expected: visibleBytes(utf8Bytes("salut\n")),
        hint: probe.texts.hints.program.sendTyped,
      });
      // The server of exercise 1 shows line after line, with nothing typed, and sends nothing.
      if (await program.start() !== undefined) throw missing;
      const other = await probe.connect("bob");
      await sayAndSee(scene, other, "bonjour");
      const second = "il y a quelqu'un ?";
      await other.send(utf8Bytes(`${second}\n`));
      if (!await program.screen.shows([second], probe.timeoutMs)) throw missing;
      throw new Untried(probe.texts.skips.showsLinesOnly);
    },
  },
  {
    id: "in-turns",
    needs: ["answer-typed"],
    async run(scene) {
      const client = await scene.probe.connect("ana");
      for (let round = 1; round <= ROUNDS; round++) {
        await sayAndSee(scene, client, `ligne ${round}`);
        if (await typeAndReceive(scene, client, `reponse ${round}`)) continue;
        throw client.mismatch({
          expected: `reponse ${round}\\n`,
          hint: scene.probe.texts.hints.program.goOn,
        });
      }
    },
  },
  {
    id: "both-ways",
    needs: ["answer-typed"],
    async run(scene) {
      const { probe, program } = scene;
      const first = await probe.connect("ana");
      const lines = ["un", "deux", "trois"].map((word) => `ligne ${word}`);
      for (const line of lines) {
        await first.send(utf8Bytes(`${line}\n`));
        await probe.pause("apartMs");
      }
      const showsAll = await program.screen.shows(lines, probe.timeoutMs);
      const shown = screenText(scene);
      const problem = await program.start();
      if (problem !== undefined) throw new Untried(problem.error);
      const second = await probe.connect("bob");
      await probe.pause("silenceMs");
      const speaksFirst = await typeAndReceive(scene, second, "moi d'abord");
      if (showsAll && speaksFirst) return;
      if (!showsAll && !speaksFirst) throw new Untried(probe.texts.skips.takesTurns);
      throw new Mismatch({
        expected: probe.texts.expected.program.bothWays,
        received: showsAll ? probe.texts.received.waitsToSend : shown,
        hint: probe.texts.hints.program.bothWays,
      });
    },
  },
];

/** Sends a line, which the server's screen must show. */
async function sayAndSee(
  scene: ProgramScene,
  client: ProbeConnection,
  text: string,
): Promise<void> {
  const { probe, program } = scene;
  await client.send(utf8Bytes(`${text}\n`));
  if (await program.screen.shows([text], probe.timeoutMs)) return;
  throw notShown(scene, text, probe.texts.hints.program.showLines);
}

function notShown(scene: ProgramScene, text: string, hint: string): Mismatch {
  return new Mismatch({
    expected: scene.probe.texts.expected.program.onScreen(text),
    received: screenText(scene),
    hint,
  });
}

/** Types a line at the server's console; whether the client receives it. */
async function typeAndReceive(
  { probe, program }: ProgramScene,
  client: ProbeConnection,
  text: string,
): Promise<boolean> {
  await program.type(text);
  return await client.wait(() => client.rest.includes(text) || undefined, probe.timeoutMs) ===
    true;
}
