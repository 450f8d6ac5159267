// The suggestion of another dialect for a server that fails the checks of the requested one.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { serverSuite } from "../../../check/server/server_checks.ts";
import { dialectSuggestion, guessDialect } from "../../../check/server/guess_dialect.ts";
import { type Address, dial } from "../../../client/dial.ts";
import type { DialectName } from "../../../protocol/dialect.ts";
import { EN } from "../../../texts/en.ts";
import { FastClock } from "../../fast_clock.ts";
import { utf8Bytes } from "../../../check/bytes.ts";
import { framedServer, usermsgServer } from "../buggy_servers.ts";
import { plainServer } from "../plain_servers.ts";
import { runChecks } from "../run_checks.ts";
import { type Behaviour, ToyServer } from "../toy_server.ts";

const LAYOUT = { headerBytes: 16, littleEndian: true } as const;
const SHORT = framedServer({ headerBytes: 8, littleEndian: true }, {});

const TIMEOUT_MS = 400;

function runAt(address: Address) {
  return {
    address,
    dial: () => dial(address, EN.client),
    firstNumber: 1,
    timeoutMs: TIMEOUT_MS,
    clock: new FastClock(),
    texts: EN.serverChecks,
  };
}

const ROWS: readonly (readonly [
  what: string,
  make: () => Behaviour,
  dialect: DialectName,
  suggestion: RegExp | undefined,
])[] = [
  ["usermsg", () => usermsgServer({}), "etx", /check it with --dialect usermsg$/],
  ["8-byte headers", () => SHORT, "framed", /check it with --dialect framed --header 8$/],
  ["its own dialect", () => usermsgServer({}), "usermsg", undefined],
  ["no dialect", () => ({ chunk: () => {} }), "usermsg", undefined],
];

const GUESSES: readonly (readonly [what: string, make: () => Behaviour, guess: RegExp])[] = [
  ["usermsg", () => usermsgServer({}), /^Guessed usermsg .*--dialect usermsg\)/],
  ["8-byte headers", () => SHORT, /^Guessed framed .*--dialect framed --header 8\)/],
  [
    "ok alone",
    () => framedServer(LAYOUT, { neverBroadcasts: true }),
    /^Probably framed .*--header 16\): a frame was answered with ok/,
  ],
  [
    "plain, which greets",
    () =>
      plainServer({
        greeting: () => "Bienvenue. /nick NOM, @tous TEXTE\n",
        named: (line) => /^\/nick (\S+)$/.exec(line)?.[1],
        shown: (name, text) => `${name}: ${text}\n`,
      }),
    /^Guessed plain .*--dialect plain\)/,
  ],
  [
    "a greeting alone",
    () => ({ greets: (peer) => void peer.send(utf8Bytes("Welcome\n")), chunk: () => {} }),
    /^Probably plain .*begins with text/,
  ],
  ["no dialect", () => ({ chunk: () => {} }), /^Cannot guess what the server speaks/],
  ["death", () => ({ chunk: (_peer, _bytes, toy) => toy.die() }), /ended while its protocol/],
];

for (const [what, make, guess] of GUESSES) {
  Deno.test(`guessDialect() of a server of ${what}`, async () => {
    await using toy = new ToyServer(make());
    const found = await guessDialect(runAt(toy.address));
    assertMatch(found.kind === "guessed" ? found.why : found.error, guess);
  });
}

for (const [what, make, dialect, suggestion] of ROWS) {
  Deno.test(`dialectSuggestion() for a server of ${what}, checked as ${dialect}`, async () => {
    await using toy = new ToyServer(make());
    const only = ["hello", "talk"];
    const findings = await runChecks(toy.address, { dialect, timeoutMs: TIMEOUT_MS, only });
    const { title } = serverSuite(dialect, { headerBytes: 16 }, EN.serverChecks);
    const text = await dialectSuggestion(findings, runAt(toy.address), title);
    if (suggestion === undefined) assertStrictEquals(text, undefined);
    else assertMatch(text ?? "", suggestion);
  });
}
