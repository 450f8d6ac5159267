// Correct servers of sheet 001 that give names and show messages in different ways all pass (D26 to
// D28), and wrong ones fail what is wrong about them.

import { assertEquals, assertMatch } from "@std/assert";
import { byCommand, nameIsLine, type PlainChoices, plainServer } from "./plain_servers.ts";
import { cheapChecks, failedIds, firstHint, runChecks, runConcurrently } from "./run_checks.ts";
import { ToyServer } from "./toy_server.ts";

const TIMEOUT_MS = 1_000;

const ONE_LINE = (name: string, text: string): string => `${name}: ${text}\n`;
const WELCOME = "Bienvenue ! Commandes : @pseudo TEXTE, @tous TEXTE, /liste\n";

/** A server, the checks that fail, and the hint of the first of them. */
type Row = readonly [what: string, choices: PlainChoices, fails?: string[], hint?: RegExp];

const FIRST = { greeting: () => `${WELCOME}Votre pseudo :\n`, named: nameIsLine, shown: ONE_LINE };

const ROWS: readonly Row[] = [
  ["takes the first line (D28)", FIRST],
  ["asks without a newline", { ...FIRST, greeting: () => `${WELCOME}login: ` }],
  ["greets with nothing", { ...FIRST, greeting: () => "" }, ["welcome"], /your own client program/],
  [
    "has an address in its welcome, and no commands (D26)",
    { ...FIRST, greeting: () => "Bienvenue. Contact : prof@fac.fr\n" },
    ["welcome"],
    /list \(@pseudo and @tous among them\) after the welcome/,
  ],
  [
    "cuts names to 8 characters",
    { ...FIRST, nameChars: 8 },
    ["name-length"],
    /^Names are cut to 8 characters/,
  ],
  ["takes /pseudo (D28)", {
    greeting: () => `${WELCOME}Tapez /pseudo NOM pour commencer\n`,
    named: byCommand(/^\/pseudo (\S+)$/),
    shown: ONE_LINE,
  }],
  ["takes !nom, and has a name for each until then", {
    greeting: (id) => `Salut ${id}, commandes : !nom X, @pseudo TEXTE, @tous TEXTE\n`,
    named: byCommand(/^!nom (\S+)$/),
    choosesNames: true,
    shown: (name, text) => `[${name}] ${text}\n`,
  }],
  ["takes NICK in capitals", {
    greeting: () => "Hello. NICK <name> first, then @name text or @tous text\n",
    named: byCommand(/^NICK (\S+)$/),
    shown: ONE_LINE,
  }],
  ["takes /login that only /help would name", {
    greeting: () => "Bienvenue, commandes avec /help\n",
    named: byCommand(/^\/login (\S+)$/),
    shown: ONE_LINE,
  }],
  ["chooses the names and shows each its own (D28)", {
    greeting: (id) => `Bienvenue ! Vous etes ${id}. Commandes : @pseudo TEXTE, @tous TEXTE\n`,
    named: () => undefined,
    choosesNames: true,
    shown: ONE_LINE,
    list: "/list",
  }],
  ["shows sender and text on two lines (D27)", {
    ...FIRST,
    shown: (name, text) => `De ${name} :\n  ${text}\n`,
  }],
  ["signs on the next line", { ...FIRST, shown: (name, text) => `${text}\n  -- ${name}\n` }],
  ["shows the time in front of brackets", {
    ...FIRST,
    shown: (name, text) => `[12:04:59] <${name}> ${text}\r\n`,
  }],
  ["shows colours and clears the line (D27)", {
    ...FIRST,
    shown: (name, text) => `\x1b[2K\r\x1b[1;32m${name}\x1b[0m \x1b[3m${text}\x1b[0m\n> `,
  }],
  ["shows names in capitals", {
    ...FIRST,
    shown: (name, text) => `${name.toUpperCase()}> ${text}\n`,
  }],
  ["has a list and no notices", { ...FIRST, list: "/liste" }],
  [
    "takes /msg for a private message",
    {
      ...FIRST,
      greeting: () => "Bienvenue. /msg PSEUDO TEXTE, @tous TEXTE\nPseudo ?\n",
      toOne(line) {
        const [, to = "", text = ""] = /^\/msg (\S+) (.*)$/.exec(line) ?? [];
        return to === "" ? undefined : { to, text };
      },
    },
    ["private"],
    /^\/msg PSEUDO TEXT reaches that client alone, but the sheet writes @pseudo/,
  ],
  [
    "shows no names",
    { ...FIRST, shown: (_, text) => `${text}\n` },
    ["talk"],
    /without the client's name.*--join/,
  ],
  [
    "dies of a message to an unknown name",
    { ...FIRST, diesOfName: true },
    ["unknown-name"],
    /wrote to a pseudo that no client has/,
  ],
  ["answers nothing", { ...FIRST, isSilent: true }, ["answers"], /waits for an answer/],
];

Deno.test("Servers of sheet 001 are judged by what the sheet asks, however they give names", async (t) => {
  const results = await runConcurrently(ROWS.map(([, choices, fails = []]) => async () => {
    await using toy = new ToyServer(plainServer(choices));
    const only = cheapChecks("plain", fails);
    return await runChecks(toy.address, { dialect: "plain", timeoutMs: TIMEOUT_MS, only });
  }));
  for (const [at, [what, , fails = [], hint = /^$/]] of ROWS.entries()) {
    await t.step(`that ${what}: ${fails.join() || "passes"}`, () => {
      assertEquals(failedIds(results[at] ?? []), fails);
      assertMatch(firstHint(results[at] ?? []), hint);
    });
  }
});
