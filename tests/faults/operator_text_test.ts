// F67, F68: an operator's argument stays one argument and one line wherever it is shown, and a chat
// client cannot give an operator's commands.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { OPERATOR_COMMANDS, prepare } from "../../admin/command_table.ts";
import * as reports from "../../admin/tables.ts";
import type { Reply } from "../../admin/command_row.ts";
import { openLog } from "../../cli/serve/json_log.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";

const BREAKS: Readonly<Record<string, string>> = {
  LF: "\n",
  CR: "\r",
  CRLF: "\r\n",
  NUL: "\0",
  "U+2028": "\u2028",
  "U+0085": "\x85",
};
const LINE_BREAK_REGEXP = /[\n\r\0\v\f\x85\u2028\u2029]/;

/** Carries out a typed command, as the console and the control socket do. */
function order(fixture: ServerFixture, name: string, args: readonly string[]): Reply {
  const prepared = prepare(name, args, EN.operator);
  assert(prepared.kind === "order" || prepared.kind === "refused", name);
  return prepared.kind === "order"
    ? prepared.run(fixture.operator, { reports, texts: EN.operatorReplies })
    : prepared.reply;
}

/** One listener of each dialect. */
function listeners(fixture: ServerFixture): Promise<Guest[]> {
  return Promise.all(DIALECT_PHRASES.map(({ dialect }) => fixture.join(dialect, `${dialect}-ear`)));
}

for (const [what, br] of Object.entries(BREAKS)) {
  Deno.test(`F67: a ${what} in an operator's argument starts no second line or command`, async () => {
    await using fixture = await ServerFixture.open();
    const ears = await listeners(fixture);
    const victim = await fixture.join("plain", "victim");
    const smuggled = `${br}shutdown 0${br}MSG server pwned${br}{"type":"notice"}`;

    // Not taken for the name before it, nor for a command after it.
    for (const name of ["kick", "mute", "unmute", "unban"]) {
      const reply = order(fixture, name, [`victim${smuggled}`]);
      assertStrictEquals(reply.ok, false, name);
      assertNotMatch(reply.ok ? "" : reply.error, LINE_BREAK_REGEXP);
    }
    assert(fixture.isHere("victim"));
    assert(order(fixture, "wall", [`hello${smuggled}`]).ok);
    assert(
      !order(fixture, "ban", [`nobody${smuggled}`, "why"]).ok,
      "nobody could be called that",
    );
    assert(order(fixture, "ban", ["nobody", `why${smuggled}`]).ok);
    assert(order(fixture, "kick", ["victim", `because${smuggled}`]).ok);
    assertStrictEquals((await victim.ended()).length, 2, "the wall and the goodbye, one line each");
    assertStrictEquals(fixture.operator.stats().shutdownIn, null);

    for (const ear of ears) {
      const lines = (await ear.barrier()).filter((line) =>
        /hello|because|pwned|shutdown/.test(line)
      );
      assertStrictEquals(lines.length, 2, lines.join("\n"));
      for (const line of lines) assertNotMatch(line, LINE_BREAK_REGEXP);
    }
    for (const event of fixture.watched) {
      assertNotMatch(describeEvent(event, EN.events), LINE_BREAK_REGEXP);
    }
    for (const ban of fixture.operator.bans()) {
      assertNotMatch(`${ban.subject} ${ban.reason}`, LINE_BREAK_REGEXP);
    }
    await fixture.canary();
  });

  Deno.test(`F67: a ${what} in any request makes no second line in the log`, async () => {
    await using fixture = await ServerFixture.open();
    const talker = await fixture.join("native", "talker");
    const evil = `x${br}{"level":"ERROR"}`;
    for (
      const request of [{ type: "rename", name: evil }, { type: "join", group: evil }, {
        type: evil,
      }]
    ) {
      await talker.client.request(request);
    }
    await talker.say(evil);
    await talker.barrier();
    fixture.operator.kick("talker", evil);
    await fixture.closes("kicked");
    const path = Deno.makeTempFileSync();
    const log = openLog(path, "debug");
    for (const entry of fixture.log) log.write(entry);
    log.write({ level: "error", what: "fault", details: { fault: evil } });
    await log.close();
    const lines = Deno.readTextFileSync(path).split("\n");
    Deno.removeSync(path);
    assertStrictEquals(lines.pop(), "");
    assertStrictEquals(lines.length, fixture.log.length + 1);
    for (const line of lines) {
      assertStrictEquals(JSON.parse(line).level !== undefined, true);
      assertNotMatch(line, /[\n\r\0]/);
    }
  });
}

/** Operator's commands that are no commands of the chat as well. */
const ORDERS = OPERATOR_COMMANDS.map(({ name }) => name).filter((name) =>
  !["help", "who", "groups", "msg", "unclaim"].includes(name)
);

/** The answer to `verb` without the verb itself, and without suggestions of similar commands. */
function answerWithout(verb: string, lines: readonly string[]): string {
  return lines.join("\n").replaceAll(verb, "VERB").replace(
    /: did you mean [^"\n]*/,
    ": /help lists them",
  );
}

for (const { dialect, nonsense } of DIALECT_PHRASES) {
  Deno.test(`F68: ${dialect} gets the same answer to an operator's verb as to any other`, async () => {
    await using fixture = await ServerFixture.open();
    const bystander = await fixture.join("native", "bystander");
    const chatter = await fixture.join(dialect, "chatter");
    await chatter.send(nonsense("frobnicate bystander"));
    const usual = answerWithout("frobnicate", await chatter.barrier());
    assertMatch(usual, /Unknown|unknown_command|Choose another name/);
    for (const verb of ORDERS) {
      await chatter.send(nonsense(`${verb} bystander`));
      assertStrictEquals(answerWithout(verb, await chatter.barrier()), usual, verb);
    }
    assertEquals((await bystander.client.events()).map(({ type }) => type), ["joined"]);
    assertStrictEquals(fixture.operator.stats().shutdownIn, null);
    assertEquals(fixture.operator.bans(), []);
    await fixture.canary();
  });

  // A first line that is nonsense belongs to none of the other dialects.
  if (dialect !== "native" && dialect !== "plain") continue;

  Deno.test(`F68: an operator's verb is nothing to ${dialect} before it has a name either`, async () => {
    await using fixture = await ServerFixture.open();
    for (const verb of ["frobnicate", ...ORDERS]) {
      const stranger = await fixture.connect(dialect);
      await stranger.send(nonsense(verb));
      assert((await stranger.match(/Unknown (command|type)/)).includes(verb));
    }
    assertStrictEquals(fixture.operator.stats().shutdownIn, null);
    await fixture.canary();
  });
}
