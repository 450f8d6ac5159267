// A native server in memory that never loses a session: it stores each (session, ref) once, holds
// sessions whose connection broke, and sends what was missed. Wires to it break where a test says.

import { assert } from "@std/assert";
import type { DialResult } from "../../client/dial.ts";
import type { Wire } from "../../client/client_connection.ts";
import { BlockWriter } from "../../protocol/block.ts";
import type { MessageEvent, ServerEvent } from "../../protocol/events.ts";
import { native } from "../../protocol/native.ts";
import type { Ref, Request } from "../../protocol/requests.ts";
import { withRef } from "../../protocol/requests.ts";

/** After how many bytes a connection breaks, in each direction (default never). */
export interface Cut {
  /** From the client to the server. */
  readonly up?: number;
  /** From the server to the client. */
  readonly down?: number;
}

const BROKEN = "reset by the test";

interface Session {
  readonly token: string;
  readonly name: string;
  readonly refs: Map<Ref, number>;
}

/** One connection: the client's end and the server's. */
class CutWire implements Wire {
  readonly #server: ResumingServer;
  readonly #decoder = native.server({ notices: false, asksName: false }).decoder;
  #up: number;
  #down: number;
  #chunks: Uint8Array[] = [];
  #end: "open" | "ended" | "broken" = "open";
  #wake = Promise.withResolvers<void>();
  session: Session | undefined;
  readonly requests: Request[] = [];
  /** Bytes that arrived at the server, and at the client. */
  readonly passed = { up: 0, down: 0 };

  constructor(server: ResumingServer, { up = Infinity, down = Infinity }: Cut) {
    this.#server = server;
    this.#up = up;
    this.#down = down;
  }

  get isOpen(): boolean {
    return this.#end === "open";
  }

  /** The server sends events. */
  send(...events: ServerEvent[]): void {
    const { encoder } = native.server({ notices: false, asksName: false });
    for (const event of events) {
      const out = new BlockWriter();
      out.begin();
      encoder.encode(event, out);
      const slice = out.end();
      assert(slice);
      this.#give(slice.block.slice(slice.start, slice.end));
    }
  }

  /** Breaks the connection for both ends. */
  cut(): void {
    if (this.#end === "open") this.#end = "broken";
    this.#wake.resolve();
  }

  /** The server ends the connection. */
  end(): void {
    if (this.#end === "open") this.#end = "ended";
    this.#wake.resolve();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0 && this.#end === "open") {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      buffer.set(chunk);
      return chunk.length;
    }
    if (this.#end === "ended") return null;
    throw new Error(BROKEN);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (!this.isOpen) return Promise.reject(new Error(BROKEN));
    const through = bytes.subarray(0, Math.min(bytes.length, this.#up));
    this.#up -= through.length;
    this.passed.up += through.length;
    this.#decoder.feed(through, (request) => {
      this.requests.push(request);
      if (this.isOpen) this.#server.take(this, request);
    });
    if (this.#up === 0) this.cut();
    return Promise.resolve(bytes.length); // the system took it: the client knows no more
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.cut();
  }

  #give(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const through = bytes.slice(0, Math.min(bytes.length, this.#down));
    this.#down -= through.length;
    this.passed.down += through.length;
    if (through.length > 0) this.#chunks.push(through);
    if (this.#down === 0) this.cut();
    this.#wake.resolve();
  }
}

/** The server: every member receives every message. */
export class ResumingServer {
  readonly stored: MessageEvent[] = [];
  readonly wires: CutWire[] = [];
  /** Where the next connections break, in order. */
  readonly cuts: Cut[];
  /** How many attempts to connect fail before one succeeds. */
  refusals = 0;
  /** How many messages too many a resume sends: a client must not show those again. */
  overlap = 0;
  /** Called before each request; returns true if the server shall do nothing more. */
  before: (wire: CutWire, request: Request) => boolean = () => false;
  #sessions = new Map<string, Session>();
  #tokens = 0;

  constructor(...cuts: Cut[]) {
    this.cuts = cuts;
  }

  /** The newest connection. */
  get wire(): CutWire {
    const wire = this.wires.at(-1);
    assert(wire, "nobody is connected");
    return wire;
  }

  /** The texts from that name, in order. */
  sent(name: string): string[] {
    return this.stored.filter(({ from }) => from === name).map(({ text }) => text);
  }

  /** Opens a connection, as `dial()` does. */
  readonly dial = (): Promise<DialResult> => {
    if (this.refusals > 0) {
      this.refusals--;
      return Promise.resolve({ ok: false, error: "No server" });
    }
    const wire = new CutWire(this, this.cuts.shift() ?? {});
    this.wires.push(wire);
    return Promise.resolve({ ok: true, wire });
  };

  /** Loses everything that is not stored: sessions and refs. */
  forget(): void {
    this.#sessions = new Map();
  }

  /** Another member sends a text. */
  say(from: string, text: string): void {
    this.#store(from, text);
  }

  /** Carries out the request. */
  take(wire: CutWire, request: Request): void {
    if (this.before(wire, request)) return;
    const { session } = wire;
    switch (request.verb) {
      case "hello":
        return this.#welcome(wire, request);
      case "say": {
        if (session === undefined || request.ref === undefined) {
          throw new Error("no session or ref");
        }
        const known = session.refs.get(request.ref);
        const seq = known ?? this.#store(session.name, request.text);
        session.refs.set(request.ref, seq);
        return wire.send({ type: "ack", seq, recipients: 1, ...withRef(request.ref) });
      }
      case "join":
        return wire.send({
          ...{ type: "joined", name: session?.name ?? "", group: request.group, you: true },
          ...withRef(request.ref),
        });
      case "ping":
        return wire.send({ type: "pong", ...withRef(request.ref) });
      case "bye":
        wire.send({ type: "closed", reason: "bye", text: "left" });
        return wire.end();
      default:
        return;
    }
  }

  #store(from: string, text: string): number {
    const seq = this.stored.length + 1;
    const at = new Date(Date.UTC(2030, 0, 1) + seq).toISOString();
    const event: MessageEvent = { type: "message", seq, at, from, text };
    this.stored.push(event);
    for (const wire of this.wires) if (wire.session !== undefined) wire.send(event);
    return seq;
  }

  #welcome(wire: CutWire, hello: Request & { readonly verb: "hello" }): void {
    const { resume } = hello;
    const old = resume && this.#sessions.get(resume.session);
    if (resume !== undefined && old === undefined) {
      const message = "No such session";
      return wire.send({ type: "error", code: "no_such_session", message });
    }
    const token = old?.token ?? `secret${++this.#tokens}`;
    const session = old ?? { token, name: hello.name ?? "user1", refs: new Map<Ref, number>() };
    this.#sessions.set(token, session);
    wire.session = session;
    wire.send({
      ...{ type: "welcome", id: 1, name: session.name, session: token, seq: this.stored.length },
      ...{ users: [session.name], groups: [], total: 1, version: 1 },
      ...(old === undefined ? {} : { resumed: true }),
    });
    if (resume === undefined) return;
    wire.send(...this.stored.filter(({ seq }) => seq > resume.since - this.overlap));
  }
}
