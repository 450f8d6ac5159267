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
import { pastedLines } from "./pasted_lines.ts";
import { decodedText, encodedText } from "./encoded_text.ts";
import { COMMAND } from "../shown_commands.ts";
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
const RECEIVED_LINE = "-- received\n";

/**
 * Note on what the client puts before each typed line, such as `ana: `, with {@linkcode NAME} where
 * its name is: the sheets leave open what clients and servers of one author say to each other.
 */
const PREFIX = "prefix";
const NAME = "{name}";
/** Note on what the client has shown before anything was typed or sent to it. */
const SHOWN_FIRST = "shown first";
/** A welcome comes within so many pauses of the probe. */
const WELCOME_PAUSES = 8;
/** Note on lines that the client sends before the first typed one, such as its name. */
const OWN_LINES = "own lines";
/** A name with punctuation around it, as in `ana: `, `<ana> ` and `[ana] `. */
const LIKELY_PREFIX = /^[<[(]?[^\s:>\])]+(?: [^\s:>\])]+)?[>\])]? ?[:>\])-]? ?$/;

/** Drops what a client sends before its user types, such as its name. */
async function greet(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts, traits } = probe;
  if (traits.notes.has(WELCOME)) await probe.send(WELCOME_LINE);
  await wire.until(
    () => wire.unread.length > 0 || wire.end !== "open" || undefined,
    3 * timeouts.quietMs,
  );
  await watchWelcome(probe);
  if (probe.isNameTyped && traits.naming === "unknown") probe.learnName(probe.wantedName);
  await probe.settle();
  return undefined;
}

/** Notes what the client shows first, on pipes and on a terminal: some have a welcome there alone. */
async function watchWelcome(probe: ClientProbe): Promise<void> {
  const { traits: { notes }, driver } = probe;
  const mode = `${SHOWN_FIRST}, terminal: ${driver.onTerminal}`;
  if (driver.byHand || notes.has(mode) || COMMAND.test(notes.get(SHOWN_FIRST) ?? "")) return;
  const shown = () => driver.screen() ?? "";
  for (let left = WELCOME_PAUSES; left > 0 && !COMMAND.test(shown()); left--) await probe.pause();
  notes.set(mode, "seen");
  notes.set(SHOWN_FIRST, shown());
}

/** What may come for a typed line. */
function acceptedFor({ traits: { notes }, wantedName }: ClientProbe, line: string): string[] {
  const prefix = notes.get(PREFIX)?.replace(NAME, wantedName) ?? "";
  const lines = [`${prefix}${line}\n`, `${prefix}${line}\r\n`];
  const own = notes.get(OWN_LINES);
  return own === undefined ? lines : [...lines, ...lines.map((one) => own + one)];
}

/**
 * Shows a welcome and the commands before anything is typed (R29). The sheet leaves open whether they
 * come from the client or from the server (D26): this server sends none.
 */
function welcomes(probe: ClientProbe): StepOutcome {
  const { traits, driver, texts: { plain, skipped } } = probe;
  if (driver.byHand) return skip(plain.notSeen);
  if (!traits.notes.has(SHOWN_FIRST)) return skip(skipped.notConnected);
  const shown = traits.notes.get(SHOWN_FIRST) ?? "";
  return COMMAND.test(shown)
    ? undefined
    : miss(plain.welcomeFirst, probe.quoted(shown), plain.welcome);
}

/** Types a line and sends the reply that a synchronous client waits for (R27). */
async function exchangesLines(
  probe: ClientProbe,
  line: string,
  reply: string,
): Promise<StepOutcome> {
  const sent = await probe.type(line, acceptedFor(probe, line), probe.texts.plain.asTyped);
  if (sent !== undefined) return sent;
  await probe.send(reply);
  return await probe.expectOutput([reply.trimEnd()], probe.texts.plain.shows);
}

/**
 * The first line: a client that sends nothing may wait for a welcome, or it takes the line for its
 * name and puts that before each line.
 */
