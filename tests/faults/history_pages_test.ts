// F33: pages of a history on disk, requested by a client that does not read: bounded, and only
// encoded when its queue has room.

import { assert, assertEquals } from "@std/assert";
import { LARGEST_ANSWER_BYTES } from "../../server/limits/tuning.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { DataDirectory, fill, onDisk } from "../server/history/history_fixture.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const REQUESTS = 100;

Deno.test("F33: pages for a reader that stops are made when it reads on, and then all of them", async () => {
  using data = new DataDirectory();
  const store = data.open();
  // More than memory holds: the pages come from the disk.
  fill(onDisk(store), 3_000);
  await using fixture = await ServerFixture.open({ clock: new FakeClock(), store });
  const { softQueueBytes } = fixture.server.limits;
  const sleeper = await fixture.joinRaw("native", "sleeper");
  const request = JSON.stringify({ type: "history", limit: 1_000 }) + "\n";
  const wanted = new TextEncoder().encode(request.repeat(REQUESTS));
  for (let at = 0; at < wanted.length;) at += await sleeper.write(wanted.subarray(at));
  let most = 0;
  await until(() => {
    most = Math.max(most, fixture.queuedFor("sleeper"));
    return most > softQueueBytes;
  }, "the system's own buffers were full");
  for (let round = 0; round < 20; round++) {
    await fixture.canary();
    most = Math.max(most, fixture.queuedFor("sleeper"));
  }
  assert(most < softQueueBytes + LARGEST_ANSWER_BYTES, `${most} bytes wait`);
  assert(fixture.isHere("sleeper"));

  const buffer = new Uint8Array(1 << 20);
  const decoder = new TextDecoder();
  let text = "";
  let pages = 0;
  while (pages < REQUESTS) {
    const count = await sleeper.read(buffer);
    assert(count !== null, `it ended after ${pages} pages`);
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith('{"type":"history"')) continue;
      const { messages } = JSON.parse(line);
      assertEquals([messages.length, messages[0].text], [1_000, "m2001"]);
      pages++;
    }
  }
});
