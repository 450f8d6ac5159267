// The checks of how a server starts: its usage, what it shows first, and that it can start again on
// the same port (R38, R40, R44, R47).

import { crashText, exitText } from "../program_exit.ts";
import { joinChat } from "./dialect_probe.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import { type ProgramCheck, type ProgramScene, screenText } from "./program_checks.ts";
import { lastLines } from "./program_death.ts";
import type { WrongRun } from "./served_program.ts";
import type { WrongUse } from "./server_command.ts";

/** What a usage speaks of, in English and French. */
const USAGE =
  /usage|utili[sz]|syntax|argument|param|option|\bport\b|\bhost\b|\bh[oô]te\b|\bpath\b|chemin|socket|\.\/|<\w+>/i;
/** An IP address or the name of this machine. */
const ADDRESS = /\d+\.\d+\.\d+\.\d+|::|\blocalhost\b/i;
/** The operator's commands (R41-R43). */
const COMMANDS = ["wall", "kick", "shutdown"] as const;

/** The checks of a server's start. */
export const LAUNCH_CHECKS: readonly ProgramCheck[] = [
  {
    id: "usage",
    async run(scene) {
      const bare = await scene.program.runWrongly("no-address");
      // A server may have a default port.
      if (bare?.listens === undefined) return judgeUsage(scene, bare);
      judgeUsage(scene, await scene.program.runWrongly("no-number"));
    },
  },
  {
    id: "wrong-port",
    async run(scene) {
      for (const use of ["no-number", "no-port"] satisfies WrongUse[]) {
        judgeUsage(scene, await scene.program.runWrongly(use));
      }
    },
  },
  {
    id: "shows-address",
    async run(scene) {
      const { probe, program } = scene;
      const { expected, hints } = probe.texts;
      const { address } = program;
      if (address.kind !== "tcp") throw new Untried(probe.texts.skips.noPort);
      const port = new RegExp(`(?<!\\d)${address.port}(?!\\d)`);
      const isShown = (text: string) => port.test(text) && showsAddress(text);
      if (await program.screen.satisfies(isShown, probe.timeoutMs)) return;
      throw new Mismatch({
        expected: expected.program.addressAndPort(address.port),
        received: screenText(scene),
        hint: hints.program.showAddress,
      });
    },
  },
  {
    id: "operator-commands",
    async run(scene) {
      const { probe, program } = scene;
      const isShown = (text: string) => COMMANDS.every((word) => text.toLowerCase().includes(word));
      if (await program.screen.satisfies(isShown, probe.timeoutMs)) return;
      throw new Mismatch({
        expected: probe.texts.expected.program.commands,
        received: screenText(scene),
        hint: probe.texts.hints.program.showCommands,
      });
    },
  },
  {
    id: "same-port",
    async run({ probe, program, dialect }) {
      const { address } = program;
      if (address.kind !== "tcp") throw new Untried(probe.texts.skips.noPort);
      await joinChat(probe, dialect, "ana");
      await probe.pause("apartMs");
      await program.end(0); // the server's side ends first: its port is in TIME_WAIT
      const problem = await program.start({ port: address.port });
      if (problem === undefined) return;
      throw new Mismatch({
        expected: probe.texts.expected.program.startsAgain(address.port),
        received: problem.error,
        hint: probe.texts.hints.program.reuseAddress,
      });
    },
  },
];

function showsAddress(text: string): boolean {
  return ADDRESS.test(text) || text.includes(Deno.hostname());
}

/** Fails unless the program has refused its arguments in words. */
function judgeUsage({ probe, program }: ProgramScene, run: WrongRun | undefined): void {
  const { expected, received, hints, skips } = probe.texts;
  const { exits } = program.texts;
  if (run === undefined) throw new Untried(skips.noArguments);
  const fail = (what: string): Mismatch =>
    new Mismatch({
      expected: expected.program.usage,
      received: what,
      hint: hints.program.usage,
    });
  if (run.exit === undefined) {
    throw fail(run.listens === undefined ? exits.running : received.listens);
  }
  const crash = crashText(run.exit, run.output, exits);
  if (crash !== undefined) throw fail(crash);
  if (USAGE.test(run.output)) return;
  const lines = lastLines(run.output);
  const how = exitText(run.exit, exits);
  throw fail(lines === "" ? how : program.texts.withLastLines(how, lines));
}