async function firstLine(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts, traits, texts: { plain, titles } } = probe;
  const first = "hello everyone";
  let line = first;
  await probe.driver.type(line);
  const hasCome = () => wire.unread.length > 0 || wire.end !== "open" || undefined;
  if (await wire.until(hasCome, timeouts.answerMs) === undefined) {
    traits.notes.set(WELCOME, "yes");
    await probe.send(WELCOME_LINE);
    if (await wire.until(hasCome, timeouts.answerMs) === undefined && !probe.driver.byHand) {
      traits.notes.delete(WELCOME);
      line = "hello again";
      await probe.driver.type(line);
      await wire.until(hasCome, timeouts.answerMs);
    }
  }
  // What the client sends by itself may come some time before the typed line.
  const hasLine = () => decodedText(wire.unread).includes(line) || wire.end !== "open" || undefined;
  await wire.until(hasLine, timeouts.answerMs);
  await wire.quiet(timeouts.quietMs);
  learnPrefix(probe, { line, name: line === first ? probe.wantedName : first });
  const prefix = traits.notes.get(PREFIX);
  const accepted = line === first
    ? acceptedFor(probe, line)
    : acceptedFor(probe, line).map((one) => one.replace(probe.wantedName, first));
  const bytes = accepted.map(encodedText);
  const outcome = await probe.expectBytes({ accepted: bytes, hint: plain.asTyped, typed: line });
  if (outcome !== undefined) {
    traits.notes.delete(WELCOME);
    return outcome;
  }
  await probe.send(RECEIVED_LINE);
  if (line !== first) {
    // Again from the start, with the usual name.
    traits.naming = "typed";
    await probe.stop();
    const again = await probe.connect() ?? await greet(probe);
    if (again !== undefined) return again;
  }
  if (prefix === undefined) return undefined;
  return { kind: "noted", title: plain.withPrefix(titles.plain.sends, prefix) };
}

/** Remembers the client's own lines before the typed one, and what stands before that, if likely. */
function learnPrefix(
  { wire, traits }: ClientProbe,
  { line, name }: { readonly line: string; readonly name: string },
): void {
  const came = decodedText(wire.unread);
  const at = came.trimEnd().endsWith(line) ? came.lastIndexOf(line) : 0;
  const begin = came.lastIndexOf("\n", Math.max(0, at - 1)) + 1;
  if (at > 0 && begin > 0) traits.notes.set(OWN_LINES, came.slice(0, begin));
  const prefix = at > 0 ? came.slice(begin, at) : "";
  if (LIKELY_PREFIX.test(prefix)) traits.notes.set(PREFIX, prefix.replace(name, NAME));
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

/** Types two lines; a synchronous client waits for an answer before the second. */
async function pastesLines(probe: ClientProbe, lines: readonly string[]): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  await probe.driver.type(...lines);
  const hasCome = () => wire.unread.length > 0 || wire.end !== "open" || undefined;
  await wire.until(hasCome, timeouts.answerMs);
  await wire.quiet(timeouts.quietMs);
  await probe.send(RECEIVED_LINE);
  const [first, second] = lines.map((line) => acceptedFor(probe, line));
  const accepted = first?.flatMap((one) => second?.map((other) => one + other) ?? []) ?? [];
  // A client that sends what it reads as it is may put its prefix before both lines together.
  const together = acceptedFor(probe, lines.join("\n"));
  const bytes = [...accepted, ...together].map(encodedText);
  const outcome = await probe.expectBytes({ accepted: bytes, hint: probe.texts.plain.asTyped });
  await probe.send(RECEIVED_LINE);
  return outcome;
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
    asksName: true,
    greet,
    steps: [
      step("usage", ["R24", "R39"], {
        needs: "off",
        leaves: "off",
        run: usage,
      }),
      step("connects", ["R24", "R25", "R49"], {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("sends", ["R49"], { run: firstLine }),
      step("shows-reply", ["R25", "R50"], {
        types: true,
        run: (probe) => exchangesLines(probe, "a second line", "bob: the answer to it\n"),
      }),
      step("goes-on", ["R51"], {
        types: true,
        run: (probe) => exchangesLines(probe, "déjà vu", "bob: ça va ☕\n"),
      }),
      step("long-reply", ["R25"], {
        types: true,
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
          (probe) =>
            probe.type("anybody?", acceptedFor(probe, "anybody?"), probe.texts.plain.asTyped),
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
      pastedLines(texts, ["R49", "R53"], pastesLines),
      ...typingSteps(texts, { sources: ["R27", "R53", "D23"], level: "advised" }, {
        greet,
        message: (probe, author, text) => probe.send(`${author}: ${text}\n`),
        finish: (probe, rest, whole) =>
          probe.type(rest, acceptedFor(probe, whole), probe.texts.plain.asTyped),
      }),
      step("welcome", ["R29", "D26"], {
        level: "advised",
        needs: "off",
        leaves: "off",
        run: (probe) => Promise.resolve(welcomes(probe)),
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
