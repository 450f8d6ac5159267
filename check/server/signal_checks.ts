// The checks of a server that a signal stops: it ends, its socket file and its sessions too.

import { utf8Bytes } from "../bytes.ts";
import { joinChat, joinTwo } from "./dialect_probe.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import type { ProgramCheck, ProgramScene } from "./program_checks.ts";

/** Longest time from the signal to the end of the program, in milliseconds. */
const END_MS = 3_000;
/** For a server that ends by itself after one message, in milliseconds. */
const ONE_MESSAGE_MS = 800;

type EndSignal = "SIGINT" | "SIGTERM";

/** The checks of signals. */
export const SIGNAL_CHECKS: readonly ProgramCheck[] = [
  {
    id: "socket-removed",
    async run(scene) {
      const { probe, program } = scene;
      const path = socketPath(scene);
      const raw = await probe.connect("ana");
      await raw.send(utf8Bytes("mon premier message"));
      await raw.endSending();
      // The server of exercise 1 ends after its message, later ones go on.
      if (await program.ended(ONE_MESSAGE_MS) === undefined) program.signal("SIGTERM");
      await expectEnd(scene, "SIGTERM");
      expectRemoved(scene, path);
    },
  },
  ...(["SIGINT", "SIGTERM"] as const).map((name): ProgramCheck => ({
    id: name === "SIGINT" ? "sigint" : "sigterm",
    async run(scene) {
      const { probe, program, dialect } = scene;
      const path = program.address.kind === "unix" ? program.address.path : undefined;
      await joinChat(probe, dialect, "ana");
      await probe.pause("apartMs");
      program.signal(name);
      await expectEnd(scene, name);
      if (path !== undefined) expectRemoved(scene, path);
    },
  })),
  ...(["SIGINT", "SIGTERM"] as const).map((name): ProgramCheck => ({
    id: name === "SIGINT" ? "sigint-eot" : "sigterm-eot",
    async run(scene) {
      const { probe, program, dialect } = scene;
      const { ana, bob } = await joinTwo(probe, dialect);
      program.signal(name);
      for (const one of [ana, bob]) {
        const wanted = {
          expected: probe.texts.expected.etx.eot,
          hint: probe.texts.hints.program.eot,
        };
        // deno-lint-ignore no-control-regex
        await one.expect(/\x04/, wanted);
        await one.expectEnd(wanted);
      }
      await expectEnd(scene, name);
    },
  })),
];

function socketPath({ probe, program }: ProgramScene): string {
  if (program.address.kind === "unix") return program.address.path;
  throw new Untried(probe.texts.skips.noSocketFile);
}

/** Fails unless the program ends in time. */
async function expectEnd({ probe, program }: ProgramScene, name: EndSignal): Promise<void> {
  if (await program.ended(END_MS) !== undefined) return;
  throw new Mismatch({
    expected: probe.texts.expected.program.endsBySignal(name),
    received: program.texts.exits.running,
    hint: probe.texts.hints.program.handleSignal,
  });
}

function expectRemoved({ probe }: ProgramScene, path: string): void {
  try {
    Deno.lstatSync(path);
  } catch {
    return; // as it should be
  }
  throw new Mismatch({
    expected: probe.texts.expected.program.socketRemoved(path),
    received: probe.texts.received.stillThere,
    hint: probe.texts.hints.program.unlink,
  });
}
