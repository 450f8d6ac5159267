// A chat on a clock and sockets of the test, with a witness and one peer that is the test: what the
// others hear of what it sends, and when.

import { assertStrictEquals } from "@std/assert";
import { LINE_PAUSE_MS } from "../../../server/limits/tuning.ts";
import type { ListenAddress } from "../../../server/net/address.ts";
import { Server } from "../../../server/server.ts";
import { phrasesOf } from "../../dialect_phrases.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { turn } from "../../until.ts";

const TCP: ListenAddress = { at: { kind: "tcp", host: "192.0.2.1", port: 1 }, notices: false };
export const UNIX: ListenAddress = { at: { kind: "unix", path: "/tmp/room" }, notices: false };

/** Milliseconds between two sends that a program makes in quick succession. */
const SOON = 100;

/** A server with a witness and one peer. */
export class ChatRoom {
  readonly clock = new FakeClock();
  readonly server = new Server({ clock: this.clock });
  readonly #witness: FakeSocket;
  readonly peer: FakeSocket;

  private constructor(listener: ListenAddress) {
    this.#witness = this.connect(TCP);
    this.#witness.send(phrasesOf("native").hello("witness"));
    this.peer = this.connect(listener);
  }

  static async open(listener = TCP): Promise<ChatRoom> {
    const room = new ChatRoom(listener);
    await turn();
    return room;
  }

  /** Opens another connection. */
  connect(listener = TCP): FakeSocket {
    const socket = new FakeSocket();
    this.server.serve({ socket, address: "192.0.2.7" }, this.server.sessionOptions(listener));
    return socket;
  }

  /** The peer sends these, each in a read of its own, `ms` apart; then nothing for `after` ms. */
  async send(
    sends: readonly string[],
    { ms = SOON, after = LINE_PAUSE_MS }: { ms?: number; after?: number } = {},
  ): Promise<void> {
    for (const [at, text] of sends.entries()) {
      if (at > 0) this.clock.advance(ms);
      this.peer.send(text);
      await turn();
    }
    this.clock.advance(after);
    await turn();
    await turn(); // for messages that are stored together
  }

  /** What the witness has received: `+name`, `name: text` or `name -> recipient: text`. */
  get heard(): string[] {
    return this.#witness.text.split("\n").filter((line) => line !== "").flatMap((line) => {
      const { type, name, from, to, text } = JSON.parse(line);
      if (type === "joined") return [`+${name}`];
      return type === "message" ? [to === undefined ? `${from}: ${text}` : `${from} -> ${to}`] : [];
    });
  }

  async close(): Promise<void> {
    const stopped = this.server.stop();
    await turn();
    for (let ms = 0; ms < 10_000; ms += 250) this.clock.advance(250);
    await stopped;
    assertStrictEquals(this.clock.pending, 0, "no timer is left");
  }
}
