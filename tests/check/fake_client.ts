// A client of any dialect with chosen bugs, made of the dialect's own client codec.

import { EN } from "../../texts/en.ts";
import { BlockWriter } from "../../protocol/block.ts";
import type { Dialect, DialectName } from "../../protocol/dialect.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Request } from "../../protocol/requests.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import { checkClient } from "../../check/client/client_runner.ts";
import { clientSuite } from "../../check/client/client_suites.ts";
import { pause } from "../../check/timing.ts";
import type { Finding } from "../../check/finding.ts";
import { FastClock } from "../fast_clock.ts";
import {
  type ClientIo,
  type FakeClient,
  FakeDriver,
  promptListener,
  TEST_TIMEOUTS,
} from "./fake_driver.ts";

/** A bug of a client. */
export type Bug =
  /** Decodes each read as a whole message. */
  | "one read"
  /** Shows the first message of a read and drops the others. */
  | "first only"
  /** Reads from the server only after a line was typed. */
  | "synchronous"
  /** Ignores the end of the stream. */
  | "deaf"
  /** Reads 0 bytes again and again. */
  | "spins"
  /** Uses what a failed read returns. */
  | "crashes"
  /** Sends empty lines without end at the end of its input. */
  | "floods"
  /** Keeps running at the end of its input. */
  | "ignores EOF"
  /** Exits with 1 instead of 0. */
  | "exit 1"
  /** Ends at a signal without a bye. */
  | "no handler"
  /** Sends the NUL at the end of a C string. */
  | "NUL"
  /** Cuts a long line at the end of its buffer. */
  | "short buffer"
  /** Decodes UTF-8 read by read, so that a split character is lost. */
  | "half letters"
  | "header first"
  | "early ko"
  /** Keeps the second of two pasted lines until something else is typed. */
  | "stuck paste"
  /** Has room for a name of 7 characters. */
  | "short name"
  /** Leaves the welcome and the commands to the server. */
  | "no welcome"
  | "no bye"
  | "no ref";

const ENCODER = new TextEncoder();
const BUFFER_BYTES = 1024;

/** Returns a function that decodes the events of each chunk. */
function decoderOf(dialect: Dialect, bugs: ReadonlySet<Bug>) {
  const codec = dialect.client();
  let isWelcomed = false;
  return (chunk: Uint8Array): ServerEvent[] => {
    const events: ServerEvent[] = [];
    // The first answer of a session is whole in every test: bugs begin after it.
    const lone = bugs.has("one read") && isWelcomed ? dialect.client().decoder : codec.decoder;
    const bytes = bugs.has("half letters")
      ? ENCODER.encode(new TextDecoder().decode(chunk))
      : chunk;
    lone.feed(bytes, (event) => events.push(event));
    if (lone !== codec.decoder) lone.end((event) => events.push(event));
    isWelcomed = true;
    return bugs.has("first only") ? events.slice(0, 1) : events;
  };
}

/** A client with these bugs; without bugs it does all that its sheet requires. */
export function clientOf(name: DialectName, ...list: readonly Bug[]): FakeClient {
  const bugs = new Set(list);
  const dialect = dialectNamed(name);
  if (dialect === undefined) throw new Error(name);
  return async (io) => await new FakeSession(io, dialect, bugs).run();
}

class FakeSession {
  readonly #decode: (chunk: Uint8Array) => ServerEvent[];
  readonly #encoder;
  readonly #over = Promise.withResolvers<number | string>();
  #conn: Deno.Conn | undefined;
  #refs = 0;
  #isDone = false;
  #isLeaving = false;

  constructor(readonly io: ClientIo, readonly dialect: Dialect, readonly bugs: ReadonlySet<Bug>) {
    this.#decode = decoderOf(dialect, bugs);
    this.#encoder = dialect.client().encoder;
  }

