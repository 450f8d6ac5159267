// One connection of the fuzzer: a socket in memory, and the session that serves it.

import { BlockWriter } from "../../protocol/block.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import {
  decimalLayouts,
  type FrameLayout,
  LAYOUTS,
  RECOGNISED_BINARY,
} from "../../protocol/frame_layouts.ts";
import { toLatin1 } from "./scenario.ts";
import { frame } from "../../protocol/frames.ts";
import type { Server } from "../../server/server.ts";
import type { Session } from "../../server/session/session.ts";
import { FakeSocket } from "../fake_clock_and_socket.ts";
import type { Actor } from "./scenario.ts";
import { turn } from "../until.ts";

/** Counts what sockets do, which tells when the server is idle. */
export interface SocketActivity {
  count: number;
}

/** Turns of the event loop without activity after which the server is idle. */
const QUIET_TURNS = 2;
/** The same while requests are queued, which may take silent turns. */
const BEHIND_TURNS = 40;

/** Waits until nothing more happens while time stands still. */
export async function untilIdle(server: Server, tally: SocketActivity): Promise<void> {
  for (let quiet = 0, enough = 1; quiet < enough;) {
    const before = tally.count;
    await turn();
    quiet = tally.count === before ? quiet + 1 : 0;
    const { softQueueBytes } = server.limits;
    const isWorking = [...server.sessions].some(({ hasQueuedRequests, outbox, waitMs }) =>
      hasQueuedRequests && outbox.queuedBytes <= softQueueBytes && waitMs === 0
    );
    enough = isWorking ? BEHIND_TURNS : QUIET_TURNS;
  }
}

/** A fake socket that counts its reads and writes. */
class TallySocket extends FakeSocket {
  readonly #tally: SocketActivity;

  constructor(tally: SocketActivity) {
    super();
    this.#tally = tally;
  }

  override receive(): Uint8Array | null | undefined {
    const read = super.receive();
    if (read !== undefined && read !== null) this.#tally.count++;
    return read;
  }

  override write(bytes: Uint8Array): Promise<number> {
    this.#tally.count++;
    return super.write(bytes);
  }
}

/** A client of the fuzzer, at the server's end. */
export class FuzzConnection {
  readonly socket: FakeSocket;
  readonly session: Session;
  /** Whether it reads everything, to the end. */
  readsAll = true;
  /** Whether it has half-closed, or was reset. */
  hasEnded = false;
  /** Numbers of the messages its member has sent, in order. */
  readonly sent: number[] = [];

  /** Connects to `server`. */
  constructor(server: Server, { kind, notices, pinned }: Actor, tally: SocketActivity) {
    this.socket = new TallySocket(tally);
    const at = kind === "tcp"
      ? { kind, host: "127.0.0.1", port: 1 } as const
      : { kind, path: "/s" } as const;
    const before = new Set(server.sessions);
    server.serve(
      { socket: this.socket, address: kind === "tcp" ? "127.0.0.1" : "unix" },
      server.sessionOptions({ at, notices, ...(pinned === undefined ? {} : { dialect: pinned }) }),
    );
    const [session] = server.sessions.difference(before);
    if (session === undefined) throw new Error("The server did not take the connection");
    this.session = session;
  }

  get dialect(): DialectName {
    return this.session.dialect;
  }

  /** The layout of the frames that are written to it; the default in other dialects. */
  get layout(): FrameLayout {
    const out = new BlockWriter(64);
    out.begin();
    this.session.encoder.encode({ type: "shutdown", in: 1 }, out);
    const slice = out.end();
    const bytes = slice?.block.slice(slice.start, slice.end) ?? new Uint8Array(0);
    const found = [...LAYOUTS, ...RECOGNISED_BINARY, ...decimalLayouts(bytes)]
      .map((layout) =>
        layout.shape === "typed" ? { ...layout, messageType: bytes[0] ?? 0 } : layout
      )
      .find((layout) => {
        const text = new TextDecoder().decode(bytes.subarray(layout.headerBytes));
        return toLatin1(frame(layout, 1, text)) === toLatin1(bytes);
      });
    return found ?? { headerBytes: 16, littleEndian: true };
  }
}
