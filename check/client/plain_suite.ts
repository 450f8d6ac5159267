// The checks of a client of sheets 001 and 002: lines both ways, half-close at the end (R24-R27,
// R33, R34, R49). A synchronous client, as in the sheet, passes the required ones.

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  interrupted,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { typingSteps } from "./typing_steps.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { listening, LONG_TEXT, stepBuilder, unasked } from "./step_builders.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";

/** Note of a client that waits for a welcome first, which servers of sheet 001 may send. */
const WELCOME = "waits for a welcome";
const WELCOME_LINE = "-- Welcome\n";

/** Drops what a client sends before its user types, such as its name. */
async function greet(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  if (probe.traits.notes.has(WELCOME)) await probe.send(WELCOME_LINE);
  await wire.until(
    () => wire.unread.length > 0 || wire.end !== "open" || undefined,
    3 * timeouts.quietMs,
  );
  await probe.settle();
  return undefined;
}

/** Types a line and sends the reply that a synchronous client waits for (R27). */
async function exchangesLines(
  probe: ClientProbe,
  line: string,
  reply: string,
): Promise<StepOutcome> {
  const sent = await probe.type(line, [`${line}\n`, `${line}\r\n`], probe.texts.plain.asTyped);
  if (sent !== undefined) return sent;
  await probe.send(reply);
  return await probe.expectOutput([reply.trimEnd()], probe.texts.plain.shows);
}

/** The first line: a client that sends nothing may wait for a welcome. */
async function firstLine(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  await probe.driver.type("hello everyone");
  const hasCome = () => wire.unread.length > 0 || wire.end !== "open" || undefined;
  if (await wire.until(hasCome, timeouts.answerMs) === undefined) {
    probe.traits.notes.set(WELCOME, "yes");
    await probe.send(WELCOME_LINE);
  }
  const accepted = ["hello everyone\n", "hello everyone\r\n"].map((line) =>
    new TextEncoder().encode(line)
  );
  const outcome = await probe.expectBytes({ accepted, hint: probe.texts.plain.asTyped });
  if (outcome !== undefined) probe.traits.notes.delete(WELCOME);
  else await probe.send("-- received\n");
  return outcome;
}

/** Without arguments the program prints its usage and exits with a failure code (R24, R39). */
async function usage(probe: ClientProbe): Promise<StepOutcome> {
  const run = await probe.driver.runWithBadArguments("no-address");
  const { plain } = probe.texts;
  if (run === undefined) return skip(plain.notRun);
  const { ending, output } = run;
  if (ending.code === 0) return miss(plain.failureCode, "0", plain.exitCode);
  if (/usage|utilisation|syntax/i.test(output)) return undefined;
  return miss(plain.usageLine, probe.quoted(output), plain.usage);
}

async function halfClose(probe: ClientProbe): Promise<StepOutcome> {
  await probe.driver.endInput();
  return await closes(probe, probe.texts.plain.halfClose) ?? await exitsWithZero(probe);
}

/** A reply that comes after the end of the input is still shown. */
async function lastReply(probe: ClientProbe): Promise<StepOutcome> {
  const { wire } = probe;
  await probe.driver.endInput();
  const open = await closes(probe, probe.texts.plain.halfClose);
  if (open !== undefined) return open;
  await probe.send("bob: one last word\n");
  await wire.finish();
  return await probe.expectOutput(
    ["one last word"],
    probe.texts.plain.stillOpen,
  );
}

/** Sheets 001 and 002. */
export function plainSuite(texts: ClientCheckTexts): ClientSuite {
  const step = stepBuilder(texts.titles.plain);
  return {
    title: texts.plain.suite,
    show: visibleBytes,
    asksName: false,
    greet,
    steps: [
      step("usage", ["R24", "R39"], {
        needs: "off",
        leaves: "off",
        run: usage,
      }),
      step("connects", ["R24", "R25"], {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("sends", ["R49"], { run: firstLine }),
      step("shows-reply", ["R25", "R50"], {
        run: (probe) => exchangesLines(probe, "a second line", "bob: the answer to it\n"),
      }),
      step("goes-on", ["R51"], {
        run: (probe) => exchangesLines(probe, "déjà vu", "bob: ça va ☕\n"),
      }),
      step("long-reply", ["R25"], {
        byHand: false,
        run: (probe) =>
          exchangesLines(probe, "a long one, please", LONG_TEXT.slice(0, 2_999) + "\n"),
      }),
      step("unasked", ["R27"], {
        level: "advised",
        run: unasked(async (probe) => {
          await probe.send("bob: nobody asked me\n");
          return await probe.expectOutput(["bob: nobody asked me"], probe.texts.plain.asynchronous);
        }),
      }),
      step("two-in-one", ["R27", "R53"], {
        level: "advised",
        run: listening(
          (probe) => probe.type("anybody?", ["anybody?\n"], probe.texts.plain.asTyped),
          async (probe) => {
            await probe.send("bob: first of two\neve: second of two\n");
            return await probe.expectOutput(
              ["bob: first of two", "eve: second of two"],
              probe.texts.plain.shows,
            );
          },
        ),
      }),
      idles(texts, { sources: ["R27"], level: "advised" }),
      ...typingSteps(texts, { sources: ["R27", "R53", "D23"], level: "advised" }, {
        greet,
        message: (probe, author, text) => probe.send(`${author}: ${text}\n`),
        finish: (probe, rest, whole) =>
          probe.type(rest, [`${whole}\n`, `${whole}\r\n`], probe.texts.plain.asTyped),
      }),
      step("end-of-input", ["R26", "R33"], {
        leaves: "off",
        run: halfClose,
      }),
      step("last-reply", ["R26"], {
        level: "advised",
        leaves: "off",
        run: lastReply,
      }),
      serverCloses(texts, { sources: ["R26"], level: "required" }, "waits for input"),
      interrupted(texts, { sources: ["R34"], level: "required" }),
      serverVanishes(texts, { sources: ["R26"], level: "required" }, () => "bob: half a li"),
      inputAfterClose(texts, { sources: ["R26"], level: "advised" }),
    ],
  };
}