  async run(): Promise<number | string> {
    if (!this.bugs.has("no welcome")) {
      this.io.show("Welcome. Commands: @name, @tous, /list, /quit\n");
    }
    // In dialects whose client asks for a name, the first line is the name.
    const asks = clientSuite(this.dialect.name, EN.clientChecks).asksName;
    const name = asks ? await this.io.line() : undefined;
    this.#conn = await this.io.connect();
    const kept = this.bugs.has("short name") ? name?.slice(0, 7) : name;
    if (asks && kept !== undefined) await this.#send({ verb: "hello", name: kept, version: 1 });
    if (!this.bugs.has("synchronous")) this.#readAll();
    this.#sendLines();
    this.io.signalled.then((signal) => this.#onSignal(signal));
    const end = await this.#over.promise;
    this.#isDone = true;
    return end;
  }

  async #sendLines(): Promise<void> {
    for (let line; (line = await this.io.line()) !== undefined;) {
      await this.#sendLine(line);
      if (this.bugs.has("synchronous") && !await this.#readOnce()) return;
      if (this.bugs.has("early ko")) this.io.show("ko\n");
      if (this.bugs.has("stuck paste")) await this.io.nextTyping();
    }
    if (this.#isDone || this.bugs.has("ignores EOF")) return;
    if (this.bugs.has("floods")) {
      while (!this.#isDone) {
        if (!await this.#write(ENCODER.encode("MSG \n".repeat(100_000)))) return;
      }
    }
    await this.#leave();
    if (this.bugs.has("synchronous")) this.#over.resolve(0);
  }

  async #leave(): Promise<void> {
    this.#isLeaving = true;
    if (!this.bugs.has("no bye")) await this.#send({ verb: "bye" });
    await this.#conn?.closeWrite().catch(() => {});
  }

  async #sendLine(line: string): Promise<void> {
    const parts = this.bugs.has("short buffer")
      ? line.match(new RegExp(`.{1,${BUFFER_BYTES}}`, "gsu")) ?? [line]
      : [line];
    for (const text of parts) await this.#send(this.#request(text));
  }

  #request(text: string): Request {
    const isTyped = this.#bytes({ verb: "command", word: "x", rest: "" }) !== undefined;
    if (isTyped) return { verb: "line", text };
    return { verb: "say", text, ...(this.bugs.has("no ref") ? {} : { ref: ++this.#refs }) };
  }

  async #send(request: Request): Promise<void> {
    const bytes = this.#bytes(request);
    if (bytes === undefined) return;
    if (this.bugs.has("NUL")) await this.#write(Uint8Array.of(...bytes, 0));
    else if (this.bugs.has("header first")) {
      await this.#write(bytes.subarray(0, 16));
      await pause(this.io.clock, TEST_TIMEOUTS.quietMs / 4); // the check reads the header by itself
      await this.#write(bytes.subarray(16));
    } else await this.#write(bytes);
  }

  #bytes(request: Request): Uint8Array | undefined {
    const out = new BlockWriter(64 * 1024);
    out.begin();
    this.#encoder.encode(request, out);
    const slice = out.end();
    return slice?.block.slice(slice.start, slice.end);
  }

  async #write(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#conn?.write(bytes.subarray(at)) ?? 0;
      return true;
    } catch {
      return false;
    }
  }

  async #readAll(): Promise<void> {
    while (await this.#readOnce());
  }

  /** Reads once; false at the end of the stream. */
  async #readOnce(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.#conn?.read(buffer).catch(() => null) ?? null;
    if (count === null) this.#onEnd();
    else for (const event of this.#decode(buffer.slice(0, count))) this.#show(event);
    return count !== null;
  }

  #show(event: ServerEvent): void {
    if (event.type === "closed") return this.#over.resolve(0);
    const text = describeEvent(event, EN.events);
    if (text === "" || (this.bugs.has("early ko") && text === "ko")) return;
    this.io.show(text + "\n");
  }

  #onEnd(): void {
    if (this.bugs.has("deaf")) return;
    if (this.bugs.has("spins")) return this.io.spin();
    if (this.#isLeaving) return this.#over.resolve(this.bugs.has("exit 1") ? 1 : 0);
    if (this.bugs.has("crashes")) this.io.show("Traceback (most recent call last):\nOSError\n");
    this.#over.resolve(1);
  }

  async #onSignal(signal: string): Promise<void> {
    if (signal !== "SIGKILL" && !this.bugs.has("no handler")) await this.#leave();
    this.#over.resolve(130);
  }
}

/** Checks a fake client; returns all findings, and the ids of those that failed. */
export async function checkFakeClient(
  name: DialectName,
  client: FakeClient,
): Promise<{ readonly failed: readonly string[]; readonly findings: readonly Finding[] }> {
  const { endpoint, listener } = promptListener();
  const findings: Finding[] = [];
  const clock = new FastClock();
  const options = {
    suite: clientSuite(name, EN.clientChecks),
    listener,
    texts: EN.clientChecks,
    clock,
    driver: (record: ConstructorParameters<typeof FakeDriver>[2]) =>
      new FakeDriver(client, endpoint, record, clock),
  };
  for await (const finding of checkClient(options)) findings.push(finding);
  const failed = findings.filter(({ verdict }) => verdict.kind === "fail");
  return { failed: failed.map(({ check }) => check.id), findings };
}
