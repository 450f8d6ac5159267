// The checks that every dialect shares: how a client ends, and how it bears a server that goes away.
// What differs, the words of a message and what the sheet says about it, comes as parameters.

import type { ProgramExit } from "./client_driver.ts";
import { type ClientProbe, miss, unobserved } from "./client_probe.ts";
import type { ClientStep } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { crashText, exitText } from "./describe_exit.ts";
import type { Check } from "../finding.ts";

/** A client that waits uses less of a processor than this; one that spins uses all of it. */
const SPIN_SHARE = 0.6;

const SPINS =
  "A loop that goes round without waiting: a read that returns 0 or an error will go on " +
  "doing so, so leave the loop";
const CRASHES = "What read, recv or send return is used unchecked: 0 is the end, below 0 an error";

const CATCHES =
  "Writing to a closed socket fails (EPIPE or ECONNRESET; BrokenPipeError, ConnectionResetError in " +
  "Python): look at what send returns, or catch the exception, tell the user and end";

const HANDLE_SIGINT = "Handle SIGINT (KeyboardInterrupt in Python): close the socket and end the " +
  "program";

/** Where a check is asked for, and how strongly. */
export type Requirement = Pick<Check, "sources" | "level">;

/** CTRL-D ends the client (R33); `farewell` takes what the dialect says first. */
export function endOfInput(
  claim: Requirement,
  farewell: (stage: ClientProbe) => Promise<StepOutcome> = (stage) =>
    Promise.resolve(void stage.wire.take()),
): ClientStep {
  return {
    check: {
      ...claim,
      id: "end-of-input",
      title: "At the end of its input (CTRL-D) closes the connection and ends with exit code 0",
    },
    needs: "chatting",
    leaves: "off",
    async run(stage) {
      await stage.driver.endInput();
      return await closes(
        stage,
        "Standard input at its end reads as 0 bytes: close the socket and " +
          "end the program",
      ) ?? await farewell(stage) ?? await exitsWithZero(stage);
    },
  };
}

/** The client's stream must end; the server's end is kept open until then. */
export async function closes(stage: ClientProbe, hint: string): Promise<StepOutcome> {
  const { wire, patience } = stage;
  await wire.until(() => wire.end !== "open" || undefined, patience.endMs);
  if (wire.end === "fin" || wire.end === "reset") return undefined;
  const isWild = wire.end === "flood" || wire.unread.length > 10_000 || await spins(stage);
  const got = stage.received(wire.take());
  return miss("the connection is closed", `${got}; it stayed open`, isWild ? SPINS : hint);
}

/** The program must end with 0 once the connection is over. */
export async function exitsWithZero(stage: ClientProbe): Promise<StepOutcome> {
  await stage.wire.close();
  const ending = await stage.driver.ended(stage.patience.endMs);
  if (ending === "unseen") return unobserved("whether it ended");
  if (ending === "running") return await stillRuns(stage, "exit code 0");
  const crash = crashText(ending, stage.driver.screen());
  if (ending.code === 0 && ending.signal === null && crash === undefined) return undefined;
  return miss("exit code 0", crash ?? exitText(ending), "A normal end returns 0 from main");
}

/** What else a client may do than end, when the server closes: wait for its user, or come back. */
export type InsteadOfEnding = "waits for input" | "connects again";

/** The server says that it is done (FIN): the client must notice, also while it waits for its user. */
export function serverCloses(claim: Requirement, instead?: InsteadOfEnding): ClientStep {
  const orAgain = instead === "connects again" ? ", or connects again" : "";
  return {
    check: {
      ...claim,
      id: "server-closes",
      title: `Ends when the server closes the connection${orAgain}`,
    },
    needs: "chatting",
    leaves: "off",
    async run(stage) {
      await stage.wire.finish();
      let ending = await stage.ends(stage.patience.endMs);
      if (ending === "running" && orAgain !== "" && await stage.cameAgain()) return undefined;
      if (ending === "running" && instead === "waits for input") {
        await stage.driver.type("still there");
        ending = await stage.driver.ended(stage.patience.endMs);
      }
      if (ending === "unseen") return unobserved("whether it ended");
      if (ending === "running") {
        return await stillRuns(stage, "the program ends, for the server has closed");
      }
      return crashed(ending, stage);
    },
  };
}

