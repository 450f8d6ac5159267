import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parseOptions } from "../../../benchmarks/fanout/options.ts";

Deno.test("parseOptions() measures everything in three rounds by default", () => {
  const options = parseOptions([]);
  assert(options !== "help" && !("error" in options));
  assertStrictEquals(options.rounds, 3);
  assertEquals(options.workloads, ["crowd", "mixed", "stream", "ping"]);
  assertEquals(options.servers, ["minichat", "disk", "c", "redis", "nats", "ngircd"]);
  assertStrictEquals(options.format, "text");
});

Deno.test("parseOptions() takes a choice in the order of the tables; quick is one round", () => {
  const options = parseOptions(["--only", "ping,crowd", "--servers", "c,minichat", "--quick"]);
  assert(options !== "help" && !("error" in options));
  assertEquals(options.workloads, ["crowd", "ping"]);
  assertEquals(options.servers, ["minichat", "c"]);
  assertStrictEquals(options.rounds, 1);
});

Deno.test("parseOptions() refuses names and numbers it does not know, with one error message", () => {
  const problems = [["--only", "mob"], ["--servers", "c,,"], ["--rounds", "0"], ["--rounds", "x"]]
    .map((args) => parseOptions(args));
  assertEquals(problems, [
    { error: 'Choose from crowd, mixed, stream, ping: "mob"' },
    { error: 'Choose from minichat, disk, c, redis, nats, ngircd: ""' },
    { error: 'Give --rounds a number from 1 to 20: "0"' },
    { error: 'Give --rounds a number from 1 to 20: "x"' },
  ]);
});
