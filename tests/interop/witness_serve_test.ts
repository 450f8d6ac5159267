// Client programs as strangers write them join `minichat serve`: every text reaches the readers of
// three dialects once, unchanged, by that name, and within a second of its last byte.

import { assert, assertEquals } from "@std/assert";
import { makeWorld, type RunningServer, startServer } from "../harness.ts";
import { TestClient } from "../test_client.ts";
import {
  buildWitness,
  judgeWitnesses,
  letterOf,
  type WitnessRow,
  witnessRows,
} from "./witness_manifest.ts";
import { WitnessTap } from "./witness_tap.ts";

/** Longest time from a text's last byte to its arrival, with the delays of a busy machine, in ms. */
const SOON_MS = 1_400;
/** Longest run of a client, in milliseconds. */
const RUN_MS = 20_000;
/** What others say to a client that never reads: 4 MB in messages of 8,000 bytes. */
const FLOOD_MESSAGES = 500;
const FLOOD_TEXT = "x".repeat(8_000);

/** A native client in the room, which notes each message with the time of its arrival. */
class Reader {
  readonly heard: { readonly from: string; readonly text: string; readonly at: number }[] = [];
  /** The names whose arrival was announced. */
  readonly joined: string[] = [];
  #users: readonly string[] = [];
  #answers = 0;

  private constructor(readonly client: TestClient) {}

  static async join(server: RunningServer, name: string): Promise<Reader> {
    const reader = new Reader(await TestClient.native(server, name));
    void reader.#listen();
    return reader;
  }

  async #listen(): Promise<void> {
    try {
      while (true) {
        const event = JSON.parse(await this.client.lines.next(10 * RUN_MS));
        if (event.type === "message") this.heard.push({ ...event, at: performance.now() });
        if (event.type === "joined") this.joined.push(event.name);
        if (event.type === "who") {
          this.#users = event.users.map(({ name }: { name: string }) => name);
          this.#answers++;
        }
      }
    } catch {
      // The test has closed the connection.
    }
  }

  /** The names in the room. */
  async who(): Promise<readonly string[]> {
    const answers = this.#answers;
    await this.client.request({ type: "who" });
    assert(await holds(() => this.#answers > answers, SOON_MS), "the server is held up");
    return this.#users;
  }
}

/** Whether that becomes so within `ms`. */
async function holds(condition: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (!await condition()) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

/** The messages among lines, by the form that a reader's dialect gives them. */
function messages(lines: readonly string[], form: RegExp): { from: string; text: string }[] {
  return lines.flatMap((line) => {
    const [, from = "", text = ""] = form.exec(line) ?? [];
    return from === "" ? [] : [{ from, text }];
  });
}

async function judge(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const { name, texts = [] } = row.expect;
  const built = await buildWitness(world, row);
  const unix = `${world.directory}/s`;
  await using server = await startServer(world, [
    ...["--listen", "tcp:127.0.0.1:0", "--listen", `unix:${unix}`],
    ...["--listen", `tcp:127.0.0.1:0${row.expect.listen ?? ""}`],
  ]);
  const ports = [...server.banner.join("\n").matchAll(/^Listening on .*:(\d+)[.,]?/gm)];
  const reader = await Reader.join(server, "reader");
  await using _native = reader.client;
  await using usermsg = await TestClient.connect(server);
  await usermsg.send("USER usermsg\n");
  await using plain = await TestClient.plain(server, "plain");
  assert(await holds(async () => (await reader.who()).length === 3, SOON_MS));
  const path = `${world.directory}/tap`;
  await using tap = row.start.includes("PATH")
    ? WitnessTap.open({ path: unix }, path)
    : WitnessTap.open({ port: Number(ports.at(-1)?.[1]) });
  await using program = built.start({ port: tap.port, path });
  const started = performance.now();
  let exit: Deno.CommandStatus | undefined;
  void program.exited.then((status) => exit = status);

  const floods = letterOf(row) === "o";
  if (floods) {
    assert(await holds(() => reader.heard.length > 0, RUN_MS), "it says nothing");
    await using flooder = await TestClient.native(server, "flooder");
    for (let sent = 0; sent < FLOOD_MESSAGES; sent++) {
      await flooder.request({ type: "say", text: FLOOD_TEXT });
      if (sent % 50 === 0) await reader.who();
    }
  }
  assert(await holds(() => exit !== undefined, RUN_MS), `still runs after ${RUN_MS} ms`);
  const output = program.stdout.seen.join("\n");
  const say = (text: string) => `${text}; it printed:\n${output}`;
  assertEquals(exit?.code, 0, say("its exit code"));
  assertEquals(output.includes("BLOCKED"), false, say("a wait for an answer was too long"));
  assert(
    await holds(async () => (await reader.who()).length === 3, SOON_MS),
    `it has ended, but is still in the list: ${await reader.who()}`,
  );

  const heard = reader.heard.filter(({ from }) => from !== "flooder");
  const said = heard.map(({ from, text }) => ({ from, text }));
  if (letterOf(row) === "q") {
    assertEquals({ said, joined: reader.joined }, { said: [], joined: ["usermsg", "plain"] });
  } else if (name === null) {
    const relevant = said.map(({ text }) => text).filter((text) => texts.includes(text));
    assertEquals(relevant, texts, say(JSON.stringify(said)));
    assert(new Set(said.map(({ from }) => from)).size <= 1, JSON.stringify(said));
  } else if (letterOf(row) === "n" && texts.length === 0) {
    assert(said.length <= 1, say(JSON.stringify(said)));
  } else {
    assertEquals(said, texts.map((text) => ({ from: name ?? "", text })), say("a native reader"));
  }
  await plain.plainBarrier();
  for (
    const [dialect, { lines }, form] of [
      ["usermsg", usermsg, /^MSG (\S+) (.*)$/],
      ["plain", plain, /^([^\s:-]+): (.*)$/],
    ] as const
  ) {
    const seen = messages(lines.seen, form).filter(({ from }) => from !== "flooder");
    assertEquals(seen, said, `a reader of ${dialect}`);
  }
  for (const text of texts) {
    const at = heard.find((message) => message.text === text)?.at ?? started;
    const sent = tap.passedAt("sent", text) ?? tap.lastSentBefore(at) ?? started;
    assert(at - sent <= SOON_MS, `"${text}" came ${Math.round(at - sent)} ms after its last byte`);
  }

  const received = tap.bytes("received");
  if (letterOf(row) === "i") {
    assertEquals(received.includes(0x03), false, "ETX was sent to a person");
    assertEquals(received.at(-1), 0x0a, "the last answer ends with a newline");
  }
  if (letterOf(row) === "h") {
    const first = tap.connections[0]?.received[0];
    assert(first !== undefined && first.at - started < SOON_MS + 500, "it was not greeted");
  }
}

Deno.test("clients as strangers write them join serve, and each of their texts arrives", async (context) => {
  const rows = witnessRows().filter(({ group, expect }) =>
    /^serve \(/.test(group) && expect.check === undefined
  );
  await judgeWitnesses(context, rows, judge);
});
