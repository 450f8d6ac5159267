import { EN } from "../../../texts/en.ts";
import { assertMatch, assertStrictEquals, fail } from "@std/assert";
import { Connection } from "../../../server/net/connection.ts";
import { Flusher } from "../../../server/net/flusher.ts";
import { Server } from "../../../server/server.ts";
import { Session } from "../../../server/session/session.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { TurnBudget } from "../../../server/session/turn_budget.ts";
import { turn } from "../../until.ts";

/** A late event loop: timers fire when due, and read a later time. */
class LateClock extends FakeClock {
  late = 0;

  override monotonic(): number {
    return super.monotonic() + this.late;
  }
}

Deno.test("Session sends no greeting because of the server's own slowness, only after real silence", async () => {
  const clock = new LateClock();
  const { chat, fanout, limits, rounds } = new Server({ clock });
  const socket = new FakeSocket();
  const flusher = new Flusher(limits.writesPerTurn.system);
  const onFault = (fault: unknown) => fail(`${fault}`);
  const connection = new Connection(socket, { clock, limits, flusher, onFault });
  const session = new Session(connection, {
    texts: EN,
    turn: new TurnBudget(Infinity, () => {}),
    chat,
    delivery: fanout,
    clock,
    limits,
    listener: { at: { kind: "tcp", host: "127.0.0.1", port: 1 }, notices: false },
    rounds,
  }, { address: "127.0.0.1", refusal: undefined });
  const ended = Promise.withResolvers<void>();
  session.run(() => ended.resolve());
  clock.late = 200;
  clock.advance(limits.greetAfterMs);
  await turn();
  assertStrictEquals(socket.text, "");
  clock.advance(limits.greetAfterMs);
  await turn();
  assertMatch(socket.text, /^Welcome to minichat/);
  session.destroy("eof");
  await ended.promise;
});
