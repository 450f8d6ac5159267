import { assertStrictEquals } from "@std/assert";
import { type EventView, renderEvent, renderNotice, ringsBell } from "../../client/render_event.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { BARE, message, TAGGED } from "./client_fakes.ts";
import { EN } from "../../texts/en.ts";

const ALICE = { own: "alice", isConfirmed: true };
const NOW = new Date(2026, 0, 2, 23, 59);
const BARE_VIEW: EventView = { style: BARE, self: ALICE, now: NOW, texts: EN };
const TAGGED_VIEW: EventView = { style: TAGGED, self: ALICE, now: NOW, texts: EN };
// Without a time of its own an event shows the clock's, which is the same in every zone.
const sent = (from: string, text: string, more = {}) => message(from, text, { at: "", ...more });

const LINES: readonly [event: ServerEvent, line: string][] = [
  [sent("bob", "hi"), "23:59 bob: hi"],
  [sent("bob", "hi", { to: "#cooks" }), "23:59 bob@cooks: hi"],
  [sent("bob", "hi", { to: "@alice" }), "23:59 bob (private): hi"],
  [sent("bob", "waves", { action: true }), "23:59 * bob waves"],
  [sent("alice", "hi", { replay: true }), "23:59 alice: hi"],
  [sent("alice", "hi", { replay: true, to: "@bob" }), "23:59 alice to bob (private): hi"],
  [sent("alice", "hi"), ""],
  [{ type: "joined", name: "bob" }, "23:59 -- bob joined"],
  [{ type: "left", name: "bob", reason: "kicked" }, "23:59 -- bob left (kicked)"],
  [{ type: "renamed", was: "bob", name: "rob" }, "23:59 -- bob is now rob"],
  [{ type: "shutdown", in: 10 }, "23:59 -- The server stops in 10 s"],
  [{ type: "error", code: "muted", message: "Muted" }, "-! Muted"],
  [{ type: "notice", text: "free words" }, "-- free words"],
  [{ type: "groups", groups: [], total: 0 }, "-- There are no groups: /join NAME makes one"],
  [{ type: "history", messages: [] }, "-- No messages yet"],
  [
    { type: "history", messages: [sent("bob", "1", { replay: true }), sent("zoe", "2")] },
    "23:59 bob: 1\n23:59 zoe: 2",
  ],
  [{ type: "ack", seq: 1, recipients: 3 }, ""],
  [{ type: "ack", seq: 1, recipients: 0 }, "-- sent to everyone, but nobody else is there"],
  [{ type: "pong" }, ""],
  [{ type: "closed", reason: "kicked", text: "kicked" }, ""],
];

for (const [event, line] of LINES) {
  Deno.test(`renderEvent() shows ${event.type} as ${JSON.stringify(line)}`, () => {
    assertStrictEquals(renderEvent(event, BARE_VIEW), line);
  });
}

Deno.test("renderEvent() takes the time of a message from the message, in the zone of the reader", () => {
  const at = new Date(2026, 0, 2, 7, 5).toISOString();
  assertStrictEquals(renderEvent(message("bob", "hi", { at }), BARE_VIEW), "07:05 bob: hi");
});

Deno.test("renderEvent() colours names, dims comings and goings, marks what is private", () => {
  assertStrictEquals(renderEvent(sent("bob", "hi"), TAGGED_VIEW), "<d>23:59</d> <n>bob</n>: hi");
  assertStrictEquals(
    renderEvent(sent("bob", "hi", { to: "@alice" }), TAGGED_VIEW),
    "<d>23:59</d> <n>bob</n><m> (private)</m>: hi",
  );
  assertStrictEquals(
    renderEvent({ type: "joined", name: "bob" }, TAGGED_VIEW),
    "<d>23:59</d> <d>-- bob joined</d>",
  );
});

Deno.test("renderEvent() highlights the user's own name as a word, in any letter case", () => {
  const shown = (text: string): string =>
    renderEvent(sent("bob", text), TAGGED_VIEW).split(": ")[1] ?? "";
  assertStrictEquals(shown("hey Alice!"), "hey <b><y>Alice</y></b>!");
  assertStrictEquals(shown("@alice, alice"), "@<b><y>alice</y></b>, <b><y>alice</y></b>");
  assertStrictEquals(shown("malice and alice2"), "malice and alice2");
});

Deno.test("renderEvent() survives a name made of a regular expression's characters", () => {
  const view = { ...BARE_VIEW, self: { own: "a.*(b", isConfirmed: true } };
  assertStrictEquals(renderEvent(sent("bob", "axx a.*(b"), view), "23:59 bob: axx a.*(b");
  assertStrictEquals(ringsBell(sent("bob", "axx(b"), view.self), false);
  assertStrictEquals(ringsBell(sent("bob", "hi a.*(b"), view.self), true);
});

Deno.test("renderEvent() and ringsBell() treat a namesake as another member if no server confirmed the name", () => {
  const self = { own: "alice", isConfirmed: false };
  assertStrictEquals(renderEvent(sent("alice", "hi"), { ...BARE_VIEW, self }), "23:59 alice: hi");
  assertStrictEquals(
    renderEvent(sent("alice", "hi"), { ...TAGGED_VIEW, self }).split(" ")[1],
    "<n>alice</n>:",
  );
  assertStrictEquals(ringsBell(sent("alice", "I, alice"), self), true);
});

Deno.test("ringsBell() is true for private messages and mentions of others, not for history", () => {
  assertStrictEquals(ringsBell(sent("bob", "hi", { to: "@alice" }), ALICE), true);
  assertStrictEquals(ringsBell(sent("bob", "hi ALICE"), ALICE), true);
  assertStrictEquals(ringsBell(sent("bob", "hi"), ALICE), false);
  assertStrictEquals(ringsBell(sent("bob", "hi", { to: "#cooks" }), ALICE), false);
  assertStrictEquals(ringsBell(sent("alice", "I, alice"), ALICE), false);
  assertStrictEquals(ringsBell(sent("bob", "alice", { replay: true }), ALICE), false);
  assertStrictEquals(ringsBell({ type: "notice", text: "alice" }, ALICE), false);
});

Deno.test("renderNotice() marks the first line and indents the others", () => {
  assertStrictEquals(renderNotice("one\ntwo", { style: BARE }), "-- one\n   two");
});

Deno.test("renderEvent() dims replayed messages, all of them, and rings for none", () => {
  const old = sent("bob", "alice: look", { to: "@alice", replay: true });
  assertStrictEquals(renderEvent(old, TAGGED_VIEW), "<d>23:59 bob (private): alice: look</d>");
  assertStrictEquals(ringsBell(old, ALICE), false);
});

Deno.test("renderEvent() adds the day to messages of other days", () => {
  const at = (...time: [number, number, number, number, number]): string => {
    const date = new Date(...time).toISOString();
    return renderEvent(message("bob", "hi", { at: date, replay: true }), BARE_VIEW);
  };
  assertStrictEquals(at(2026, 0, 2, 0, 0), "00:00 bob: hi");
  assertStrictEquals(at(2026, 0, 1, 23, 59), "1 Jan 23:59 bob: hi");
  assertStrictEquals(at(2025, 11, 31, 7, 5), "31 Dec 07:05 bob: hi");
});

Deno.test("renderEvent() indents the further lines of a refusal, as those of a notice", () => {
  const usage: ServerEvent = { type: "error", code: "order_refused", message: "No\nUsage: x" };
  assertStrictEquals(renderEvent(usage, BARE_VIEW), "-! No\n   Usage: x");
});
