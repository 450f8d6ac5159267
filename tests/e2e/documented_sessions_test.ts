// The sessions in docs/dialects.md against a real server: each `>` line is sent, each `<` line must
// be received, byte for byte.

import { assert } from "@std/assert";
import { explanation } from "../../cli/explain/command.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { ByteClient } from "../byte_client.ts";
import { makeWorld, type RunningServer, startServer } from "../harness.ts";

/** The bytes of a line of a session: hexadecimal, or text with escapes; a remark may follow. */
function bytesOf(line: string): Uint8Array {
  if (/^[\da-f]{2}(?: {1,2}[\da-f]{2})*(?: {3}|$)/.test(line)) {
    const [hex = ""] = line.split("   ");
    return Uint8Array.from(hex.trim().split(/ +/), (byte) => parseInt(byte, 16));
  }
  const [text = ""] = line.split("   ");
  const plain = text.trimEnd().replace(/\\(n|r|x([\da-f]{2}))/g, (escape, what, hex) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return what === "n" ? "\n" : what === "r" ? "\r" : escape;
  });
  return new TextEncoder().encode(plain);
}

/** What the other clients do before a line of the session, found by its beginning. */
type Cue = readonly [before: string, act: (others: ByteClient) => Promise<void>];

interface Session {
  readonly dialect: DialectName;
  /** How the other clients register, and what they then receive. */
  readonly arrival: readonly [hello: string, welcome: string];
  /** The line of the session before which they register. */
  readonly arriveBefore: string;
  readonly cues: readonly Cue[];
}

const ANA = ["hello ana\n", " ana\n"] as const;

const SESSIONS: readonly Session[] = [
  { dialect: "framed", arrival: ANA, arriveBefore: "", cues: [] },
  {
    dialect: "etx",
    arrival: ["hello bob\n", "2 bob\n"],
    arriveBefore: "> l\\n",
    cues: [["< bob: hello ana", (bob) => bob.send("b hello ana\n")]],
  },
  {
    dialect: "usermsg",
    arrival: ANA,
    arriveBefore: "",
    cues: [
      ["< MSG ana hello bob", async (ana) => {
        await ana.match("bob: hello everyone\n\x03");
        await ana.send("b hello bob\n");
      }],
      ["< MSG ana [private]", (ana) => ana.send("s bob psst\n")],
    ],
  },
  {
    dialect: "plain",
    arrival: ANA,
    arriveBefore: "",
    cues: [["< ana: hello bob", (ana) => ana.send("b hello bob\n")]],
  },
];

async function play({ dialect, arrival, arriveBefore, cues }: Session, server: RunningServer) {
  const [, session = ""] = /^```\n([^]*?)^```$/m.exec(explanation(dialect)) ?? [];
  const lines = session.trimEnd().split("\n");
  assert(lines.length >= 4, session);
  await using others = new AsyncDisposableStack();
  let other: ByteClient | undefined;
  const [first = ""] = lines;
  const arriveAt = arriveBefore === "" ? first : arriveBefore;
  let client: ByteClient | undefined;
  for (const line of lines) {
    if (line.startsWith(arriveAt) && other === undefined) {
      other = others.use(await ByteClient.connect(server));
      await other.send(arrival[0]);
      await other.match(arrival[1]);
    }
    client ??= others.use(await ByteClient.connect(server));
    const cue = cues.find(([before]) => line.startsWith(before));
    if (cue !== undefined && other !== undefined) await cue[1](other);
    if (line.startsWith("> ")) await client.send(bytesOf(line.slice(2)));
    else await client.match(bytesOf(line.slice(2)));
  }
}

for (const session of SESSIONS) {
  Deno.test(`the documented session of ${session.dialect} is what a server does`, async () => {
    using world = makeWorld();
    await using server = await startServer(world);
    await play(session, server);
  });
}
