// The table of the operator's commands: complete, strict about arguments, and each calls its
// method.

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStrictEquals,
  fail,
} from "@std/assert";
import { EN } from "../../texts/en.ts";
import type { Reply } from "../../admin/command_row.ts";
import {
  commandHelp,
  commandList,
  commandsFor,
  findCommand,
  misuseText,
  OPERATOR_COMMANDS,
  prepare,
} from "../../admin/command_table.ts";
import * as reports from "../../admin/tables.ts";
import { type Call, FakeControl, personInfo } from "./fake_control.ts";

function order(control: FakeControl, name: string, ...args: string[]): Reply {
  const prepared = prepare(name, args, EN.operator);
  assertStrictEquals(prepared.kind, "order", JSON.stringify(prepared));
  return prepared.kind === "order"
    ? prepared.run(control, { reports, texts: EN.operatorReplies })
    : fail();
}

function refusal(name: string, ...args: string[]): string {
  const prepared = prepare(name, args, EN.operator);
  assertStrictEquals(prepared.kind, "refused");
  if (prepared.kind !== "refused") return fail();
  assertStrictEquals(prepared.reply.usage, true);
  return prepared.reply.error;
}

Deno.test("COMMANDS: every row has its own name, a usage that starts with it, and one line of help", () => {
  assertStrictEquals(
    new Set(OPERATOR_COMMANDS.map(({ name }) => name)).size,
    OPERATOR_COMMANDS.length,
  );
  for (const { name, usage } of OPERATOR_COMMANDS) {
    assertMatch(name, /^[a-z]+$/);
    assertStrictEquals(usage.split(" ")[0], name);
    assertMatch(EN.operator.help[name], /^[A-Z][^\n]+[^.\n]$/, name);
  }
});

Deno.test("COMMANDS: the operator has every command of the sheet and of the design", () => {
  const names =
    "wall msg kick ban unban bans mute unmute mutes claims unclaim op deop ops who groups stats tail retain shutdown help";
  assertEquals(OPERATOR_COMMANDS.map(({ name }) => name), names.split(" "));
});

Deno.test("commandList() names every command, aligned, and fits a terminal", () => {
  for (const prefix of ["", "/"]) {
    const rows = commandsFor(prefix);
    const lines = commandList(prefix, EN.operator).split("\n");
    for (const [at, { usage }] of rows.entries()) {
      assert(lines[at]?.startsWith(`  ${prefix}${usage}  `), lines[at]);
    }
    const starts = rows.map(({ name }, at) => lines[at]?.indexOf(EN.operator.help[name]));
    assertStrictEquals(new Set(starts).size, 1);
    for (const line of lines) assert(line.length <= 100, line);
  }
});

Deno.test("commandsFor() is everything in a shell, all but the streams on the console", () => {
  assertStrictEquals(commandsFor("minichat admin "), OPERATOR_COMMANDS);
  const refusedThere = OPERATOR_COMMANDS.filter((row) => !commandsFor("/").includes(row));
  assertEquals(refusedThere.map(({ name }) => name), ["tail"]);
});

Deno.test("commandList() of the console lists what can be typed besides commands", () => {
  assertMatch(commandList("/", EN.operator), /^ {2}@NAME TEXT {2}/m);
  assertMatch(commandList("/", EN.operator), /^ {2}TEXT {2}.*\/\/ or \/@/m);
  assertNotMatch(commandList("", EN.operator), /@NAME/);
});