/** Half a message, then nothing: no crash, no endless loop (R17, R26). */
export function serverVanishes(
  claim: Requirement,
  half: (stage: ClientProbe) => string | Uint8Array,
): ClientStep {
  return {
    check: {
      ...claim,
      id: "server-vanishes",
      title: "Bears a server that vanishes in the middle of a message: no crash, no endless loop",
    },
    needs: "chatting",
    leaves: "off",
    async run(stage) {
      await stage.sends(half(stage));
      await stage.wire.quiet(stage.patience.quietMs);
      await stage.wire.close();
      const ending = await stage.ends(stage.patience.answerMs);
      if (ending === "unseen") return unobserved("how it bore that");
      if (ending !== "running") return crashed(ending, stage);
      return await spins(stage) ? spinning() : undefined;
    },
  };
}

/** The user types when nobody reads any more: SIGPIPE kills a C program that is not ready for it. */
export function inputAfterClose(claim: Requirement): ClientStep {
  return {
    check: {
      ...claim,
      id: "typed-to-nobody",
      title: "Is not killed (SIGPIPE) when a line is typed after the server has gone",
    },
    needs: "chatting",
    leaves: "off",
    async run(stage) {
      if (stage.driver.byHand) return unobserved("which signal ended it");
      await stage.wire.close();
      // The first line brings a reset back, the second one is written to a broken connection.
      for (const line of ["one", "two", "three"]) {
        await stage.driver.type(line);
        await stage.pause();
      }
      const ending = await stage.ends(stage.patience.answerMs);
      if (typeof ending === "string") return await spins(stage) ? spinning() : undefined;
      if (ending.signal !== "SIGPIPE") return crashed(ending, stage, CATCHES);
      return miss(
        "the program tells that the server has gone",
        exitText(ending),
        "Writing to a closed socket raises SIGPIPE: ignore it (signal(SIGPIPE, SIG_IGN), or send " +
          "with MSG_NOSIGNAL) and look at what send returns",
      );
    },
  };
}

/** CTRL-C ends the client cleanly (R34). */
export function interrupted(claim: Requirement): ClientStep {
  return {
    check: {
      ...claim,
      id: "interrupt",
      title: "Ends cleanly at CTRL-C (SIGINT): closes the connection, shows no error",
    },
    needs: "chatting",
    leaves: "off",
    async run(stage) {
      await stage.driver.signal("SIGINT");
      const open = await closes(stage, HANDLE_SIGINT);
      if (open !== undefined) return open;
      await stage.wire.close();
      const ending = await stage.driver.ended(stage.patience.endMs);
      if (ending === "unseen") return unobserved("whether it ended");
      if (ending === "running") return await stillRuns(stage, "the program ends");
      return crashed(ending, stage, HANDLE_SIGINT);
    },
  };
}

/** With nothing to do, a client sleeps in the system: select, poll or a blocking read. */
export function idles(claim: Requirement): ClientStep {
  return {
    check: {
      ...claim,
      id: "idle",
      title: "Uses no processor time while there is nothing to do",
    },
    needs: "chatting",
    leaves: "chatting",
    async run(stage) {
      const share = await stage.driver.load(stage.patience.idleMs);
      if (share === undefined) return unobserved("how much processor time it used");
      return share > SPIN_SHARE
        ? miss(
          "less than a tenth of one processor",
          `${Math.round(share * 100)} % of one processor`,
          "It asks again and again whether something came: let select, poll or a blocking read wait",
        )
        : undefined;
    },
  };
}

function crashed(ending: ProgramExit, stage: ClientProbe, hint = CRASHES): StepOutcome {
  const crash = crashText(ending, stage.driver.screen());
  return crash === undefined ? undefined : miss("a clean end", crash, hint);
}

async function stillRuns(stage: ClientProbe, expected: string): Promise<StepOutcome> {
  if (await spins(stage)) return spinning();
  return miss(
    expected,
    "it still runs",
    "A read that returns 0 means that the other side has closed: leave the loop and end the program",
  );
}

function spinning(): StepOutcome {
  return miss("the program ends or waits", "it runs in an endless loop", SPINS);
}

async function spins(stage: ClientProbe): Promise<boolean> {
  return (await stage.driver.load(stage.patience.idleMs) ?? 0) > SPIN_SHARE;
}
