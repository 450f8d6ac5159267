// The operator's console with a fake prompt and a fake server.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { completeConsoleLine, OperatorConsole, printOperatorHelp } from "../../admin/console.ts";
import { commandsFor } from "../../admin/command_table.ts";
import type { PromptInput } from "../../terminal/prompt.ts";
import { FakeControl, messageWatched, personInfo } from "./fake_control.ts";

class FakePrompt {
  readonly log: string[] = [];
  readonly #inputs: PromptInput[];
  /** `inputs` are entered one after another; then the input ends. */
  constructor(...inputs: (PromptInput | string)[]) {
    this.#inputs = inputs.map((input) =>
      typeof input === "string" ? { kind: "line", text: input } : input
    );
  }
  start(): void {
    this.log.push("<start>");
  }
  print(text: string): void {
    this.log.push(text);
  }
  next(): Promise<PromptInput> {
    return Promise.resolve(this.#inputs.shift() ?? { kind: "eof" });
  }
  close(): void {
    this.log.push("<close>");
  }
  /** What was printed, without the console's own first and last lines. */
  get printed(): string[] {
    return this.log.slice(1, this.log.indexOf("<close>"));
  }
}

/** Runs a console until its input ends. */
async function typed(...inputs: (PromptInput | string)[]) {
  const prompt = new FakePrompt(...inputs);
  const control = new FakeControl();
  let interrupts = 0;
  const operatorConsole = new OperatorConsole({
    prompt,
    control,
    onInterrupt: () => interrupts++,
    red: (text) => `<red>${text}</red>`,
    quiet: false,
    texts: EN,
  });
  await operatorConsole.run();
  return { prompt, control, operatorConsole, interrupts, printed: prompt.printed };
}

Deno.test("OperatorConsole says a bare line to everyone, as it was typed", async () => {
  const { control, printed } = await typed("hello  you", "", "   ", "kicked the ball");
  assertEquals(control.calls, [["wall", "hello  you"], ["wall", "kicked the ball"]]);
  assertEquals(printed, []);
});

Deno.test("OperatorConsole takes the sheet's words without a slash (O5, D29)", async () => {
  const { control, printed } = await typed(
    "wall hello  you",
    "kick bob too loud",
    "shutdown 60",
    "KICK bob",
    "who",
    "kick",
  );
  assertEquals(control.calls, [
    ["wall", "hello  you"],
    ["kick", "bob", "too loud"],
    ["shutdown", 60],
    ["kick", "bob", ""],
  ]);
  assertMatch(printed.at(-1) ?? "", /Missing name[^]*Usage: \/kick/);
});

Deno.test("OperatorConsole asks about a line that may be text for everyone (O5, D29)", async () => {
  const asked = /^Is that the command \/(\w+)\?/;
  const lines = ["wall is nice", "kick off is at ten", "help me", "shutdown in ten minutes"];
  for (const line of [...lines, "who is there?", "ban smoking", "mute people are quiet"]) {
    const enter = await typed(line, "");
    assertEquals(enter.control.calls, [], line);
    assertMatch(enter.printed[0] ?? "", asked);
    assertMatch(enter.printed[1] ?? "", /^Neither run nor sent/);
    assertEquals((await typed(line, "n")).control.calls, [["wall", line]]);
    const other = await typed(line, "hello");
    assertEquals(other.control.calls, [["wall", "hello"]], "and another line is no answer");
  }
  assertEquals((await typed("wall is nice", "y")).control.calls, [["wall", "is nice"]]);
});

Deno.test("OperatorConsole says each of several pasted lines, and runs none as a command", async () => {
  const { control } = await typed("one\n/shutdown 0\n\ntwo");
  assertEquals(control.calls, [["wall", "one"], ["wall", "/shutdown 0"], ["wall", "two"]]);
});

Deno.test("OperatorConsole carries typed commands out and prints the answers", async () => {
  const { control, printed } = await typed(
    "/wall hi all",
    "  /kick bob  too loud ",
    "/shutdown 10",
    "/groups",
  );
  assertEquals(control.calls, [["wall", "hi all"], ["kick", "bob", "too loud"], [
    "shutdown",
    10,
  ]]);
  assertEquals(printed, [
    "Sent to 1 person",
    "Kicked bob",
    "Stopping in 10 s",
    "#cooks  bob, eve",
  ]);
});