Deno.test("prepare() turns each order into exactly one call", () => {
  const cases: [string[], Call][] = [
    [["wall", "hello", "all of you"], ["wall", "hello all of you"]],
    [["wall", "--cancel", "x"], ["wall", "--cancel x"]],
    [["wall", "--", "--json"], ["wall", "--json"]],
    [["msg", "bob", "hi", "a  b"], ["tell", "bob", "hi a  b"]],
    [["msg", "@bob", "hi"], ["tell", "bob", "hi"]],
    [["msg", "bob", "--ban", "--", "x"], ["tell", "bob", "--ban -- x"]],
    [["msg", "bob", "--", "--json"], ["tell", "bob", "--json"]],
    [["msg", "--", "bob", "--json"], ["tell", "bob", "--json"]],
    [["kick", "bob"], ["kick", "bob", ""]],
    [["kick", "bob", "too", "loud"], ["kick", "bob", "too loud"]],
    [["ban", "bob"], ["ban", "bob", { reason: "" }]],
    [["ban", "bob", "--for", "10m", "spam", "!"], ["ban", "bob", {
      reason: "spam !",
      seconds: 600,
    }]],
    [["ban", "::1", "--for=1d"], ["ban", "::1", { reason: "", seconds: 86_400 }]],
    [["unban", "bob"], ["unban", "bob"]],
    [["mute", "bob"], ["mute", "bob"]],
    [["mute", "bob", "--for", "2m"], ["mute", "bob", 120]],
    [["unmute", "bob"], ["unmute", "bob"]],
    [["unclaim", "bob"], ["unclaim", "bob"]],
    [["op", "bob"], ["op", "bob"]],
    [["deop", "bob"], ["deop", "bob"]],
    [["shutdown", "0"], ["shutdown", 0]],
    [["shutdown", "10"], ["shutdown", 10]],
    [["shutdown", "--cancel"], ["cancelShutdown"]],
    [["retain", "now"], ["confirmClock"]],
  ];
  for (const [[name = "", ...args], call] of cases) {
    const control = new FakeControl();
    assertStrictEquals(order(control, name, ...args).ok, true);
    assertEquals(control.calls, [call]);
  }
});

Deno.test("kick --ban does both, and bans no name that is not connected (D9)", () => {
  const control = new FakeControl();
  const reply = order(control, "kick", "bob", "--ban", "spam");
  assertStrictEquals(reply.ok && reply.text, "Kicked and banned bob");
  assertEquals(control.calls, [["kick", "bob", "spam"], ["ban", "bob", { reason: "spam" }]]);
  const missed = order(control, "kick", "zoe", "--ban");
  assertEquals(missed, { ok: false, error: 'No member called "zoe"', usage: false });
  assertStrictEquals(control.calls.length, 2);
});

Deno.test("prepare() keeps an argument one argument, whatever it holds (F67)", () => {
  const nick = "bob\n/shutdown 0\r\0\u2028 --ban";
  const control = new FakeControl();
  control.people = [personInfo(nick)];
  order(control, "kick", nick);
  order(control, "mute", nick);
  assertEquals(control.calls, [["kick", nick, ""], ["mute", nick]]);
});

Deno.test("prepare() refuses wrong arguments as misuse", () => {
  for (
    const [name = "", ...args] of [
      ["wall"],
      ["wall", " ", ""],
      ["wall", "--"],
      ["msg"],
      ["msg", "@", "hi"],
      ["msg", "bob"],
      ["msg", "bob", " ", ""],
      ["msg", "bob", "--"],
      ["kick"],
      ["kick", ""],
      ["kick", "bob", "--bann"],
      ["ban"],
      ["ban", "bob", "--for"],
      ["ban", "bob", "--for", "soon"],
      ["unban"],
      ["unban", "a", "b"],
      ["mute"],
      ["unmute", ""],
      ["who", "me"],
      ["stats", "--json"],
      ["tail", "-5"],
      ["shutdown"],
      ["shutdown", ""],
      ["shutdown", "-5"],
      ["shutdown", "86401"],
      ["shutdown", "ten"],
      ["shutdown", "1", "2"],
      ["shutdown", "5", "--cancel"],
      ["help", "who", "what"],
      ["help", "whoo"],
    ]
  ) assertMatch(refusal(name, ...args), /^[A-Z].*[^.]$/, `${name} ${args}`);
});

Deno.test("prepare() names the command that was probably meant", () => {
  assertStrictEquals(refusal("kik", "bob"), 'Unknown command: "kik", did you mean kick?');
  assertStrictEquals(refusal("xyzzy"), 'Unknown command: "xyzzy"');
  assertStrictEquals(refusal("constructor"), 'Unknown command: "constructor"');
});

Deno.test("misuseText() shows how the command is used", () => {
  assertStrictEquals(
    misuseText("/", { name: "mute", error: "Missing name" }, EN.operator),
    "Missing name\nUsage: /mute NAME|ADDRESS [--for DURATION]",
  );
  assertMatch(
    misuseText("/", { name: "nope", error: "Unknown" }, EN.operator),
    /^Unknown\nUsage: \/COMMAND .*\/help/,
  );
});

