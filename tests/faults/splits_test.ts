// F1: how bytes are cut into reads changes nothing.

import assert from "node:assert/strict";
import { LAYOUTS } from "../../protocol/frames.ts";
import { Connection } from "../../server/net/connection.ts";
import { Flusher } from "../../server/net/flusher.ts";
import { Server } from "../../server/server.ts";
import { Session } from "../../server/session.ts";
import { FakeClock, FakeSocket } from "../fakes.ts";
import { framePadded, layoutName } from "../protocol/layouts.ts";
import { bytes, PHRASEBOOKS } from "./phrasebook.ts";
import { Room } from "./room.ts";

/** Every command of each dialect; the last one ends the session where a dialect can say so. */
const SCRIPTS: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  native: [
    { type: "hello", name: "zoé", version: 1, ref: "é" },
    { type: "say", text: "déjà vu 🐟" },
    { type: "say", text: "to me", to: "@zoé", ref: 2 },
    { type: "say", text: "waves", action: true },
    { type: "rename", name: "zoë" },
    { type: "join", group: "cooks" },
    { type: "say", text: "soup", to: "#cooks" },
    { type: "who", ref: 3 },
    { type: "groups" },
    { type: "history", since: 1, limit: 5 },
    { type: "leave", group: "cooks" },
    { type: "help" },
    { type: "ping", ref: 4 },
    { type: "nonsense" },
    { type: "bye" },
  ].map((request) => JSON.stringify(request) + "\n"),
  plain: [
    "zoé\r\n",
    "déjà vu 🐟\r\n",
    "@all to all\n",
    "@zoé to me\r\r\n",
    "/reply again\n",
    "/me waves\n",
    "/name zoë\r\n",
    "/join cooks\n",
    "@cooks soup\n",
    "/list\n",
    "/groups\n",
    "/history 3\n",
    "/leave cooks\n",
    "//not a command\n",
    "/help\n",
    "/nonsense\n",
    "/quit\n",
  ],
  usermsg: ["USER zoé\r\n", "MSG déjà vu 🐟\n", "USER zoë\n", "NONSENSE\r\n", "MSG bye\n"],
  etx: [
    "hello zoé\r\n",
    "b déjà vu 🐟\n",
    "\n",
    "s zoé to me\n",
    "n zoë\n",
    "w\n",
    "j cooks\n",
    "s cooks soup\n",
    "l\nl g\n",
    "p cooks\n",
    "nonsense\nx\n",
    "h\n",
    "q\n",
  ],
  ...Object.fromEntries(LAYOUTS.map((layout) => [`framed ${layoutName(layout)}`, [
    framePadded(layout, { nature: 0, text: "zoé", padding: 0x7ffe1234 }),
    framePadded(layout, { nature: 1, text: "déjà vu 🐟", padding: 1 }),
    framePadded(layout, { nature: 0, text: "zoë", padding: 0 }),
    framePadded(layout, { nature: 1, text: "\n", padding: 0 }),
    framePadded(layout, { nature: 1, text: "end\n\0", padding: 0 }),
  ]])),
};

/** What a session answers to those reads, on a server of its own where time stands still. */
async function transcript(reads: readonly Uint8Array[]): Promise<string> {
  const clock = new FakeClock();
  const { chat, fanout, limits, rounds } = new Server({ clock });
  const socket = new FakeSocket();
  const faults: unknown[] = [];
  const connection = new Connection(socket, {
    clock,
    limits,
    flusher: new Flusher(limits.writesPerTurn.system),
    onFault: (fault) => faults.push(fault),
  });
  const session = new Session(connection, {
    chat,
    delivery: fanout,
    clock,
    limits,
    listener: { at: { kind: "tcp", host: "127.0.0.1", port: 1 }, notices: true },
    rounds,
  }, { address: "127.0.0.1", turnedAway: undefined });
  for (const read of reads) socket.send(read);
  socket.end();
  const reason = await new Promise((resolve) => session.run((_session, why) => resolve(why)));
  assert.deepEqual(faults, []);
  return socket.text.replace(/"session":"[^"]*"/, '"session":""') + reason;
}

function oneByOne(whole: Uint8Array): Uint8Array[] {
  return [...whole].map((byte) => Uint8Array.of(byte));
}

for (const [dialect, script] of Object.entries(SCRIPTS)) {
  const whole = bytes(...script);

  Deno.test(`F1: ${dialect} answers the same wherever its bytes are cut in two`, async () => {
    const expected = await transcript([whole]);
    assert.ok(expected.length > whole.length / 2, expected);
    for (let at = 1; at < whole.length; at++) {
      const got = await transcript([whole.subarray(0, at), whole.subarray(at)]);
      assert.equal(got, expected, `cut at byte ${at}`);
    }
  });

  Deno.test(`F1: ${dialect} answers the same to one byte a read`, async () => {
    assert.equal(await transcript(oneByOne(whole)), await transcript([whole]));
  });
}

for (const { dialect, hello, say } of PHRASEBOOKS) {
  Deno.test(`F1: ${dialect} gets through in writes of one byte`, async () => {
    await using room = await Room.open();
    const witness = await room.join("native", "witness");
    const slow = await room.connect(dialect);
    for (const byte of bytes(hello("drip"), say("drop 🐟"), say("end"))) {
      await slow.send(Uint8Array.of(byte));
    }
    await witness.match(/"end"/);
    assert.deepEqual(witness.seen.flatMap((line) => witness.book.heard(line) ?? []), [
      { from: "drip", text: "drop 🐟" },
      { from: "drip", text: "end" },
    ]);
    await room.canary();
  });
}