Deno.test("OperatorConsole keeps the spaces of a text, and of a text only", async () => {
  const { control } = await typed(
    "/wall   a   b  -- c ",
    "/wall --",
    "/msg  bob   a   b",
    "/kick bob  too   loud",
  );
  assertEquals(control.calls, [
    ["wall", "a   b  -- c"],
    ["wall", "--"],
    ["tell", "bob", "a   b"],
    ["kick", "bob", "too loud"],
  ]);
});

Deno.test("OperatorConsole says a line that begins with @NAME to that person alone", async () => {
  const { control, printed } = await typed("@bob hi   there", "  @bob -- x", "@zoe you?", "@bob");
  assertEquals(control.calls, [["tell", "bob", "hi   there"], ["tell", "bob", "-- x"]]);
  assertEquals(printed, [
    "Sent to bob",
    "Sent to bob",
    '<red>No member called "zoe"</red>',
    '<red>Missing text: say what to tell "bob"\nUsage: /msg NAME TEXT</red>',
  ]);
});

Deno.test("OperatorConsole never says to everyone what is for one person, pasted or not", async () => {
  const { control } = await typed(
    "@",
    "@ bob",
    "@bob x\u2028y",
    "one\n@bob two\nthree",
    "@bob a\n\nb\n@zoe c\nd",
  );
  assertEquals(control.calls, [
    ["tell", "bob", "x\u2028y"],
    ["wall", "one"],
    ["tell", "bob", "two"],
    ["tell", "bob", "three"],
    ["tell", "bob", "a"],
    ["tell", "bob", "b"],
  ]);
});

Deno.test("OperatorConsole says what follows the slash of // and /@ to everyone", async () => {
  const { control } = await typed("//shutdown 0", " /@bob  is here", "/@bob a\n@bob b");
  assertEquals(control.calls, [
    ["wall", "/shutdown 0"],
    ["wall", "@bob  is here"],
    ["wall", "@bob a"],
    ["tell", "bob", "b"],
  ]);
});

Deno.test("OperatorConsole explains commands of the chat and lists its own", async () => {
  const { control, printed } = await typed("/list", "/quit", "/EXIT now");
  assertEquals(control.calls, []);
  const stop = "/shutdown 0 stops the server, Ctrl-D leaves the console";
  assertEquals(printed, [
    '<red>Unknown command: "list", did you mean /who?</red>',
    `<red>Unknown command: "quit", ${stop}</red>`,
    `<red>Unknown command: "EXIT", ${stop}</red>`,
  ]);
});

Deno.test("OperatorConsole marks errors and shows how a command is used", async () => {
  const { control, printed } = await typed(
    "/kick zoe",
    "/kick",
    "/kik bob",
    "/",
    "/tail",
    "/shutdown -1",
  );
  assertEquals(control.calls, []);
  assertStrictEquals(printed.length, 6);
  for (const error of printed) assertMatch(error, /^<red>[^]*<\/red>$/);
  assertStrictEquals(printed[0], '<red>No member called "zoe"</red>');
  assertMatch(printed[1] ?? "", /\nUsage: \/kick NAME/);
  assertMatch(printed[2] ?? "", /did you mean kick\?/);
  assertMatch(printed[4] ?? "", /shown here already.*minichat admin tail/);
});

Deno.test("OperatorConsole shows the help as typed there", async () => {
  const { printed } = await typed("/help");
  for (const { usage } of commandsFor("/")) {
    assert(printed[0]?.includes(`  /${usage}`), usage);
  }
  assertNotMatch(printed[0] ?? "", /tail/);
});

Deno.test("OperatorConsole prints that no client is connected, and why a line was not sent", async () => {
  const prompt = new FakePrompt("anyone?");
  const control = new FakeControl();
  control.people = [];
  const red = (text: string) => `!${text}`;
  const options = { prompt, control, onInterrupt: () => {}, red, quiet: false, texts: EN };
  await new OperatorConsole(options).run();
  assertEquals(prompt.printed, ["Sent, but no member is connected"]);
  const refused = new FakePrompt("anyone?");
  control.refusal = "Say less at once: at most 8192 bytes";
  await new OperatorConsole({ ...options, prompt: refused }).run();
  assertEquals(refused.printed, [`!${control.refusal}`]);
});

