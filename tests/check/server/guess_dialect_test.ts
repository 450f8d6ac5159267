// The suggestion of another dialect for a server that fails the checks of the requested one.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { serverSuite } from "../../../check/server/server_checks.ts";
import { dialectSuggestion } from "../../../check/server/guess_dialect.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { dial } from "../../../client/dial.ts";
import type { DialectName } from "../../../protocol/dialect.ts";
import { EN } from "../../../texts/en.ts";
import { FastClock } from "../../fast_clock.ts";
import { framedServer, usermsgServer } from "../buggy_servers.ts";
import { runChecks } from "../run_checks.ts";
import { type Behaviour, ToyServer } from "../toy_server.ts";

const SHORT = framedServer({ headerBytes: 8, littleEndian: true }, {});

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

for (const [what, make, dialect, suggestion] of ROWS) {
  Deno.test(`dialectSuggestion() for a server of ${what}, checked as ${dialect}`, async () => {
    await using toy = new ToyServer(make());
    const timeoutMs = 400;
    const only = ["hello", "talk"];
    const findings = await runChecks(toy.address, { dialect, timeoutMs, only });
    const run = {
      address: toy.address,
      dial: () => dial(toy.address, EN.client),
      firstNumber: 1,
      timeoutMs,
      clock: new FastClock(),
      show: visibleBytes,
      texts: EN.serverChecks,
    };
    const { title } = serverSuite(dialect, { headerBytes: 16 }, EN.serverChecks);
    const text = await dialectSuggestion(findings, run, title);
    if (suggestion === undefined) assertStrictEquals(text, undefined);
    else assertMatch(text ?? "", suggestion);
  });
}
