// The checks of a client of minichat's own protocol: JSON Lines, as docs/protocol.md asks of a bot.

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { pastedLines } from "./pasted_lines.ts";
import { typingSteps } from "./typing_steps.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { LONG_TEXT, stepBuilder } from "./step_builders.ts";
import { decodedText, encodedText } from "./encoded_text.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;
const DOC = ["protocol.md"];
/** A client may send this many requests of other types before the one that is waited for. */
const MAX_OTHER_REQUESTS = 20;

/** Keys of the notes on a client. */
const NAME = "name";
const HAS_REF = "has ref";
const BYE = "sent bye";

type Json = Readonly<Record<string, unknown>>;

/** A request that came, or the outcome of the step if it did not. */
interface ReceivedRequest {
  readonly request?: Json;
  readonly problem?: StepOutcome;
}

/** Waits for hello and answers with welcome. */
async function greet(probe: ClientProbe): Promise<StepOutcome> {
  await probe.waitForFirstBytes();
  const { request, problem } = await nextRequest(probe, "hello");
  if (request === undefined) return problem;
  const { native } = probe.texts;
  const { name = "user7", version = 1 } = request;
  if (typeof name !== "string" || version !== 1) {
    return miss(native.helloFields, probe.quoted(JSON.stringify(request)), native.hello);
  }
  probe.learnName(name);
  probe.traits.notes.set(NAME, name);
  const users = [name, "bob"];
  await sendEvents(probe, {
    ...{ type: "welcome", id: 7, name, session: "check", seq: FIRST_SEQ, users, groups: [] },
    ...{ total: 2, version: 1, ...refOf(request) },
  });
  if (probe.nameIsText) await answerSay(probe, (await nextRequest(probe, "say")).request);
  await probe.settle();
  return undefined;
}

/** Waits for a request of that type; answers requests of other types. */
async function nextRequest(probe: ClientProbe, type: string): Promise<ReceivedRequest> {
  const { wire } = probe;
  const { native } = probe.texts;
  const wanted = native.jsonLine(type);
  const hint = type === "hello" ? native.hello : native.say;
  for (let left = MAX_OTHER_REQUESTS; left > 0; left--) {
    await wire.until(
      () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
      probe.timeouts.answerMs,
    );
    const end = wire.unread.indexOf(LF);
    if (end === -1) return missed(wanted, probe.received(wire.take()), hint);
    const line = decodedText(wire.take(end + 1));
    const request = parsed(line);
    if (request === undefined) return missed(wanted, probe.quoted(line), hint);
    if (request.type === type) return { request };
    const answer = answerTo(request, probe.traits.notes.get(NAME) ?? "");
    if (answer === undefined) return missed(wanted, probe.quoted(line), hint);
    await probe.send(JSON.stringify({ ...answer, ...refOf(request) }) + "\n");
  }
  return missed(native.request(type), native.otherRequests(MAX_OTHER_REQUESTS), native.say);
}

function missed(expected: string, received: string, hint: string): ReceivedRequest {
  return { problem: miss(expected, received, hint) };
}

function parsed(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Json
      : undefined;
  } catch {
    return undefined;
  }
}

/** The answer to a request that is not under check; undefined if the type is unknown. */
function answerTo({ type }: Json, name: string): Json | undefined {
  const answers: Readonly<Record<string, Json>> = {
    ping: { type: "pong" },
    who: { type: "who", users: [], total: 0 },
    whoami: { type: "you", id: 7, name },
    groups: { type: "groups", groups: [], total: 0 },
    history: { type: "history", messages: [] },
    help: { type: "help", commands: [] },
  };
  return typeof type === "string" && Object.hasOwn(answers, type) ? answers[type] : undefined;
}

function refOf({ ref }: Json): Json {
  return ref === undefined ? {} : { ref };
}