Deno.test("OperatorConsole takes each Ctrl-C for an interrupt", async () => {
  const { interrupts, control } = await typed(
    { kind: "interrupt" },
    { kind: "interrupt" },
    "still here",
  );
  assertStrictEquals(interrupts, 2);
  assertEquals(control.calls, [["wall", "still here"]]);
});

Deno.test("OperatorConsole restores the terminal at Ctrl-D, stops no server and still shows events", async () => {
  const { prompt, control, operatorConsole, interrupts } = await typed({ kind: "eof" });
  assertStrictEquals(interrupts, 0);
  assertEquals(control.calls, []);
  assertEquals(prompt.log.slice(0, 2), ["<start>", "<close>"]);
  assertMatch(prompt.log[2] ?? "", /server still runs.*shutdown 0/);
  control.happen(messageWatched("hello"));
  assertStrictEquals(prompt.log.at(-1), "bob: hello");
  operatorConsole.close();
  assertStrictEquals(control.listeners.size, 0);
});

Deno.test("OperatorConsole.close() ends it silently", async () => {
  let end: (input: PromptInput) => void = () => {};
  const log: string[] = [];
  const control = new FakeControl();
  const operatorConsole = new OperatorConsole({
    prompt: {
      start: () => log.push("start"),
      print: (text) => log.push(text),
      next: () => new Promise((resolve) => end = resolve),
      close: () => end({ kind: "eof" }),
    },
    control,
    onInterrupt: () => {},
    red: (text) => text,
    quiet: false,
    texts: EN,
  });
  const running = operatorConsole.run();
  control.happen(messageWatched("hi"));
  operatorConsole.close();
  await running;
  control.happen(messageWatched("later"));
  assertEquals(log, ["start", "bob: hi"]);
});

Deno.test("OperatorConsole shows nothing that happens when it is quiet", async () => {
  const prompt = new FakePrompt("/who", "/tail");
  const control = new FakeControl();
  const red = (text: string) => text;
  const operatorConsole = new OperatorConsole({
    prompt,
    control,
    onInterrupt: () => {},
    red,
    quiet: true,
    texts: EN,
  });
  const running = operatorConsole.run();
  control.happen(messageWatched("hi"));
  await running;
  assertStrictEquals(prompt.printed.length, 2);
  assertMatch(prompt.printed[0] ?? "", /bob\s+plain/);
  assertMatch(
    prompt.printed[1] ?? "",
    /^A quiet console shows no events: type minichat admin tail in another shell$/,
  );
});

Deno.test("completeConsoleLine() completes commands first and names after them", () => {
  const control = new FakeControl();
  control.people = [personInfo("bob"), personInfo("Bo"), personInfo("eve"), personInfo("")];
  const at = (line: string, cursor = line.length) => completeConsoleLine(control, line, cursor);
  assertEquals(at("/un"), { from: 0, candidates: ["/unban ", "/unmute ", "/unclaim "] });
  assertEquals(at("/ba"), { from: 0, candidates: ["/ban ", "/bans"] });
  assertEquals(at("/").candidates.length, commandsFor("/").length);
  assertEquals(at("/ta"), { from: 0, candidates: [] });
  assertEquals(at("@b"), { from: 0, candidates: ["@bob ", "@Bo "] });
  assertEquals(at("hello @b"), { from: 6, candidates: [] });
  assertEquals(at("/kick b"), { from: 6, candidates: ["bob ", "Bo "] });
  assertEquals(at("hello ev"), { from: 6, candidates: ["eve "] });
  assertEquals(at("/kick bo because", 8), { from: 6, candidates: ["bob ", "Bo "] });
  assertEquals(at("say /k"), { from: 4, candidates: [] });
});

Deno.test("printOperatorHelp() lists every command that the console takes (R44)", () => {
  const help = printOperatorHelp(EN.operator);
  for (const row of commandsFor("/")) {
    assert(help.includes(`  /${row.usage} `), row.name);
    assert(help.includes(EN.operator.help[row.name]), row.name);
  }
  assertNotMatch(help, /tail/);
});
