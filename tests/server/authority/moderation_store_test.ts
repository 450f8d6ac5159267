import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SqliteModerationRecords } from "../../../server/authority/sqlite_moderation_records.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { DataDirectory } from "../history/history_fixture.ts";
import { failure } from "../../../protocol/failures.ts";
import { type Claim, Claims, UNUSED_MS } from "../../../server/authority/claims.ts";
import { ModerationStore } from "../../../server/authority/moderation_store.ts";
import {
  type ModerationRecords,
  NO_MODERATION_RECORDS,
} from "../../../server/authority/moderation_records.ts";
import { Mutes } from "../../../server/chat/mutes.ts";

const NOTHING = new Uint8Array(0);
const SECRET = { n: 16, r: 1, p: 1, salt: NOTHING, hash: NOTHING };

function claim(name: string, more: Partial<Claim> = {}): Claim {
  const key = name.toLowerCase();
  return { key, name, secret: SECRET, since: 0, used: 0, isOperator: false, ...more };
}

Deno.test("Claims.find() finds a name in any spelling and what looks like it", () => {
  const claims = new Claims();
  claims.set(claim("Evan"));
  for (const name of ["evan", "EVAN", "\u0435van"]) {
    assertStrictEquals(claims.find(name, 1)?.key, "evan");
  }
  assertStrictEquals(claims.find("ivan", 1), undefined);
  claims.set(claim("Evan", { isOperator: true }));
  assertStrictEquals(claims.size, 1);
  claims.delete("evan");
  assertStrictEquals(claims.find("evan", 1), undefined);
});

Deno.test("A claim that was not proven for a year ends", () => {
  const claims = new Claims();
  claims.set(claim("evan", { used: 1_000 }));
  assert(claims.find("evan", UNUSED_MS));
  assertStrictEquals(claims.find("evan", 1_000 + UNUSED_MS), undefined);
  assertStrictEquals(claims.unused(1_000 + UNUSED_MS).length, 1);
});

Deno.test("Mutes end when their time is over, and outlive it for good otherwise", () => {
  const mutes = new Mutes();
  mutes.add({ name: "Bob", until: 100 });
  mutes.add({ name: "eve", until: Infinity });
  mutes.expire(99);
  assert(mutes.has("bob") && mutes.has("EVE"));
  mutes.expire(100);
  assertEquals(mutes.list().map(({ name }) => name), ["eve"]);
});

Deno.test("ModerationStore takes up what is in force and forgets what is over", () => {
  const removed: string[] = [];
  const records: ModerationRecords = {
    ...NO_MODERATION_RECORDS,
    bans: () => [
      { subject: "eve", until: 10, reason: "" },
      { subject: "mallory", until: Infinity, reason: "" },
    ],
    mutes: () => [{ name: "loud", until: 10 }, { name: "louder", until: 1e15 }],
    claims: () => [claim("old"), claim("new", { used: UNUSED_MS })],
    removeBan: (subject) => void removed.push(subject),
    removeMute: (name) => void removed.push(name),
    removeClaim: (key) => void removed.push(key),
  };
  const moderation = new ModerationStore(records, () => UNUSED_MS);
  assertEquals(removed, ["eve", "loud", "old"]);
  assertEquals(moderation.bans.list(UNUSED_MS).map(({ subject }) => subject), ["mallory"]);
  assert(moderation.mutes.has("louder") && !moderation.mutes.has("loud"));
  assertEquals(moderation.claims.list().map(({ key }) => key), ["new"]);
});

Deno.test("What a failing disk cannot store is refused; only bans and mutes are in force all the same", () => {
  const full = failure("storage_full", () => "full");
  const fails = () => full;
  const records: ModerationRecords = {
    ...NO_MODERATION_RECORDS,
    bans: () => [{ subject: "mallory", until: Infinity, reason: "" }],
    mutes: () => [{ name: "loud", until: Infinity }],
    claims: () => [claim("mine")],
    ...{ addBan: fails, addMute: fails, addClaim: fails },
    ...{ removeBan: fails, removeMute: fails, removeClaim: fails },
  };
  const moderation = new ModerationStore(records, () => 1);
  assertStrictEquals(moderation.ban({ subject: "eve", until: Infinity, reason: "" }).unkept, full);
  assert(moderation.bans.find("eve", 1));
  assertStrictEquals(moderation.mute({ name: "bob", until: Infinity }), full);
  assert(moderation.mutes.has("bob"));
  assertStrictEquals(moderation.putClaim(claim("other")), full);
  assertStrictEquals(moderation.claims.get("other"), undefined);
  assertStrictEquals(moderation.unban("mallory"), full);
  assertStrictEquals(moderation.unmute("loud"), full);
  assertStrictEquals(moderation.removeClaim("mine"), full);
  assert(
    moderation.bans.find("mallory", 1) && moderation.mutes.has("loud") &&
      moderation.claims.get("mine"),
  );
  assertStrictEquals(moderation.unban("nobody"), "none");
  assertStrictEquals(moderation.unmute("nobody"), "none");
});

Deno.test("While another program has a lock, bans are stored later and claims are refused (O8)", () => {
  using data = new DataDirectory();
  const store = data.open();
  const retries: (() => void)[] = [];
  const commits = new GroupCommit({
    transactions: store,
    soon: (settle) => settle(),
    retryLater: (retry) => retries.push(retry),
    most: 10,
  });
  const records = new SqliteModerationRecords(store, commits);
  assertStrictEquals(records.addMute({ name: "mallory", until: Infinity }), undefined);
  const other = new DatabaseSync(store.path);
  other.exec("BEGIN IMMEDIATE");
  assertStrictEquals(records.addBan({ subject: "eve", until: Infinity, reason: "x" }), undefined);
  assertStrictEquals(records.addClaim(claim("ann"))?.code, "storage_failed");
  assertStrictEquals(records.removeMute("mallory")?.code, "storage_failed");
  other.exec("ROLLBACK");
  other.close();
  retries.shift()?.();
  assertEquals(records.bans().map(({ subject }) => subject), ["eve"]);
  assertEquals(records.claims(), []);
  assertStrictEquals(records.mutes().length, 1);
});
