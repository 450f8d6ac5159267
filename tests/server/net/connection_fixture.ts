// A connection on a fake socket, for the tests of server/net/connection.ts.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { BlockWriter, type Slice } from "../../../protocol/block.ts";
import type { CloseReason } from "../../../protocol/failures.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../server/limits/limits.ts";
import { Connection } from "../../../server/net/connection.ts";
import { Flusher } from "../../../server/net/flusher.ts";
import type { ConnectionHandler } from "../../../server/net/connection_handler.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { turn } from "../../until.ts";

/** A connection on a fake socket, and the calls its handler received. */
export class ConnectionFixture implements ConnectionHandler {
  readonly clock = new FakeClock();
  readonly socket = new FakeSocket();
  readonly limits: Limits;
  readonly connection: Connection;
  readonly chunks: string[] = [];
  readonly faults: unknown[] = [];
  readonly result: Promise<CloseReason>;
  /** Reasons for which it closed; more than one entry would be a bug. */
  readonly ended: CloseReason[] = [];
  ends = 0;
  /** Number of calls of onInputDone(). */
  inputDone = 0;
  resumes = 0;
  onEachChunk: (text: string) => void = () => {};
  onTheEnd: () => void = () => {};
  onEachResume: () => void = () => {};
  onAllInputDone: () => void = () => {};
  readonly #out = new BlockWriter();
  readonly #closed = Promise.withResolvers<CloseReason>();

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.connection = new Connection(this.socket, {
      limits: this.limits,
      clock: this.clock,
      flusher: new Flusher(this.limits.writesPerTurn.system),
      onFault: (fault) => this.faults.push(fault),
    });
    this.result = this.#closed.promise;
    this.connection.run(this);
  }

  onClosed(reason: CloseReason): void {
    this.ended.push(reason);
    this.#closed.resolve(reason);
  }

  onChunk(chunk: Uint8Array): void {
    const text = new TextDecoder().decode(chunk);
    this.chunks.push(text);
    this.onEachChunk(text);
  }

  onEnd(): void {
    this.ends++;
    this.onTheEnd();
  }

  onInputDone(): void {
    this.inputDone++;
    this.onAllInputDone();
  }

  hasQueuedRequests = false;
  waitMs = 0;

  resume(): void {
    this.resumes++;
    this.onEachResume();
  }

  slice(text: string): Slice {
    this.#out.begin();
    this.#out.text(text);
    const slice = this.#out.end();
    assert(slice);
    return slice;
  }

  push(text: string): void {
    this.connection.push(this.slice(text));
  }

  /** Ends the connection in any state, checks that it closed once, and leaves no timer. */
  async finish(reason: CloseReason): Promise<void> {
    this.connection.destroy("eof");
    assertStrictEquals(await this.result, reason);
    await turn();
    assertEquals(this.ended, [reason]);
    assertStrictEquals(this.socket.closed, 1, "closed exactly once");
    assertStrictEquals(this.clock.pending, 0, "no timer is left");
    assert(this.socket.mostWritesAtOnce <= 1, "one write at a time");
  }
}
