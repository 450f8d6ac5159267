// F26, F27: a machine that vanishes is noticed, and distinguished from one that hung up; a link
// that is cut for a moment costs nothing. A namespace has a real link, if one can be made.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Server } from "../../server/server.ts";
import type { LogEntry } from "../../server/server_options.ts";
import { OtherMachine } from "./network_namespace.ts";
import { startOutside } from "./outside_program.ts";
import { until } from "../until.ts";

/** The shortest possible: 3 s of silence, then a probe each second. */
const VANISHED_MS = 6_000;
/** What a busy machine may take on top. */
const SPARE_MS = 6_000;

async function serve(machine: OtherMachine, vanishedMs: number) {
  const log: LogEntry[] = [];
  const server = new Server({ limits: { vanishedMs }, log: (entry) => log.push(entry) });
  const at = { kind: "tcp", host: machine.here, port: 0 } as const;
  assertStrictEquals(await server.start([{ at, notices: true }]), undefined);
  const [place] = server.addresses;
  assert(place?.at.kind === "tcp");
  return { server, log, port: place.at.port };
}

/** A client on the other machine, with nc. */
async function joinFrom(machine: OtherMachine, port: number, name: string) {
  const outside = startOutside(...machine.command("nc", [machine.here, `${port}`]));
  await outside.type(`USER ${name}\n`);
  return outside;
}

/** Waits until a member has left; returns how long that took, in milliseconds. */
async function leaves(server: Server, name: string, ms: number): Promise<number> {
  const began = performance.now();
  while (server.chat.find(name) !== undefined) {
    assert(performance.now() - began < ms, `${name} is here after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - began;
}

if (await OtherMachine.isPossible()) {
  for (const busy of [false, true]) {
    const what = busy ? "that is spoken to" : "where nobody says anything";
    Deno.test(`F26: a machine that vanishes is noticed in time, ${what}`, async () => {
      await using machine = await OtherMachine.make();
      const { server, log, port } = await serve(machine, VANISHED_MS);
      await using gone = await joinFrom(machine, port, "gone");
      await until(() => server.chat.find("gone") !== undefined, "gone was here");
      assert(await machine.link("down"));
      if (busy) server.chat.messaging.wall("is anybody there?");
      const took = await leaves(server, "gone", VANISHED_MS + SPARE_MS);
      assert(took > 1_000, `given up after ${took} ms`);
      assertStrictEquals(server.closed.get("timeout"), 1);
      const reasons = log.flatMap(({ what, details }) =>
        what === "closed" && "reason" in details ? [details.reason] : []
      );
      assertEquals(reasons, ["timeout"]);
      await machine.link("up");
      await server.stop();
      void gone;
    });
  }

  Deno.test("F27: a link that is cut for some seconds under load costs no message", async () => {
    await using machine = await OtherMachine.make();
    const { server, port } = await serve(machine, 60_000);
    await using far = await joinFrom(machine, port, "far");
    await until(() => server.chat.find("far") !== undefined, "far was here");
    const count = 300;
    for (let number = 0; number < count; number++) {
      if (number === 100) assert(await machine.link("down"));
      if (number === 200) {
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        assert(await machine.link("up"));
      }
      server.chat.messaging.wall(`number ${number}.`);
    }
    const received: number[] = [];
    while (received.length < count) {
      const line = await far.stdout.next(30_000);
      const number = /^MSG server number (\d+)\.$/.exec(line)?.[1];
      if (number !== undefined) received.push(Number(number));
    }
    assertEquals(received, Array.from({ length: count }, (_, at) => at));
    assert(server.chat.find("far") !== undefined);
    await server.stop();
  });
}
