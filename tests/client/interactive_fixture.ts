// A client on a fake terminal against a small real server, for the tests of interactive.ts.

import type { Candidates } from "../../client/completion_candidates.ts";
import { dial } from "../../client/dial.ts";
import { NO_RECONNECT } from "../../client/conversation_options.ts";
import { type InteractiveOptions, runInteractive } from "../../client/interactive.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { native } from "../../protocol/native.ts";
import type { Request } from "../../protocol/requests.ts";
import { systemClock } from "../../shared/clock.ts";
import { BARE, FakePrompt, nativeChat, type TestPeer, TestServer } from "./client_fakes.ts";
import { EN } from "../../texts/en.ts";
import { settledInTime, until } from "../until.ts";

/** A client on a fake terminal, connected to a chat. */
export interface InteractiveFixture {
  readonly code: Promise<number>;
  readonly server: TestServer;
  readonly prompt: FakePrompt;
  readonly rings: number[];
  readonly stop: AbortController;
  complete(line: string): Candidates;
  /** Waits for that prompt. */
  prompted(text: string): Promise<void>;
  /** Waits until the text is printed. */
  printed(text: string): Promise<void>;
}

/** Options that differ from the usual ones. */
export type InteractiveSetup = Partial<Omit<InteractiveOptions, "name">> & {
  /** `null` if the client asks for a name. */
  name?: string | null;
  dialect?: Dialect;
  onRequest?: (peer: TestPeer, request: Request | "end") => void;
};

/** Runs `test` with a client named alice in a chat with bob, on a server as `setup` says. */
export async function withInteractiveChat(
  setup: InteractiveSetup,
  test: (fixture: InteractiveFixture) => Promise<void>,
): Promise<void> {
  const { dialect = native, onRequest = nativeChat, name = "alice", ...more } = setup;
  const server = new TestServer(dialect, onRequest);
  const prompt = new FakePrompt();
  const stop = new AbortController();
  const rings: number[] = [];
  let complete = (_line: string, _cursor: number): Candidates => ({ from: 0, candidates: [] });
  const code = runInteractive({
    address: server.address,
    dialect,
    texts: EN,
    flags: dialect === native ? [] : ["--dialect", dialect.name],
    dial: () => dial(server.address, EN.client),
    prompt: (completer) => {
      complete = completer;
      return prompt;
    },
    style: BARE,
    clock: { ...systemClock, now: () => new Date(2026, 0, 2, 23, 59).getTime() },
    random: () => 0,
    reconnectTimeouts: NO_RECONNECT, // reconnecting has tests of its own
    ringBell: () => rings.push(1),
    stop: stop.signal,
    ...(name === null ? {} : { name }),
    ...more,
  });
  try {
    await test({
      code: settledInTime(code, "the end of the client"),
      server,
      prompt,
      rings,
      stop,
      complete: (line) => complete(line, line.length),
      prompted: (text) => until(() => prompt.prompt === text, `prompt ${text}`),
      printed: (text) => until(() => prompt.text.includes(text), text),
    });
  } finally {
    stop.abort();
    await settledInTime(code, "the end of the client");
    await server.close();
  }
}
