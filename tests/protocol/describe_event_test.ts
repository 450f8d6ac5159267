// The English text of every event and its variants.

import { EN } from "../../texts/en.ts";
import { assertStrictEquals } from "@std/assert";
import type { EventType, ServerEvent } from "../../protocol/events.ts";
import {
  countdownText,
  describeEvent,
  describeMessage,
  speaker,
} from "../../protocol/describe_event.ts";
import { unmarked } from "../../protocol/imitated_marks.ts";
import { SAMPLES } from "./sample_events.ts";

const WORDS: { readonly [T in EventType]: string } = {
  message: "bob: Grüße, 世界 👍",
  greeting: "Welcome to minichat. 2 people are here now.\n  /help  this list\n" +
    "Type your name within 60 s (Enter alone gives you one):",
  welcome: "You are eve. Here: alice.",
  gap: "Messages that you may have missed are no longer stored",
  ack: "sent to everyone (2)",
  joined: "bob joined #cooks",
  left: "bob left (connection lost)",
  presence: "153 joined, among them ana, bob; 1 left: eve; 200 people are here now",
  renamed: "bob is now rob",
  you: "You are eve, number 3",
  who: "1 person is here: bob (#cooks)",
  groups: "#cooks: bob",
  history: "[12:34Z] bob: hi\n[12:34Z] eve@cooks: soup",
  help: "  /help  this list",
  notice: "Backup at noon",
  shutdown: "The server stops in 10 s",
  pong: "pong",
  closed: "Goodbye: kicked: spam",
  error: 'Choose another name: "bob" is taken',
};

for (const [type, words] of Object.entries(WORDS)) {
  Deno.test(`describe() describes ${type}`, () => {
    assertStrictEquals(describeEvent(SAMPLES[type as EventType], EN.events), words);
  });
}

const { message, welcome, who, groups, ack, joined, left, greeting, help } = SAMPLES;
const [user] = who.users;

const VARIANTS: readonly (readonly [event: ServerEvent, words: string])[] = [
  [{ ...message, to: "@eve", text: "hi" }, "bob (private): hi"],
  [{ ...message, to: "#cooks", text: "hi" }, "bob@cooks: hi"],
  [{ ...message, action: true, text: "waves" }, "* bob waves"],
  [{ ...message, action: true, to: "#cooks", text: "stirs" }, "* bob@cooks stirs"],
  [{ ...message, replay: true, text: "hi" }, "[12:34Z] bob: hi"],
  [
    { ...greeting, here: 0, commands: [] },
    "Welcome to minichat. Nobody is here now.\n" +
    "Type your name within 60 s (Enter alone gives you one):",
  ],
  [
    { ...greeting, here: 1, commands: [] },
    "Welcome to minichat. 1 person is here now.\n" +
    "Type your name within 60 s (Enter alone gives you one):",
  ],
  [{ ...welcome, users: ["eve"], total: 1 }, "You are eve. Nobody else is here yet."],
  [{ ...welcome, users: ["a", "eve", "b"], total: 9 }, "You are eve. Here: a, b and 6 more."],
  [{ ...ack, to: "@bob" }, "sent to bob"],
  [{ ...ack, to: "#cooks", recipients: 1 }, "sent to #cooks (1)"],
  [{ ...ack, to: "#cooks", recipients: 0 }, "sent to #cooks, but nobody else is there"],
  [{ ...ack, recipients: 0 }, "sent to everyone, but nobody else is there"],
  [{ ...joined, you: true }, "You joined #cooks: @cooks TEXT writes to it"],
  [{ type: "joined", name: "bob" }, "bob joined"],
  [{ type: "left", name: "bob" }, "bob left"],
  [{ ...left, group: "cooks" }, "bob left #cooks (connection lost)"],
  [{ type: "left", name: "bob", group: "cooks", you: true }, "You left #cooks"],
  [{ ...SAMPLES.renamed, you: true }, "You are now rob"],
  [
    { ...who, users: user ? [user, { ...user, name: "eve", groups: [] }] : [], total: 2 },
    "2 people are here: bob (#cooks), eve",
  ],
  [{ ...who, total: 5 }, "5 people are here: bob (#cooks)\n... and 4 more"],
  [{ ...groups, groups: [], total: 0 }, "There are no groups: /join NAME makes one"],
  [{ ...groups, total: 3 }, "#cooks: bob\n... and 2 more"],
  [{ type: "history", messages: [] }, "No messages yet"],
  [
    { type: "history", messages: [], more: true, next: 7 },
    "None of the newest messages is for you",
  ],
  [
    { ...help, commands: [{ usage: "/a", help: "x" }, { usage: "/bcd", help: "y" }] },
    "  /a    x\n  /bcd  y",
  ],
  [{ ...help, commands: [] }, ""],
  [{ type: "shutdown", in: null }, "The shutdown was called off"],
];

for (const [event, words] of VARIANTS) {
  Deno.test(`describe() says ${JSON.stringify(words.slice(0, 60))}`, () => {
    assertStrictEquals(describeEvent(event, EN.events), words);
  });
}

Deno.test("describeMessage() and speaker() say who speaks to whom", () => {
  assertStrictEquals(describeMessage({ ...message, text: "" }, EN.events), "bob: ");
  assertStrictEquals(speaker({ from: "bob" }, EN.events), "bob");
  assertStrictEquals(speaker({ from: "bob", to: "@eve" }, EN.events), "bob (private)");
  assertStrictEquals(speaker({ from: "bob", to: "#cooks" }, EN.events), "bob@cooks");
});

Deno.test("A10: no text makes the mark of a private message or of a group", () => {
  const { message } = SAMPLES;
  const line = (event: Partial<typeof message>) =>
    describeMessage({ ...message, ...event }, EN.events);
  assertStrictEquals(line({ to: "@eve", action: true, text: "waves" }), "bob (private): *waves*");
  assertStrictEquals(line({ action: true, text: "waves (a lot)" }), "* bob waves (a lot)");
  for (const text of ["(private): hi", "(private) hi", "@cooks hi", ": hi", "\uff08private) hi"]) {
    assertStrictEquals(line({ action: true, text }), `* bob \\${text}`);
    assertStrictEquals(line({ action: true, text: ` \u200d${text}` }), `* bob \\ \u200d${text}`);
    assertStrictEquals(line({ text }), `bob: ${text}`);
  }
  // Where a list names both people, a line that begins with a star is still never private.
  const both = line({
    to: "@eve",
    action: true,
    text: "waves",
    replay: true,
    at: "2026-01-01T12:30",
  });
  assertStrictEquals(both, "[12:30Z] bob to eve (private): *waves*");
});

Deno.test("A10: unmarked() changes every text that begins with a square bracket, and no other", () => {
  for (const text of ["[private] hi", " [#cooks] hi", "\u3000\uff3bprivate] hi", "\u3010x\u3011"]) {
    assertStrictEquals(unmarked(text), `\\${text}`);
  }
  for (const text of ["hi [private]", "(private) hi", "*waves*", "", "\\[private] hi", "a[0]"]) {
    assertStrictEquals(unmarked(text), text);
  }
});

Deno.test("stopsIn() says how long is left (D10)", () => {
  assertStrictEquals(countdownText(null, EN.events), "The shutdown was called off");
  assertStrictEquals(countdownText(0, EN.events), "The server stops now");
  assertStrictEquals(countdownText(1, EN.events), "The server stops in 1 s");
  assertStrictEquals(countdownText(300, EN.events), "The server stops in 5 min");
});
