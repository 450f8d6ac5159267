// What the fuzzer has found, each as the smallest session that shows it.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { native } from "../../protocol/native.ts";
import { onTerminal, OVERSIZED_EVENTS } from "./hostile.ts";
import { tryScenario } from "./invariants.ts";
import { type Actor, fromLatin1, type ScenarioStep, type SilentMember } from "./scenario.ts";
import { utf8 } from "./play_scenario.ts";

/** The broken invariant of one session as text; undefined if none is broken. */
async function faultOf(
  steps: readonly ScenarioStep[],
  { listeners = [], actors = [{ kind: "tcp", notices: true }], tight = false }: {
    listeners?: SilentMember[];
    actors?: Actor[];
    tight?: boolean;
  } = {},
): Promise<string | undefined> {
  const { broken } = await tryScenario({
    actors,
    listeners,
    steps: [...steps],
    cut: 364,
    tight,
  });
  return broken?.message;
}

function sends(text: string, who = 0): ScenarioStep {
  return { does: "send", who, bytes: fromLatin1(text) };
}

Deno.test("the last reader of a dialect who leaves while something waits for it is no fault", async () => {
  // The last reader of a shared log let go of it before it had read all that was in it.
  const fault = await faultOf([sends("\0\0\0\0\x01\0\0\0\x03", 1)], {
    actors: [{ kind: "unix", notices: false }, { kind: "unix", notices: true }],
    listeners: [{ dialect: "usermsg", layout: 0 }],
  });
  assertStrictEquals(fault, undefined);
});

Deno.test("a timing mark is answered after what was sent before it (RFC 860)", async () => {
  // In one read the mark was answered first, so telnet dropped the answer to its last line.
  assertStrictEquals(await faultOf([sends("ann\n/list\n\xff\xfd\x06")]), undefined);
});

Deno.test("TLS is distinguished from other bytes that are no text, also byte by byte", async () => {
  // Its first byte alone was refused as not text.
  assertStrictEquals(await faultOf([sends("\x16\x03\x01\x02\0\x01")]), undefined);
});

Deno.test("a first line that is too long is refused before it is greeted, however it comes", async () => {
  // With its end in the same read it was taken for plain, greeted, and then refused.
  assertStrictEquals(await faultOf([sends("x".repeat(8_720) + "\n")]), undefined);
});

Deno.test("whatever size a server gives to names and commands, the client shows it and keeps running", async () => {
  // A usage of a megabyte made every line of a help that long; a name did so to a regular
  // expression.
  for (const giant of OVERSIZED_EVENTS) {
    const welcome = { type: "welcome", id: 1, name: "alice", session: "", seq: 0, version: 1 };
    const lines = [
      { ...welcome, users: [], groups: [], total: 1 },
      giant,
      { type: "message", seq: 2, at: "", from: "bob", text: "still here" },
    ];
    const shown = await onTerminal(native, [
      utf8(lines.map((l) => JSON.stringify(l) + "\n").join("")),
    ]);
    const isEnd = JSON.stringify(giant).startsWith('{"type":"closed"');
    assert(isEnd || shown.includes("still here"), JSON.stringify(giant).slice(0, 60));
  }
});

Deno.test("a help with one huge usage among many costs no more than its own size", async () => {
  const huge = { usage: "x".repeat(1_500_000), help: "" };
  const many = Array.from({ length: 60_000 }, () => ({ usage: "", help: "" }));
  const help = utf8(JSON.stringify({ type: "help", commands: [huge, ...many] }) + "\n");
  assert((await onTerminal(native, [help])).length < 10_000_000);
});

Deno.test("a name too long for a regular expression is no end of the chat", async () => {
  const name = "n".repeat(2_000_000);
  const lines = [
    { type: "welcome", id: 1, name, session: "", seq: 0, users: [], groups: [], total: 1 },
    { type: "message", seq: 2, at: "", from: "bob", text: "hi nobody" },
  ];
  const bytes = utf8(lines.map((line) => JSON.stringify(line) + "\n").join(""));
  assertMatch(await onTerminal(native, [bytes]), /hi nobody/);
});

Deno.test("a client whose input was paid for in a turn without requests is served again", async () => {
  // That turn never ended, so that nothing more was read of the client, not even its end.
  const steps = [sends('{"type":"hello","name":"zoe"}\n'), sends("\r".repeat(49_184))];
  assertStrictEquals(await faultOf(steps, { tight: true }), undefined);
});

Deno.test("a blank line on a port of one dialect is not answered with the greeting for people", async () => {
  const actors: Actor[] = [{ kind: "tcp", notices: true, pinned: "native" }];
  assertStrictEquals(await faultOf([sends("\n\xb0")], { actors }), undefined);
});