Deno.test("msg is refused for a name that is not connected, ban prints until when", () => {
  const control = new FakeControl();
  const missed = order(control, "msg", "zoe", "hi");
  assertEquals(missed, { ok: false, error: 'No member called "zoe"', usage: false });
  const reported = order(control, "msg", "bob", "hi");
  assertEquals(reported, { ok: true, text: "Sent to bob", data: { name: "bob" } });
  const banned = order(control, "ban", "bob", "--for", "10m");
  assertStrictEquals(banned.ok && banned.text, "Banned bob until 2026-01-02 03:14Z");
  assertMatch(JSON.stringify(banned.ok && banned.data), /"2026-01-02T03:14:05.678Z"/);
});

Deno.test("A refused order is a failure, not a misuse", () => {
  const control = new FakeControl();
  control.refusal = "Nothing to cancel: no shutdown is announced";
  const reply = order(control, "shutdown", "--cancel");
  assertEquals(reply, { ok: false, error: control.refusal, usage: false });
});

Deno.test("who shows every client in columns, wide names and who is away included (O6)", () => {
  const control = new FakeControl();
  control.people = [
    personInfo("bob", { groups: ["cooks", "x"], muted: true }),
    personInfo("名前", { id: 12, queuedBytes: 77 }),
    personInfo("eve", { id: 4, away: true }),
    personInfo("dan", { id: 5, muted: true, away: true }),
    personInfo("", { id: 3 }),
  ];
  const reply = order(control, "who");
  assertEquals(reply.ok && reply.text.split("\n"), [
    "ID  NAME                DIALECT  ADDRESS    SINCE              QUEUED BYTES  GROUPS",
    "1   bob (muted)         plain    192.0.2.7  2026-01-02 03:04Z  0             #cooks #x",
    "12  名前                plain    192.0.2.7  2026-01-02 03:04Z  77",
    "4   eve (away)          plain    192.0.2.7  2026-01-02 03:04Z  0",
    "5   dan (muted) (away)  plain    192.0.2.7  2026-01-02 03:04Z  0",
    "3   (no name yet)       plain    192.0.2.7  2026-01-02 03:04Z  0",
  ]);
  assertEquals(reply.ok && reply.data, { users: control.people });
  control.people = [];
  assertEquals(order(control, "who"), {
    ok: true,
    text: "No client is connected",
    data: { users: [] },
  });
});

Deno.test("bans, groups and stats answer with text for a person and data for a program", () => {
  const control = new FakeControl();
  assertEquals(order(control, "bans"), {
    ok: true,
    text: "No bans",
    data: { bans: [] },
  });
  control.banned = [
    { subject: "bob", kind: "name", until: null, reason: "spam" },
    { subject: "::1", kind: "address", until: "2026-11-22T08:36:59.999Z", reason: "noise" },
  ];
  const bans = order(control, "bans");
  assertMatch(bans.ok ? bans.text : "", /^bob\s+name\s+for good\s+spam$/m);
  assertMatch(bans.ok ? bans.text : "", /^::1\s+address\s+2026-11-22 08:36Z\s+noise$/m);
  assertEquals(bans.ok && bans.data, { bans: control.banned });
  const groups = order(control, "groups");
  assertStrictEquals(groups.ok && groups.text, "#cooks  bob, eve");
  const stats = order(control, "stats");
  assertEquals(stats.ok && stats.data, control.stats());
  const text = stats.ok ? stats.text : "";
  assertMatch(text, /^clients\s+2 of 100, 1 with a name$/m);
  assertMatch(text, /^dialects\s+plain 2$/m);
  assertMatch(text, /^shutdown\s+in 30 s$/m);
});

Deno.test("help lists all commands or explains one, as typed where it was asked", () => {
  const all = prepare("help", [], EN.operator);
  assertStrictEquals(all.kind, "local");
  const reply = all.kind === "local" ? all.run("/") : fail();
  assertStrictEquals(reply.ok && reply.text, commandList("/", EN.operator));
  const one = prepare("help", ["kick"], EN.operator);
  const about = one.kind === "local" ? one.run("minichat admin ") : fail();
  const kick = findCommand("kick") ?? fail();
  assertStrictEquals(about.ok && about.text, commandHelp("minichat admin ", kick, EN.operator));
  assertMatch(commandHelp("/", kick, EN.operator), /^Usage: \/kick NAME .*\nDisconnects/);
  const tail = findCommand("tail") ?? fail();
  assertMatch(commandHelp("/", tail, EN.operator), /^Usage: minichat admin tail\n/);
});
