import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { nextTurn } from "../../../../server/net/next_turn.ts";
import { type Libc, libc } from "../../../../server/net/system/libc.ts";
import { Poller, READY } from "../../../../server/net/system/poller.ts";
import { FakeClock } from "../../../fake_clock_and_socket.ts";
import { Receiver, SystemSocketFixture, systemTest } from "./system_socket_fixture.ts";
import { turn, until } from "../../../until.ts";

systemTest("Poller waits once, and no more, while nothing happens", async () => {
  await using rig = new SystemSocketFixture();
  await until(() => rig.poller.waits === 1, "the wait");
  for (let turns = 0; turns < 1_000; turns++) await turn();
  assertStrictEquals(rig.poller.waits, 1);
});

systemTest("Poller.stop() ends a wait, also twice, and leaves no descriptor", async () => {
  // Counted here and not in /proc: the tests of other files open descriptors at the same time.
  const open = new Set<number>();
  const opened = (fd: number): number => (open.add(fd), fd);
  const real = libc();
  assert(real);
  const counting: Libc = {
    ...real,
    epoll_create1: (flags: number) => opened(real.epoll_create1(flags)),
    eventfd: (initial: number, flags: number) => opened(real.eventfd(initial, flags)),
    close: (fd: number) => (open.delete(fd), real.close(fd)),
  };
  const poller = new Poller(counting);
  assertStrictEquals(open.size, 2);
  await until(() => poller.waits === 1, "the wait");
  await Promise.all([poller.stop(), poller.stop()]);
  assertEquals([...open], []);
});

systemTest("Poller wakes from its wait for what comes, and waits again", async () => {
  await using rig = new SystemSocketFixture();
  const { socket, peer } = await rig.pair();
  const receiver = new Receiver(socket);
  for (let times = 1; times <= 3; times++) {
    const { waits } = rig.poller;
    await peer.write(new Uint8Array(1));
    await until(() => receiver.bytes.length === times, "the byte");
    await until(() => rig.poller.waits > waits, "the next wait");
  }
});

systemTest("Poller delays none that asked for the next turn", async () => {
  await using rig = new SystemSocketFixture();
  const { socket, peer } = await rig.pair();
  const receiver = new Receiver(socket);
  await peer.write(new Uint8Array(1));
  await until(() => receiver.bytes.length === 1, "something, after which it waits itself");
  const began = performance.now();
  let turns = 0;
  await new Promise<void>((resolve) => {
    const again = () => ++turns === 300 ? resolve() : nextTurn(again);
    nextTurn(again);
  });
  const each = (performance.now() - began) / turns;
  assert(each < 0.9, `a turn took ${each} ms`);
});

systemTest(
  "Poller calls a watcher once each time something becomes ready, not while it is",
  async () => {
    await using rig = new SystemSocketFixture();
    const { socket, peer } = await rig.pair();
    let reported = 0;
    socket.open({ onReadable: () => void reported++ }); // and reads nothing
    await peer.write(new Uint8Array(1));
    await until(() => reported === 1, "the first byte");
    for (let turns = 0; turns < 100; turns++) await turn();
    assertStrictEquals(reported, 1);
    await peer.write(new Uint8Array(1));
    await until(() => reported === 2, "the second byte");
  },
);

systemTest("Poller continues after a fault in a watcher, which is reported", async () => {
  await using rig = new SystemSocketFixture();
  const faults: unknown[] = [];
  const listen = (event: ErrorEvent) => {
    event.preventDefault();
    faults.push(event.error);
  };
  globalThis.addEventListener("error", listen);
  const { socket, peer } = await rig.pair();
  const bug = new Error("a bug");
  let reported = 0;
  socket.open({
    onReadable: () => {
      reported++;
      throw bug;
    },
  });
  await peer.write(new Uint8Array(1));
  await until(() => reported === 1, "the fault");
  await peer.write(new Uint8Array(1));
  await until(() => reported === 2, "the next event");
  globalThis.removeEventListener("error", listen);
  assertEquals(faults, [bug, bug]);
});

systemTest("Poller.watch() says what is wrong with a descriptor", async () => {
  await using rig = new SystemSocketFixture();
  assertMatch(
    String(assertThrows(() => rig.poller.watch(-1, READY.in, { onReady: () => {} }))),
    /Bad file descriptor \(os error 9\)/,
  );
});

systemTest("Poller polls oftener before it waits again when a wait was short", async () => {
  const clock = new FakeClock();
  const real = libc();
  assert(real);
  assert(real);
  const before: number[] = [];
  let polls = 0;
  const epoll_wait: typeof real.epoll_wait = () => ++polls * 0;
  const epoll_wait_elsewhere: typeof real.epoll_wait_elsewhere = () => {
    before.push(polls);
    polls = 0;
    clock.advance(before.length % 2 === 1 ? 0.4 : 0.6);
    return Promise.resolve(0);
  };
  const poller = new Poller({ ...real, epoll_wait, epoll_wait_elsewhere }, clock);
  await until(() => before.length >= 4, "four waits");
  await poller.stop();
  // A wait that found nothing is followed by a poll after which the next wait may begin.
  const [first = 0, brisk = 0, usual = 0] = before;
  assert(brisk > 10 * first && brisk > 10 * usual, `polls before each wait: ${before}`);
});