async function sendEvents(probe: ClientProbe, ...events: readonly Json[]): Promise<void> {
  await probe.send(events.map((event) => JSON.stringify(event) + "\n").join(""));
}

/** The number of the newest message when the client is welcomed. */
const FIRST_SEQ = 40;

/** The number of the last message sent; each is new, because clients drop messages they have seen. */
let lastSeq = FIRST_SEQ;

/** A message event. */
function message(from: string, text: string, more: Json = {}): Json {
  return { type: "message", seq: ++lastSeq, at: "2026-01-02T03:04:05.678Z", from, text, ...more };
}

/** Sends the sender's own message and the acknowledgement, as a server does. */
async function answerSay(probe: ClientProbe, request: Json | undefined): Promise<void> {
  const text = request?.text;
  if (request === undefined || typeof text !== "string") return;
  const own = message(probe.traits.notes.get(NAME) ?? "", text);
  await sendEvents(probe, own, { type: "ack", seq: lastSeq, recipients: 1, ...refOf(request) });
}

async function typesSay(probe: ClientProbe, line: string, whole = line): Promise<StepOutcome> {
  probe.driver.clearOutput();
  await probe.driver.type(line);
  return await saysTyped(probe, whole);
}

/** Expects a say of a line that was typed, and acknowledges it. */
async function saysTyped(probe: ClientProbe, whole: string): Promise<StepOutcome> {
  const { request, problem } = await nextRequest(probe, "say");
  if (request === undefined) return problem;
  const { native } = probe.texts;
  if (request.text !== whole) {
    return miss(
      native.text(probe.quoted(whole)),
      probe.quoted(JSON.stringify(request)),
      native.say,
    );
  }
  probe.traits.notes.set(HAS_REF, String(request.ref !== undefined));
  await answerSay(probe, request);
  return undefined;
}

async function showsLine(
  probe: ClientProbe,
  line: string,
  texts: readonly string[],
  hint: string = probe.texts.native.shows,
): Promise<StepOutcome> {
  await probe.send(line + "\n");
  return await probe.expectOutput(texts, hint);
}

async function inPieces(probe: ClientProbe): Promise<StepOutcome> {
  const line = encodedText(JSON.stringify(message("bob", "café in pieces")) + "\n");
  const cut = line.indexOf(0xc3) + 1;
  await probe.send(line.subarray(0, 9), line.subarray(9, cut), line.subarray(cut));
  return await probe.expectOutput(["bob", "café in pieces"], probe.texts.native.oneRead);
}

async function unknownThings(probe: ClientProbe): Promise<StepOutcome> {
  await sendEvents(probe, { type: "sparkle", colour: "green" });
  await probe.pause();
  await sendEvents(
    probe,
    message("bob", "from a later version", { mood: { sunny: true }, tags: ["new"] }),
  );
  return await probe.expectOutput(
    ["bob", "from a later version"],
    probe.texts.native.unknown,
  );
}

function hasRef(probe: ClientProbe): Promise<StepOutcome> {
  const has = probe.traits.notes.get(HAS_REF);
  const { native } = probe.texts;
  if (has === undefined) return Promise.resolve(skip(native.sentNothing));
  return Promise.resolve(
    has === "true" ? undefined : miss(native.refInEachSay, native.noRef, native.ref),
  );
}

/** Ends the input and answers `bye` with `closed`, which some clients wait for (protocol.md). */
async function leaves(probe: ClientProbe): Promise<StepOutcome> {
  const { wire, timeouts } = probe;
  await probe.driver.endInput();
  await wire.until(
    () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
    timeouts.endMs,
  );
  const [line = ""] = decodedText(wire.unread).split("\n");
  probe.traits.notes.set(BYE, String(parsed(line)?.type === "bye"));
  await sendEvents(probe, { type: "closed", reason: "bye", text: "left" });
  return await closes(probe, probe.texts.native.endOfInput) ?? await exitsWithZero(probe);
}

