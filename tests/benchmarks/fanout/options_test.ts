import assert from "node:assert/strict";
import { parseOptions } from "../../../benchmarks/fanout/options.ts";

Deno.test("parseOptions() measures everything in three rounds by default", () => {
  const options = parseOptions([]);
  assert.ok(options !== "help" && !("error" in options));
  assert.equal(options.rounds, 3);
  assert.deepEqual(options.workloads, ["crowd", "mixed", "stream", "ping"]);
  assert.deepEqual(options.servers, ["minichat", "disk", "c", "redis", "nats", "ngircd"]);
  assert.equal(options.format, "text");
});

Deno.test("parseOptions() takes a choice in the order of the tables; quick is one round", () => {
  const options = parseOptions(["--only", "ping,crowd", "--servers", "c,minichat", "--quick"]);
  assert.ok(options !== "help" && !("error" in options));
  assert.deepEqual(options.workloads, ["crowd", "ping"]);
  assert.deepEqual(options.servers, ["minichat", "c"]);
  assert.equal(options.rounds, 1);
});

Deno.test("parseOptions() refuses names and numbers it does not know, with one error message", () => {
  const problems = [["--only", "mob"], ["--servers", "c,,"], ["--rounds", "0"], ["--rounds", "x"]]
    .map((args) => parseOptions(args));
  assert.deepEqual(problems, [
    { error: 'Choose from crowd, mixed, stream, ping: "mob"' },
    { error: 'Choose from minichat, disk, c, redis, nats, ngircd: ""' },
    { error: 'Give --rounds a number from 1 to 20: "0"' },
    { error: 'Give --rounds a number from 1 to 20: "x"' },
  ]);
});
