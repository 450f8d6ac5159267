// A server whose clients' sockets only count: for tests that hold on any machine, unlike times.

import { EN } from "../../texts/en.ts";
import { fail } from "@std/assert";
import { Connection } from "../../server/net/connection.ts";
import { Flusher } from "../../server/net/flusher.ts";
import type { Socket, SocketReader } from "../../server/net/socket.ts";
import { Server } from "../../server/server.ts";
import { Session } from "../../server/session/session.ts";
import { TurnBudget } from "../../server/session/turn_budget.ts";
import { turn } from "../until.ts";

/** A peer that takes everything and stores only counts, and the text if asked to. */
class CountingSocket implements Socket {
  writes = 0;
  bytes = 0;
  /** What was written since the test set it to ""; undefined if the text is not stored. */
  text: string | undefined;
  /** The memory under the last bytes written. */
  memory: ArrayBuffer | undefined;
  readonly #hall: CountingServer;
  #reader: SocketReader | undefined;
  #pending: Uint8Array | undefined;

  constructor(hall: CountingServer) {
    this.#hall = hall;
  }

  open(reader: SocketReader): void {
    this.#reader = reader;
  }

  /** The peer sends `text` in one packet. */
  send(text: string): void {
    this.#pending = new TextEncoder().encode(text);
    this.#reader?.onReadable();
  }

  receive(): Uint8Array | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    this.writes++;
    this.#hall.writes++;
    this.bytes += bytes.length;
    this.memory = bytes.buffer;
    if (this.text !== undefined) this.text += new TextDecoder().decode(bytes);
    return bytes.length;
  }

  closeWrite(): void {}

  close(): void {}
}

/** A server on {@linkcode CountingSocket}s. */
export class CountingServer {
  readonly server = new Server();
  /** Writes to all of them. */
  writes = 0;
  readonly #flusher = new Flusher(this.server.limits.writesPerTurn.runtime);
  readonly #turn = new TurnBudget(Infinity);
  readonly #sessions: Session[] = [];

  /** Most writes in one turn of the event loop. */
  get writesPerTurn(): number {
    return this.server.limits.writesPerTurn.runtime;
  }

  /** A client that has sent `hello`. */
  join(hello: string): CountingSocket {
    const { chat, clock, fanout, limits, rounds } = this.server;
    const socket = new CountingSocket(this);
    const onFault = (fault: unknown) => fail(`${fault}`);
    const connection = new Connection(socket, { clock, limits, flusher: this.#flusher, onFault });
    const listener = { at: { kind: "tcp", host: "127.0.0.1", port: 1 }, notices: false } as const;
    const session = new Session(
      connection,
      {
        chat,
        clock,
        limits,
        rounds,
        texts: EN,
        listener,
        delivery: fanout,
        turn: this.#turn,
      },
      { address: "127.0.0.1", refusal: undefined },
    );
    this.#sessions.push(session);
    session.run(() => {});
    socket.send(hello);
    return socket;
  }

  /** Moves time on, during which no client sends anything. */
  idle(): void {
    for (const session of this.#sessions) session.sweep(Infinity);
  }

  /** Ends every connection, with its timers. */
  close(): void {
    this.server.chat.muteDepartures();
    for (const session of this.#sessions) session.destroy("shutdown");
  }
}

/** Clients of sheet 004's protocol: `readers`, and one that sends to them. */
export async function countingServer(readers: number) {
  const hall = new CountingServer();
  const sockets = Array.from({ length: readers }, (_, at) => hall.join(`USER r${at}\n`));
  const sender = hall.join("USER ana\n");
  await allSent(readers);
  for (const socket of sockets) socket.writes = socket.bytes = 0;
  hall.writes = 0;
  return { hall, sockets, sender };
}

/** That many messages in sheet 004's protocol, of 64 bytes each. */
export function messages(count: number): string {
  return Array.from({ length: count }, (_, at) => `MSG ${String(at).padStart(64, "0")}\n`).join("");
}

/** Waits until everything queued has been written. */
export async function allSent(readers: number): Promise<void> {
  for (let turns = 0; turns <= readers / 100 + 2; turns++) await turn();
}
