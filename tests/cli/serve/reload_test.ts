import assert from "node:assert/strict";
import { Reloads } from "../../../cli/serve/reload.ts";
import type { LogEntry } from "../../../server/server_options.ts";

Deno.test("Reloads.run() has every part read anew, in order, and logs how each fared", async () => {
  const log: LogEntry[] = [];
  const told: string[] = [];
  const reloads = new Reloads((entry) => log.push(entry), (text) => told.push(text));
  const order: string[] = [];
  reloads.onReload("first", () => Promise.resolve(void order.push("first")));
  reloads.onReload("broken", () => Promise.resolve("Not a file"));
  reloads.onReload("faulty", () => Promise.reject(new Error("Not expected")));
  const state = () => `now ${order.length}`;
  reloads.onReload("last", () => Promise.resolve(void order.push("last")), state);
  await reloads.run();
  assert.deepEqual(order, ["first", "last"]);
  assert.deepEqual(log.map(({ what, details }) => ({ what, ...details })), [
    { what: "reloaded", name: "first" },
    { what: "reload_failed", name: "broken", problem: "Not a file" },
    { what: "reload_failed", name: "faulty", problem: "Not expected" },
    { what: "reloaded", name: "last" },
  ]);
  assert.deepEqual(told, [
    "Read anew: first",
    "Not read anew, broken as before: Not a file",
    "Not read anew, faulty as before: Not expected",
    "Read anew: last now 2",
  ]);
});

Deno.test("Reloads.run() begins a reload behind the one under way", async () => {
  const reloads = new Reloads(() => {}, () => {});
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  reloads.onReload("slow", async () => {
    order.push("begins");
    await gate.promise;
    order.push("ends");
    return undefined;
  });
  const both = [reloads.run(), reloads.run()];
  gate.resolve();
  await Promise.all(both);
  assert.deepEqual(order, ["begins", "ends", "begins", "ends"]);
});
