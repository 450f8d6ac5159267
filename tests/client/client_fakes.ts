// Fakes for the client's tests: a small server on real loopback TCP that reacts as the test says, a
// line editor without a terminal, and standard streams in memory.

import { assert } from "@std/assert";
import type { Address } from "../../client/dial.ts";
import type { PromptLike } from "../../client/prompt_interface.ts";
import { BlockWriter } from "../../protocol/block.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import type { Request } from "../../protocol/requests.ts";
import { withRef } from "../../protocol/requests.ts";
import { type Style, terminalStyle } from "../../terminal/style.ts";
import { settledInTime } from "../until.ts";

/** A connection as the test server sees it. */
export class TestPeer {
  readonly requests: Request[] = [];
  ended = false;
  readonly #conn: Deno.Conn;
  readonly #dialect: Dialect;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(conn: Deno.Conn, dialect: Dialect) {
    this.#conn = conn;
    this.#dialect = dialect;
  }

  send(...events: ServerEvent[]): void {
    const { encoder } = this.#dialect.server({ notices: false, asksName: false });
    for (const event of events) {
      const out = new BlockWriter();
      out.begin();
      encoder.encode(event, out);
      const slice = out.end();
      if (slice) this.#write(slice.block.slice(slice.start, slice.end));
    }
  }

  raw(text: string): void {
    this.#write(new TextEncoder().encode(text));
  }

  /** The requests, without refs and without the `hold` of a hello. */
  get asked(): Omit<Request, "ref" | "hold">[] {
    return this.requests.map((request) => {
      const { ref: _ref, hold: _hold, ...asked } = { hold: true, ...request };
      return asked;
    });
  }

  /** Closes after everything queued is written. */
  close(): void {
    this.#writing = this.#writing.then(() => this.#conn.close()).catch(() => {});
  }

  async run(onRequest: (peer: TestPeer, request: Request | "end") => void): Promise<void> {
    const { decoder } = this.#dialect.server({ notices: false, asksName: false });
    const take = (request: Request): void => {
      this.requests.push(request);
      onRequest(this, request);
    };
    const buffer = new Uint8Array(4096);
    for (;;) {
      const read = await this.#conn.read(buffer).catch(() => null);
      if (read === null) break;
      decoder.feed(buffer.subarray(0, read), take);
    }
    this.ended = true;
    onRequest(this, "end");
  }

  async over(): Promise<void> {
    this.close();
    await this.#writing;
  }

  #write(bytes: Uint8Array): void {
    this.#writing = this.#writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
    }).catch(() => {});
  }
}

/** A server on a free loopback port; `onRequest` sees every request and the end of each peer. */
export class TestServer {
  readonly peers: TestPeer[] = [];
  readonly address: Address & { kind: "tcp" };
  readonly #listener: Deno.TcpListener;
  readonly #tasks: Promise<void>[] = [];

  constructor(dialect: Dialect, onRequest: (peer: TestPeer, request: Request | "end") => void) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.address = { kind: "tcp", host: "127.0.0.1", port: this.#listener.addr.port };
    this.#tasks.push(this.#accept(dialect, onRequest));
  }

  /** The peer of that index (default the first). */
  peer(index = 0): TestPeer {
    const peer = this.peers[index];
    assert(peer, `no peer ${index}`);
    return peer;
  }

