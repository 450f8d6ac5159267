// Bugs of servers of sheets 001 and 003 and of the native protocol are found by the checks for
// them, and by no others.

import { assertEquals, assertMatch } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { FastClock } from "../fast_clock.ts";
import { cheapChecks, failedIds, firstHint, runChecks, runConcurrently } from "./run_checks.ts";
import { SpoiledServer, type Spoiler } from "./spoiled_server.ts";

const TIMEOUT_MS = 1_000;

/** A bug, how it is made, the checks that fail because of it, and the hint of the first of them. */
interface Row {
  readonly bug: string;
  readonly dialect: DialectName;
  readonly spoil: () => Spoiler;
  readonly fails: readonly string[];
  readonly hint: RegExp;
  /** Hints of other checks that fail, by id. */
  readonly hints?: Readonly<Record<string, RegExp>>;
}

const ROWS: readonly Row[] = [
  {
    bug: "forgets ETX",
    dialect: "etx",
    spoil: () => ({ down: (text) => text.replaceAll("\x03", "\n") }),
    fails: ["default-name", "get-name", "help", "help-lines", "list", "talk"],
    hint: /ends with ETX/,
    hints: { talk: /ends with ETX/, "help-lines": /ETX, not/ },
  },
  {
    bug: "takes what a read brings for one command",
    dialect: "etx",
    spoil: () => ({ up: (text) => text.replace(/\n(?=.)/gs, " ") }),
    fails: ["one-packet"],
    hint: /several messages/,
  },
  {
    bug: "takes no name from hello, as the sheet has it, and ends without EOT",
    dialect: "etx",
    spoil: () => ({
      up: (text) => text.replace(/^hello .*$/m, "hello"),
      down: (text) => text.replace(/^(\d+) user\d+\n/, "$1\n").replaceAll("\x04", ""),
    }),
    fails: ["eot"],
    hint: /end of the session/,
  },
  {
    bug: "shows the sender in a form of its own, and ends without EOT",
    dialect: "etx",
    spoil: () => ({
      down: (text) => text.replace(/^(ana\w+): /gm, "<$1> ").replaceAll("\x04", ""),
    }),
    fails: ["eot"],
    hint: /end of the session/,
  },
  {
    bug: "does not show the sender",
    dialect: "etx",
    spoil: () => ({ down: (text) => text.replace(/^ana\w+: /gm, "") }),
    fails: ["shows-name"],
    hint: /cannot tell who sent/,
  },
  {
    bug: "answers hello with ETX",
    dialect: "etx",
    spoil: () => ({ down: (text) => text.replace(/^(\d+ \S+)\n/, "$1\x03") }),
    fails: ["hello"],
    hint: /one line that ends with \\n/,
  },
  {
    bug: "gives a name that is taken",
    dialect: "etx",
    spoil() {
      let name = "";
      return {
        up(text, answer) {
          name = /^n (\S+)$/m.exec(text)?.[1] ?? name;
          if (!/^w$/m.test(text) || name === "") return text;
          answer(`${name}\x03`);
          return text.replace(/^w\n/m, "");
        },
      };
    },
    fails: ["taken-name"],
    hint: /whether another client has it/,
  },
  {
    bug: "knows no typing errors",
    dialect: "etx",
    spoil: () => ({ up: (text) => text.replace("hippopotame", "x") }),
    fails: ["help"],
    hint: /first character of the command only/,
  },
  {
    bug: "sends the sender its own message",
    dialect: "etx",
    spoil: () => ({
      up(text, answer) {
        const sent = /^b (.*)\n$/.exec(text)?.[1];
        if (sent !== undefined) answer(`me: ${sent}\x03`);
        return text;
      },
    }),
    fails: ["no-copy"],
    hint: /leave out the sender/,
  },
  {
    bug: "sends to everyone what is for one",
    dialect: "etx",
    spoil: () => ({ up: (text) => text.replace(/^s \S+ /, "b ") }),
    fails: ["send", "send-group"],
    hint: /Look the recipient up/,
  },
  {
    bug: "never gives an id twice",
    dialect: "etx",
    spoil: countUp(),
    fails: ["default-name", "lowest-id"],
    hint: /name of a client is its id/,
  },
  {
    bug: "ends without EOT",
    dialect: "etx",
    spoil: () => ({ down: (text) => text.replaceAll("\x04", "") }),
    fails: ["eot"],
    hint: /end of the session/,
  },
  {
    bug: "does not welcome",
    dialect: "plain",
    spoil() {
      let spoken = false;
      return {
        up(text) {
          spoken = true;
          return text;
        },
        down: (text) => spoken ? text : "",
      };
    },
    fails: ["welcome"],
    hint: /as soon as accept\(\) returns/,
  },
  {
    bug: "sends to everyone what is for one",
    dialect: "plain",
    spoil: () => ({ up: (text) => text.replace(/^@bob\w+ /, "@tous ") }),
    fails: ["private"],
    hint: /^\/msg PSEUDO TEXT reaches that client alone/,
  },
  {
    bug: "tells nobody who comes and goes, and has no list",
    dialect: "plain",
    spoil: () => ({
      up: (text) => text.replace(/^\/.*\n/, "/help\n"),
      down: (text) => text.replace(/-- \w+ (joined|left).*\n|(?<=Here: ).*(?=\n)/g, ""),
    }),
    fails: ["who"],
    hint: /cannot know who is connected/,
  },
  {
    bug: "keeps telnet's carriage return",
    dialect: "plain",
    spoil: () => ({
      up: (text) => text.replaceAll("\r", "_"),
    }),
    fails: ["telnet"],
    hint: /telnet ends a line/,
  },
  {
    bug: "answers nothing to the sender",
    dialect: "plain",
    spoil: () => ({ down: (text) => text.replace(/-- sent to .*\n/g, "") }),
    fails: ["answers"],
    hint: /waits for an answer to each line/,
  },
  {
    bug: "forgets ref",
    dialect: "native",
    spoil: () => ({ down: (text) => text.replace(/,"ref":("[^"]*"|\d+)/g, "") }),
    fails: [
      ...["ping", "ack", "unknown-field", "unknown-type", "not-json", "missing-field"],
      ...["no-such-name", "last-words"],
    ],
    hint: /carries its ref/,
  },
  {
    bug: "refuses what it does not know",
    dialect: "native",
    spoil: () => ({
      up: (text) => text.includes('"colour"') ? '{"type":"colour"}\n' : text,
    }),
    fails: ["unknown-field"],
    hint: /Unknown fields are ignored/,
  },
];

/** Makes spoilers that give each connection an id one above the last. */
function countUp(): () => Spoiler {
  let ids = 50;
  return () => {
    const id = ++ids;
    return { down: (text) => text.replace(/^\d+(?= \S+\n)/, String(id)) };
  };
}

Deno.test("Each bug of an etx, plain or native server fails the checks that are about it", async (t) => {
  const results = await runConcurrently(ROWS.map(({ dialect, spoil, fails }) => async () => {
    const clock = new FastClock();
    await using server = await SpoiledServer.open(spoil, clock);
    const only = cheapChecks(dialect, fails);
    return await runChecks(server.address, { dialect, timeoutMs: TIMEOUT_MS, clock, only });
  }));
  for (const [at, { bug, dialect, fails, hint, hints = {} }] of ROWS.entries()) {
    await t.step(`${dialect} that ${bug}: ${fails.join(", ")}`, () => {
      assertEquals(failedIds(results[at] ?? []), fails);
      assertMatch(firstHint(results[at] ?? []), hint);
      for (const { check, verdict } of results[at] ?? []) {
        const wanted = hints[check.id];
        if (wanted !== undefined) assertMatch(verdict.kind === "fail" ? verdict.hint : "", wanted);
      }
    });
  }
});

/** D14's letters by those of a server with others. */
const OTHER_LETTERS = new Map([["i", "w"], ["r", "n"], ["u", "l"], ["m", "s"], ["t", "b"], [
  "x",
  "q",
]]);
const UNKNOWN_LETTER = "Unknown command.\x03";

/** A server with other letters, and with a help that lists `lines` of them. */
function otherLetters(lines: readonly string[]): () => Spoiler {
  return () => ({
    up(text, answer) {
      const [, letter = ""] = /^([a-z])(?=[ \n])/.exec(text) ?? [];
      if (letter === "h") answer(`${lines.join("\n")}\n\x03`);
      else if (
        /[wnlsbq]/.test(letter) || letter === "i" && !lines.some((line) => /^i/.test(line))
      ) {
        answer(UNKNOWN_LETTER);
      } else return text.replace(/^([a-z])(?=[ \n])/, (own) => OTHER_LETTERS.get(own) ?? own);
      return "";
    },
  });
}

Deno.test("An etx server is judged by the letters of its own help (D14)", async () => {
  const help = [
    "h: help",
    "u: list users",
    "r NAME: change your name",
    "m NAME TEXT: private message",
    "t TEXT: message to all",
    "j GROUP: join a group",
    "x: disconnect",
  ];
  const only = ["hello", "get-name", "help-lines", "list", "rename", "talk", "send", "bye"];
  const judge = async (lines: readonly string[]) => {
    const clock = new FastClock();
    await using server = await SpoiledServer.open(otherLetters(lines), clock);
    const run = { dialect: "etx", timeoutMs: TIMEOUT_MS, clock, only } as const;
    const findings = await runChecks(server.address, run);
    return findings.flatMap(({ check, verdict }) =>
      verdict.kind === "pass" ? [] : [[check.id, verdict.kind]]
    );
  };
  assertEquals(await judge([...help, "i: your name"]), []);
  assertEquals(await judge(help), [["get-name", "skip"]]);
});
