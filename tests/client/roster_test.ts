import { assertEquals, assertStrictEquals } from "@std/assert";
import { Roster } from "../../client/roster.ts";
import { message } from "./client_fakes.ts";

function welcomed(): Roster {
  const roster = new Roster();
  const here = { users: ["zoe", "alice", "bob"], groups: ["cooks"], total: 3 };
  roster.update({
    type: "welcome",
    id: 1,
    name: "alice",
    session: "",
    seq: 0,
    version: 1,
    ...here,
  });
  return roster;
}

Deno.test("Roster.update() learns the own name, the others and the groups from a welcome", () => {
  const roster = welcomed();
  assertStrictEquals(roster.own, "alice");
  assertEquals(roster.names(), ["bob", "zoe"]);
  assertEquals(roster.groups(), ["cooks"]);
});

Deno.test("Roster.update() learns the own name from you", () => {
  const roster = new Roster("asked");
  roster.update({ type: "you", name: "given" });
  assertStrictEquals(roster.own, "given");
});

Deno.test("Roster.isConfirmed is what a server sent, not what was asked for", () => {
  const roster = new Roster("alice");
  roster.assume("bob");
  roster.update(message("bob", "I am bob too"));
  assertEquals([roster.own, roster.isConfirmed], ["bob", false]);
  assertEquals(roster.names(), ["bob"]); // another member
  roster.update({ type: "renamed", was: "bob", name: "rob", you: true });
  assertEquals([roster.own, roster.isConfirmed], ["rob", true]);
  assertStrictEquals(welcomed().isConfirmed, true);
});

Deno.test("Roster.update() follows members who join, leave and change their names", () => {
  const roster = welcomed();
  roster.update({ type: "joined", name: "carl" });
  roster.update({ type: "left", name: "zoe", reason: "left" });
  roster.update({ type: "left", name: "bob", group: "cooks" });
  roster.update({ type: "renamed", was: "carl", name: "charles" });
  assertEquals(roster.names(), ["bob", "charles"]);
  roster.update({ type: "renamed", was: "alice", name: "al", you: true });
  assertStrictEquals(roster.own, "al");
  assertEquals(roster.names(), ["bob", "charles"]);
});

Deno.test("Roster.update() takes a complete list for the truth and a cut one for news", () => {
  const roster = welcomed();
  const carl = { id: 4, name: "carl", groups: ["bakers"], since: "", dialect: "plain" };
  roster.update({ type: "who", users: [carl], total: 5 });
  assertEquals(roster.names(), ["bob", "carl", "zoe"]);
  roster.update({ type: "who", users: [carl], total: 1 });
  assertEquals(roster.names(), ["carl"]);
  assertEquals(roster.groups(), ["bakers", "cooks"]);
  roster.update({ type: "groups", groups: [{ name: "new", members: [] }], total: 1 });
  assertEquals(roster.groups(), ["new"]);
});

Deno.test("Roster.update() learns from messages, but not from history or the operator", () => {
  const roster = new Roster("alice");
  roster.update(message("bob", "hi", { to: "#cooks" }));
  roster.update(message("server", "attention"));
  roster.update(message("gone", "hi", { replay: true }));
  assertEquals(roster.names(), ["bob"]);
  assertEquals(roster.groups(), ["cooks"]);
  assertStrictEquals(roster.own, "alice");
});

Deno.test("Roster.lastPrivate is who sent the last private message, under the current name", () => {
  const roster = welcomed();
  assertStrictEquals(roster.lastPrivate, undefined);
  roster.update(message("bob", "psst", { to: "@alice" }));
  roster.update(message("alice", "what", { to: "@zoe" }));
  roster.update(message("zoe", "hello all"));
  assertStrictEquals(roster.lastPrivate, "bob");
  roster.update({ type: "renamed", was: "bob", name: "rob" });
  assertStrictEquals(roster.lastPrivate, "rob");
});

Deno.test("Roster keeps a bounded number of names, whatever a server sends", () => {
  const roster = new Roster("alice");
  for (let i = 0; i < 10_100; i++) roster.update({ type: "joined", name: `n${i}` });
  assertStrictEquals(roster.names().length, 10_000);
});