  async close(): Promise<void> {
    this.#listener.close();
    for (const peer of this.peers) await peer.over();
    await settledInTime(Promise.all(this.#tasks), "the server's tasks");
  }

  async #accept(
    dialect: Dialect,
    onRequest: (peer: TestPeer, request: Request | "end") => void,
  ): Promise<void> {
    try {
      for await (const conn of this.#listener) {
        const peer = new TestPeer(conn, dialect);
        this.peers.push(peer);
        this.#tasks.push(peer.run(onRequest));
      }
    } catch {
      // the listener was closed
    }
  }
}

let lastSeq = 0;

/** A message as a native server sends it, with a number above that of the one before. */
export function message(
  from: string,
  text: string,
  more: Partial<MessageEvent> = {},
): MessageEvent {
  return { type: "message", seq: ++lastSeq, at: "2026-01-02T03:04:05.678Z", from, text, ...more };
}

/** Answers as a native server with one member and bob; the name "taken" is taken. */
export function nativeChat(peer: TestPeer, request: Request | "end"): void {
  if (request === "end") return peer.close();
  const ref = withRef(request.ref);
  switch (request.verb) {
    case "hello": {
      const name = request.name ?? "user1";
      if (name === "taken") {
        return peer.send({ type: "error", code: "name_taken", message: "That name is taken" });
      }
      const here = { users: [name, "bob"], groups: ["cooks"], total: 2 };
      return peer.send({ type: "welcome", id: 1, name, session: "s", seq: 0, version: 1, ...here });
    }
    case "say":
      if (request.to?.name === "nobody") {
        return peer.send({ type: "error", code: "no_such_name", message: "Nobody", ...ref });
      }
      return peer.send(message("alice", request.text), {
        type: "ack",
        seq: 1,
        recipients: 1,
        ...ref,
      });
    case "bye":
      peer.send({ type: "closed", reason: "bye", text: "left" });
      return peer.close();
    default:
      return;
  }
}

/** A line editor whose input comes from the test. */
export class FakePrompt implements PromptLike {
  readonly printed: string[] = [];
  prompt = "";
  draft = "";
  state: "new" | "open" | "closed" = "new";
  readonly redraws = true;
  #inputs: Awaited<ReturnType<PromptLike["next"]>>[] = [];
  #wake = Promise.withResolvers<void>();

  start(): void {
    this.state = "open";
  }
  print(text: string): void {
    this.printed.push(text);
  }
  setPrompt(prompt: string): void {
    this.prompt = prompt;
  }
  hidden = false;
  hide(hidden: boolean): void {
    this.hidden = hidden;
  }
  async next(): ReturnType<PromptLike["next"]> {
    for (;;) {
      const input = this.#inputs.shift();
      if (input !== undefined) return input;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
  close(): void {
    this.state = "closed";
  }

  type(text: string): void {
    this.#enter({ kind: "line", text });
  }
  press(kind: "eof" | "interrupt"): void {
    this.#enter({ kind });
  }
  /** All that was printed, as one text. */
  get text(): string {
    return this.printed.join("\n");
  }

  #enter(input: Awaited<ReturnType<PromptLike["next"]>>): void {
    this.#inputs.push(input);
    this.#wake.resolve();
  }
}

/** Standard input in memory: `text`, then its end unless it is to stay open. */
export function fakeStdin(text: string, open = false): {
  reads: number;
  read(buffer: Uint8Array): Promise<number | null>;
} {
  let rest = new TextEncoder().encode(text);
  return {
    reads: 0,
    read(buffer) {
      this.reads++;
      if (rest.length === 0) return open ? new Promise(() => {}) : Promise.resolve(null);
      const count = Math.min(rest.length, buffer.length);
      buffer.set(rest.subarray(0, count));
      rest = rest.slice(count);
      return Promise.resolve(count);
    },
  };
}

/** Standard output in memory. */
export class FakeStdout {
  text = "";
  write(bytes: Uint8Array): Promise<number> {
    // A byte fewer than asked for: a write may be partial.
    const count = Math.max(1, bytes.length - 1);
    this.text += new TextDecoder().decode(bytes.subarray(0, count));
    return Promise.resolve(count);
  }
}

/** A style that marks in the text which of its functions was used. */
export const TAGGED: Style = {
  ...terminalStyle({ enabled: false }),
  bold: (text) => `<b>${text}</b>`,
  dim: (text) => `<d>${text}</d>`,
  red: (text) => `<r>${text}</r>`,
  yellow: (text) => `<y>${text}</y>`,
  magenta: (text) => `<m>${text}</m>`,
  name: (text) => `<n>${text}</n>`,
};

/** A style without colours. */
export const BARE: Style = terminalStyle({ enabled: false });
