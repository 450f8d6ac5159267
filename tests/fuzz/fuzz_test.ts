// A short run of the fuzzer in every run of the tests, always the same; and a check of the fuzzer:
// with a bug planted in the server it must fail.

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { LineFramer } from "../../protocol/framing.ts";
import { Chat } from "../../server/chat/chat.ts";
import { Groups } from "../../server/chat/groups.ts";
import { Mutes } from "../../server/chat/mutes.ts";
import { breaksNothing } from "./breaks_nothing.ts";
import { fuzz, type FuzzTarget } from "./fuzzer.ts";
import { foreignIn } from "./hostile.ts";
import { Random } from "./random_source.ts";
import { fromJson, toJson } from "./scenario.ts";
import { Mutator } from "./mutate.ts";
import { unsafeIn } from "./unsafe_characters.ts";
import { read } from "./wire_readers.ts";
import { utf8 } from "./play_scenario.ts";

/** fuzz_slow_test.ts has more. */
const INPUTS: Readonly<Record<FuzzTarget, number>> = { server: 100, client: 150 };

for (const [side, inputs] of Object.entries(INPUTS) as [FuzzTarget, number][]) {
  Deno.test(`F76: ${inputs} inputs of the fuzzer break nothing on the side of the ${side}`, () =>
    breaksNothing(side, inputs));
}

/** Plausible bugs, each with an invariant that it must break. */
const PLANTED: Readonly<Record<string, { plant(): () => void; law: RegExp }>> = {
  "nobody is taken out of the chat": {
    plant: () => replaced(Chat.prototype, "leave", () => {}),
    law: /^something is left$|^membership$|^bytes/,
  },
  "groups keep whoever has left": {
    plant: () => replaced(Groups.prototype, "leaveAll", () => {}),
    law: /^membership$|^something is left$/,
  },
  "a mute throws": {
    plant: () => replaced(Mutes.prototype, "has", () => JSON.parse("")),
    law: /^fault$|^exception/,
  },
  "a read that ends with a line's last byte loses it": {
    plant() {
      const { feed } = LineFramer.prototype;
      return replaced(LineFramer.prototype, "feed", function (this: LineFramer, chunk, onLine) {
        return feed.call(this, chunk.length === 1 && chunk[0] === 0x65 ? utf8("E") : chunk, onLine);
      });
    },
    law: /^delivery$/,
  },
};

/** Replaces a method; returns a function that restores it. */
function replaced<Owner, Key extends keyof Owner>(
  owner: Owner,
  key: Key,
  method: Owner[Key],
): () => void {
  const was = owner[key];
  owner[key] = method;
  return () => void (owner[key] = was);
}

for (const [what, { plant, law }] of Object.entries(PLANTED)) {
  Deno.test(`fuzz() finds that ${what}, and makes the input small`, async () => {
    const restore = plant();
    try {
      const { findings } = await fuzz({
        seed: 1,
        side: "server",
        goesOn: ({ inputs, findings }) => inputs < 500 && findings === 0,
      });
      const [found] = findings;
      assert(found, "found nothing");
      assertMatch(found.broken.law, law);
      assert(found.scenario.steps.length <= 3, toJson(found.scenario));
    } finally {
      restore();
    }
  });
}

Deno.test("fuzz() does the same again with the same seed", async () => {
  const once = () => fuzz({ seed: 7, side: "server", goesOn: ({ inputs }) => inputs < 60 });
  assertEquals((await once()).progress, (await once()).progress);
});

Deno.test("fromJson() reads what toJson() writes", () => {
  const mutator = new Mutator(new Random(3));
  for (let count = 0; count < 50; count++) {
    const scenario = mutator.change(mutator.fresh(), mutator.fresh());
    assertEquals(fromJson(toJson(scenario)), scenario);
  }
  assertThrows(() => fromJson("{}"), SyntaxError);
});

Deno.test("Random repeats itself, and gives every number below the limit", () => {
  const some = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 200 }, () => random.int(6));
  };
  assertEquals(some(5), some(5));
  assertNotEquals(some(5), some(6));
  assertEquals([...new Set(some(5))].sort(), [0, 1, 2, 3, 4, 5]);
});

const LAYOUT = { headerBytes: 8, littleEndian: false } as const;
const ATTACKS = [
  "\x1b[2J",
  "\x9b2J",
  "\u202e",
  "\x07",
  "a\u200bb",
  "\u{e0041}",
  "e\u0301".repeat(2) +
  "\u0301".repeat(12),
];

Deno.test("read() finds an escape in every dialect, and bytes that are none of it", () => {
  const asSent: Readonly<Record<string, (text: string) => Uint8Array>> = {
    native: (text) => utf8(JSON.stringify({ type: "notice", text }) + "\n"),
    plain: (text) => utf8(`-- ${text}\n`),
    usermsg: (text) => utf8(`MSG bob ${text}\n`),
    etx: (text) => utf8(`1 bob\n${text}\x03`),
    framed: (text) => Uint8Array.of(0, 0, 0, 1, 0, 0, 0, utf8(text).length, ...utf8(text)),
  };
  for (const dialect of ["native", "plain", "usermsg", "etx", "framed"] as const) {
    const write = asSent[dialect];
    assert(write);
    const reader = { dialect, layout: LAYOUT, whole: true };
    assertStrictEquals(read(write("hé"), reader).problem, undefined);
    for (const attack of ATTACKS) assert(read(write(`x${attack}`), reader).problem, dialect);
    assert(read(write("torn").subarray(0, -1), reader).problem, `${dialect} torn`);
    assert(read(Uint8Array.of(...write("x").slice(0, -1), 0xff, 0x0a), reader).problem, dialect);
  }
});

Deno.test("foreignIn() distinguishes our own sequences from others", () => {
  assertStrictEquals(foreignIn("\r\x1b[2A\x1b[K\x1b[31mred\x1b[39m\r\n\x1b[?2004h"), undefined);
  for (const attack of ATTACKS) assert(foreignIn(`a${attack}`) || attack === "\x1b[2J", attack);
  for (const attack of ["\x1b]0;x\x07", "\x1b[5n", "\x1b[?1049h", "\x1bc", "\x1bP", "\x1b_G"]) {
    assert(foreignIn(attack), JSON.stringify(attack));
  }
  assertStrictEquals(unsafeIn("naïve 👩‍👩‍👧 \t العربية"), undefined);
});
