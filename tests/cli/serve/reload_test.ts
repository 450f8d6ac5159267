import { assertEquals } from "@std/assert";
import { Reloads } from "../../../cli/serve/reload.ts";
import { EN } from "../../../texts/en.ts";
import type { LogEntry } from "../../../server/server_options.ts";

Deno.test("Reloads.run() reloads every part in order and logs each result", async () => {
  const log: LogEntry[] = [];
  const notices: string[] = [];
  const reloads = new Reloads({
    log: (entry) => log.push(entry),
    notify: (text) => notices.push(text),
    texts: EN.serve,
  });
  const order: string[] = [];
  reloads.onReload("first", () => Promise.resolve(void order.push("first")));
  reloads.onReload("broken", () => Promise.resolve({ error: "Not a file" }));
  reloads.onReload("faulty", () => Promise.reject(new Error("Not expected")));
  const state = () => `now ${order.length}`;
  reloads.onReload("last", () => Promise.resolve(void order.push("last")), state);
  await reloads.run();
  assertEquals(order, ["first", "last"]);
  assertEquals(log.map(({ what, details }) => ({ what, ...details })), [
    { what: "reloaded", name: "first" },
    { what: "reload_failed", name: "broken", problem: "Not a file" },
    { what: "reload_failed", name: "faulty", problem: "Not expected" },
    { what: "reloaded", name: "last" },
  ]);
  assertEquals(notices, [
    "Reloaded: first",
    "Not reloaded, broken as before: Not a file",
    "Not reloaded, faulty as before: Not expected",
    "Reloaded: last now 2",
  ]);
});

Deno.test("Reloads.run() begins a reload after the one in progress", async () => {
  const reloads = new Reloads({ log: () => {}, notify: () => {}, texts: EN.serve });
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
  assertEquals(order, ["begins", "ends", "begins", "ends"]);
});
