// A client in a pipe against a small real server, for the tests of pipe.ts.

import { dial } from "../../client/dial.ts";
import { NO_RECONNECT } from "../../client/conversation_options.ts";
import { runPipe } from "../../client/pipe.ts";
import type { PipeOptions } from "../../client/pipe_options.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { native } from "../../protocol/native.ts";
import type { Request } from "../../protocol/requests.ts";
import { systemClock } from "../../shared/clock.ts";
import { fakeStdin, FakeStdout, nativeChat, type TestPeer, TestServer } from "./client_fakes.ts";
import { EN } from "../../texts/en.ts";
import { settledInTime } from "../until.ts";

/** Too long to be the reason why a test ends. */
export const TEST_PIPE_TIMEOUTS = { welcomeMs: 5_000, goodbyeMs: 5_000, confirmMs: 5_000 };

/** A client in a pipe. */
export interface Piped {
  readonly code: Promise<number>;
  readonly server: TestServer;
  readonly stdout: FakeStdout;
  readonly errors: string[];
}

/** Runs `test` with a client in a pipe, on a server that reacts as `onRequest` says. */
export async function withPipe(
  setup: Partial<PipeOptions> & {
    dialect?: Dialect;
    onRequest?: (peer: TestPeer, request: Request | "end") => void;
  },
  test: (piped: Piped) => Promise<void>,
): Promise<void> {
  const { dialect = native, onRequest = nativeChat, ...more } = setup;
  const server = new TestServer(dialect, onRequest);
  const stdout = new FakeStdout();
  const errors: string[] = [];
  const code = runPipe({
    address: server.address,
    dialect,
    texts: EN,
    name: "alice",
    json: false,
    stay: false,
    dial: () => dial(server.address, EN.client),
    stdin: fakeStdin(""),
    stdout,
    printError: (line) => errors.push(line),
    clock: systemClock,
    random: () => 0,
    timeouts: TEST_PIPE_TIMEOUTS,
    reconnectTimeouts: NO_RECONNECT, // reconnecting has tests of its own
    ...more,
  });
  try {
    await test({ code: settledInTime(code, "the end of the client"), server, stdout, errors });
  } finally {
    await server.close();
    await code;
  }
}

/** The texts the client sent, as its server decoded them. */
export function receivedTexts(peer: TestPeer): string[] {
  return peer.requests.flatMap((request) => request.verb === "say" ? [request.text] : []);
}