function sendsBye(probe: ClientProbe): Promise<StepOutcome> {
  const sent = probe.traits.notes.get(BYE);
  const { native, data } = probe.texts;
  if (sent === undefined) return Promise.resolve(skip(native.notLeft));
  return Promise.resolve(
    sent === "true" ? undefined : miss('{"type":"bye"}', data.endAlone, native.bye),
  );
}

async function endsAtClosed(probe: ClientProbe): Promise<StepOutcome> {
  await sendEvents(probe, { type: "closed", reason: "shutdown", text: "the server stops" });
  await probe.wire.finish();
  const ending = await probe.driver.ended(probe.timeouts.endMs);
  if (ending === "unseen") return skip(probe.texts.skipped.unknownEnd);
  const { endings, exits, native } = probe.texts;
  return ending === "running" ? miss(endings.ends, exits.running, native.closed) : undefined;
}

/** Minichat's own protocol. */
export function nativeSuite(texts: ClientCheckTexts): ClientSuite {
  const step = stepBuilder(texts.titles.native);
  return {
    title: texts.native.suite,
    show: visibleBytes,
    asksName: true,
    greet,
    steps: [
      step("connects", DOC, {
        needs: "off",
        leaves: "connected",
        run: (probe) => probe.connect(),
      }),
      step("hello", DOC, { needs: "connected", run: greet }),
      step("sends", DOC, {
        run: (probe) => typesSay(probe, "hello everyone"),
      }),
      step("sends-json", DOC, {
        types: true,
        run: (probe) => typesSay(probe, 'she said "déjà \\ vu" ☕'),
      }),
      step("ref", DOC, {
        level: "advised",
        run: hasRef,
      }),
      step("shows", DOC, {
        run: (probe) =>
          showsLine(probe, JSON.stringify(message("bob", "good morning")), ["bob", "good morning"]),
      }),
      step("escapes", DOC, {
        run: (probe) =>
          showsLine(probe, JSON.stringify(message("bob", "d@j@ vu")).replaceAll("@", "\\u00e9"), [
            "bob",
            "déjé vu",
          ], probe.texts.native.escapes),
      }),
      step("unknown", DOC, { run: unknownThings }),
      step("two-in-one", DOC, {
        run: async (probe) => {
          await sendEvents(probe, message("bob", "first of two"), message("eve", "second of two"));
          return await probe.expectOutput(
            ["bob", "first of two", "eve", "second of two"],
            probe.texts.native.oneRead,
          );
        },
      }),
      step("in-pieces", DOC, {
        run: inPieces,
      }),
      step("long", DOC, {
        byHand: false,
        run: (probe) =>
          showsLine(
            probe,
            JSON.stringify(message("bob", LONG_TEXT)),
            ["bob", LONG_TEXT],
            probe.texts.native.oneRead,
          ),
      }),
      idles(texts, { sources: DOC, level: "advised" }),
      pastedLines(texts, DOC, async (probe, [first, second]) => {
        await probe.driver.type(first, second);
        return await saysTyped(probe, first) ?? await saysTyped(probe, second);
      }),
      ...typingSteps(texts, { sources: [...DOC, "D23"], level: "advised" }, {
        greet,
        message: (probe, author, text) => sendEvents(probe, message(author, text)),
        finish: typesSay,
      }),
      step("end-of-input", DOC, {
        leaves: "off",
        run: leaves,
      }),
      step("bye", DOC, {
        level: "advised",
        needs: "off",
        leaves: "off",
        run: sendsBye,
      }),
      step("closed", DOC, { leaves: "off", run: endsAtClosed }),
      serverCloses(texts, { sources: DOC, level: "required" }, "connects again"),
      serverVanishes(
        texts,
        { sources: DOC, level: "required" },
        () => '{"type":"message","seq":42,"from":"bob","te',
      ),
      inputAfterClose(texts, { sources: DOC, level: "advised" }),
    ],
  };
}
