// How a client of minichat's own protocol is checked: JSON Lines, as docs/protocol.md asks of a bot.

import {
  closes,
  exitsWithZero,
  idles,
  inputAfterClose,
  serverCloses,
  serverVanishes,
} from "./ending_checks.ts";
import { type ClientProbe, miss } from "./client_probe.ts";
import type { ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import { LONG_TEXT, step } from "./step_builders.ts";
import { decodedText, encodedText, quotedData } from "./describe_exit.ts";
import { visibleBytes } from "../visible.ts";

const LF = 0x0a;
const DOC = ["protocol.md"];

const HELLO = 'One JSON object on one line: {"type":"hello","name":"ana","version":1}';
const SAY = 'A typed line is sent as {"type":"say","text":"..."} and a newline; JSON.stringify, ' +
  "json.dumps and the like write quotes and accents rightly";
const ONE_READ =
  "What one read returns is no line: it may be half of one, or several. Keep what came " +
  'in a buffer, and take a line out of it at each "\\n"';
const SHOWS = "A message has from and text: show both, also while the keyboard is waited for";

const END_OF_INPUT = "Standard input at its end reads as 0 bytes: say bye, close the socket, end";

/** What is remembered of a client. */
const NAME = "name";
const HAS_REF = "has ref";
const BYE = "said bye";

type Json = Readonly<Record<string, unknown>>;

/** A request that came, or why it is none. */
interface Asked {
  readonly request?: Json;
  readonly problem?: StepOutcome;
}

/** Waits for hello and welcomes the client. */
async function greet(stage: ClientProbe): Promise<StepOutcome> {
  await stage.firstBytes();
  const { request, problem } = await nextRequest(stage, "hello");
  if (request === undefined) return problem;
  const { name = "user7", version = 1 } = request;
  if (typeof name !== "string" || version !== 1) {
    return miss("a name that is text, and version 1", quotedData(JSON.stringify(request)), HELLO);
  }
  stage.learnName(name);
  stage.memory.notes.set(NAME, name);
  const users = [name, "bob"];
  await sends(stage, {
    ...{ type: "welcome", id: 7, name, session: "check", seq: FIRST_SEQ, users, groups: [] },
    ...{ total: 2, version: 1, ...refOf(request) },
  });
  if (stage.nameIsText) await answersSay(stage, (await nextRequest(stage, "say")).request);
  await stage.settle();
  return undefined;
}

/** The next request of that type; what else the client asks for is answered on the way. */
async function nextRequest(stage: ClientProbe, type: string): Promise<Asked> {
  const { wire } = stage;
  for (let left = 20; left > 0; left--) {
    await wire.until(
      () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
      stage.patience.answerMs,
    );
    const end = wire.unread.indexOf(LF);
    const wanted = `a line of JSON whose type is ${type}`;
    const hint = type === "hello" ? HELLO : SAY;
    if (end === -1) return missed(wanted, stage.received(wire.take()), hint);
    const line = decodedText(wire.take(end + 1));
    const request = parsed(line);
    if (request === undefined) return missed(wanted, quotedData(line), hint);
    if (request.type === type) return { request };
    const answer = answerTo(request, stage.memory.notes.get(NAME) ?? "");
    if (answer === undefined) return missed(wanted, quotedData(line), hint);
    await stage.sends(JSON.stringify({ ...answer, ...refOf(request) }) + "\n");
  }
  return missed(`a ${type}`, "twenty other requests", SAY);
}

function missed(expected: string, received: string, hint: string): Asked {
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

/** What a server answers to the requests that are not under check. */
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

async function sends(stage: ClientProbe, ...events: readonly Json[]): Promise<void> {
  await stage.sends(events.map((event) => JSON.stringify(event) + "\n").join(""));
}

/** The number of the newest message, when a client is welcomed. */
const FIRST_SEQ = 40;

/** The number of the message told last: each has its own, for a client drops what it has seen. */
let lastSeq = FIRST_SEQ;

/** A message as the server tells it. */
function message(from: string, text: string, more: Json = {}): Json {
  return { type: "message", seq: ++lastSeq, at: "2026-01-02T03:04:05.678Z", from, text, ...more };
}

/** The sender's own message and the acknowledgement, as a server answers. */
async function answersSay(stage: ClientProbe, request: Json | undefined): Promise<void> {
  const text = request?.text;
  if (request === undefined || typeof text !== "string") return;
  const own = message(stage.memory.notes.get(NAME) ?? "", text);
  await sends(stage, own, { type: "ack", seq: lastSeq, recipients: 1, ...refOf(request) });
}

async function says(stage: ClientProbe, line: string): Promise<StepOutcome> {
  stage.driver.clearOutput();
  await stage.driver.type(line);
  const { request, problem } = await nextRequest(stage, "say");
  if (request === undefined) return problem;
  if (request.text !== line) {
    return miss(`the text ${quotedData(line)}`, quotedData(JSON.stringify(request)), SAY);
  }
  stage.memory.notes.set(HAS_REF, String(request.ref !== undefined));
  await answersSay(stage, request);
  return undefined;
}

async function showsLine(
  stage: ClientProbe,
  line: string,
  texts: readonly string[],
  hint = SHOWS,
): Promise<StepOutcome> {
  await stage.sends(line + "\n");
  return await stage.shows(texts, hint);
}

async function inPieces(stage: ClientProbe): Promise<StepOutcome> {
  const line = encodedText(JSON.stringify(message("bob", "café in pieces")) + "\n");
  const cut = line.indexOf(0xc3) + 1;
  await stage.sends(line.subarray(0, 9), line.subarray(9, cut), line.subarray(cut));
  return await stage.shows(["bob", "café in pieces"], ONE_READ);
}

async function unknownThings(stage: ClientProbe): Promise<StepOutcome> {
  await sends(stage, { type: "sparkle", colour: "green" });
  await stage.pause();
  await sends(
    stage,
    message("bob", "from a later version", { mood: { sunny: true }, tags: ["new"] }),
  );
  return await stage.shows(
    ["bob", "from a later version"],
    "A type that is not known is skipped, a field " +
      "that is not known ignored: later versions add some",
  );
}

function hasRef(stage: ClientProbe): Promise<StepOutcome> {
  const has = stage.memory.notes.get(HAS_REF);
  if (has === undefined) return Promise.resolve({ kind: "skip", because: "it has said nothing" });
  return Promise.resolve(
    has === "true" ? undefined : miss(
      'a "ref" in each say',
      "none",
      'With "ref": 1, 2, 3, ... the acknowledgement tells which message was stored',
    ),
  );
}

/** `bye` is answered, for some wait for that (protocol.md). */
async function leaves(stage: ClientProbe): Promise<StepOutcome> {
  const { wire, patience } = stage;
  await stage.driver.endInput();
  await wire.until(
    () => wire.unread.includes(LF) || wire.end !== "open" || undefined,
    patience.endMs,
  );
  const [line = ""] = decodedText(wire.unread).split("\n");
  stage.memory.notes.set(BYE, String(parsed(line)?.type === "bye"));
  await sends(stage, { type: "closed", reason: "bye", text: "left" });
  return await closes(stage, END_OF_INPUT) ?? await exitsWithZero(stage);
}

function saysBye(stage: ClientProbe): Promise<StepOutcome> {
  const said = stage.memory.notes.get(BYE);
  if (said === undefined) return Promise.resolve({ kind: "skip", because: "it has not left" });
  const hint = 'A client that leaves sends {"type":"bye"} first: others are told that it left';
  return Promise.resolve(
    said === "true" ? undefined : miss('{"type":"bye"}', "the end alone", hint),
  );
}

async function endsAtClosed(stage: ClientProbe): Promise<StepOutcome> {
  await sends(stage, { type: "closed", reason: "shutdown", text: "the server stops" });
  await stage.wire.finish();
  const ending = await stage.driver.ended(stage.patience.endMs);
  if (ending === "unseen") return { kind: "skip", because: "nobody could tell whether it ended" };
  const hint = "closed is the last line of a connection: end after it";
  return ending === "running" ? miss("the program ends", "it still runs", hint) : undefined;
}

/** Minichat's own protocol. */
export const nativeSuite: ClientSuite = {
  title: "native (docs/protocol.md)",
  show: visibleBytes,
  asksName: true,
  greet,
  steps: [
    step("connects", DOC, "Connects to the address it is given", {
      needs: "off",
      leaves: "connected",
      run: (stage) => stage.connects(),
    }),
    step("hello", DOC, "Sends hello first, version 1", { needs: "connected", run: greet }),
    step("sends", DOC, "Sends a typed line as say", {
      run: (stage) => says(stage, "hello everyone"),
    }),
    step("sends-json", DOC, "Sends quotes, backslashes and accents as JSON writes them", {
      run: (stage) => says(stage, 'she said "déjà \\ vu" ☕'),
    }),
    step("ref", DOC, "Gives each say a ref, by which its acknowledgement is known", {
      level: "advised",
      run: hasRef,
    }),
    step("shows", DOC, "Shows a message with its sender, though nothing is typed", {
      run: (stage) =>
        showsLine(stage, JSON.stringify(message("bob", "good morning")), ["bob", "good morning"]),
    }),
    step("escapes", DOC, "Reads JSON that writes accents as \\u00e9", {
      run: (stage) =>
        showsLine(stage, JSON.stringify(message("bob", "d@j@ vu")).replaceAll("@", "\\u00e9"), [
          "bob",
          "déjé vu",
        ], "\\u00e9 inside a JSON string is é: leave it to a JSON parser"),
    }),
    step("unknown", DOC, "Ignores a type and fields it does not know", { run: unknownThings }),
    step("two-in-one", DOC, "Shows two messages that come in one packet", {
      run: async (stage) => {
        await sends(stage, message("bob", "first of two"), message("eve", "second of two"));
        return await stage.shows(["bob", "first of two", "eve", "second of two"], ONE_READ);
      },
    }),
    step("in-pieces", DOC, "Shows a message that comes in pieces, cut inside a letter even", {
      run: inPieces,
    }),
    step("long", DOC, `Shows a message of ${LONG_TEXT.length} bytes whole`, {
      byHand: false,
      run: (stage) =>
        showsLine(stage, JSON.stringify(message("bob", LONG_TEXT)), ["bob", LONG_TEXT], ONE_READ),
    }),
    idles({ sources: DOC, level: "advised" }),
    step("end-of-input", DOC, "At the end of its input (CTRL-D) closes its side and exits with 0", {
      leaves: "off",
      run: leaves,
    }),
    step("bye", DOC, "Says bye when it leaves", {
      level: "advised",
      needs: "off",
      leaves: "off",
      run: saysBye,
    }),
    step("closed", DOC, "Ends after closed", { leaves: "off", run: endsAtClosed }),
    serverCloses({ sources: DOC, level: "required" }, "connects again"),
    serverVanishes(
      { sources: DOC, level: "required" },
      () => '{"type":"message","seq":42,"from":"bob","te',
    ),
    inputAfterClose({ sources: DOC, level: "advised" }),
  ],
};
