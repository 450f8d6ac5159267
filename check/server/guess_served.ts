// Guesses what a server speaks that the check has started itself: by the lines on its screen (sheet
// 002), as that of a running server, and by its socket file.

import { utf8Bytes } from "../bytes.ts";
import { CHECK_TIMING } from "../timing.ts";
import { type DialectGuess, guessDialect, type GuessRun } from "./guess_dialect.ts";
import { Mismatch } from "./mismatch.ts";
import { runServerChecks, type ServerCheck } from "./server_runner.ts";
import type { ServedProgram } from "./served_program.ts";
import { turnsSuite } from "./server_checks.ts";

/** A dialect, or the dialogue of sheet 002, or why nothing was guessed. */
export type ServedGuess = DialectGuess | { readonly kind: "turns"; readonly why: string };

type ServedRun = GuessRun & { readonly program: ServedProgram };

/** Guesses the dialect, with a fresh server for each; `headerBytes` as for `guessDialect()`. */
export async function guessServed(
  run: ServedRun,
  headerBytes?: 16 | 12 | 8,
): Promise<ServedGuess> {
  const { texts, address } = run;
  const { title } = turnsSuite(texts);
  const isUnix = address.kind === "unix";
  if (!isUnix && headerBytes === undefined && await showsOneClient(run)) {
    return { kind: "turns", why: texts.guess.showsLines(title, "--turns") };
  }
  const guess = await guessDialect(run, headerBytes);
  if (guess.kind === "guessed" || !isUnix) return guess;
  return {
    kind: "guessed",
    dialect: "framed",
    headerBytes: headerBytes ?? 16,
    why: texts.guess.socketFile(texts.suites.framed(headerBytes ?? 16), "--dialect framed"),
  };
}

/** Whether the server shows the line of its first client on its screen, and not that of a second. */
async function showsOneClient(run: ServedRun): Promise<boolean> {
  const { guessMs } = run.timing ?? CHECK_TIMING;
  const row: ServerCheck = {
    check: { id: "", title: "", sources: [], level: "advised" },
    needs: [],
    needsProgram: true,
    async run(probe) {
      const shown: boolean[] = [];
      for (const who of ["ana", "bob"]) {
        const client = await probe.connect(who);
        const line = `bonjour ${client.name}`;
        await client.send(utf8Bytes(`${line}\n`));
        shown.push(await probe.program.screen.shows([line], guessMs));
        if (client.rest !== "" || !shown[0]) break; // it answers, or shows nothing
      }
      if (shown.length === 2 && !shown[1]) return;
      throw new Mismatch({ expected: "", received: "", hint: "" });
    },
  };
  const result = await runServerChecks({
    ...run,
    checks: [row],
    show: turnsSuite(run.texts).show,
    onBegin: () => {},
    onFinding: () => {},
  });
  return result.kind === "ran" && result.findings[0]?.verdict.kind === "pass";
}
