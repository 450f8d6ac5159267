import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { findProgram, lineBufferedCommand } from "../../check/find_program.ts";

Deno.test("findProgram() finds what a shell would run", () => {
  assertMatch(findProgram("sh", "/nowhere:/bin:/usr/bin") ?? "", /\/sh$/);
  assertStrictEquals(findProgram("sh", undefined), undefined);
  assertStrictEquals(findProgram("./deno.json", "/bin"), undefined, "not executable");
  assertStrictEquals(findProgram("/bin/no-such-program", "/bin"), undefined);
  assertStrictEquals(findProgram("/", "/bin"), undefined, "a directory");
});

Deno.test("lineBufferedCommand() runs the program through stdbuf where there is one", () => {
  const command = lineBufferedCommand(["sh", "-c", "exit"]) ?? [];
  const at = command.length - 3;
  assertMatch(command[at] ?? "", /\/sh$/);
  assertEquals(command.slice(at + 1), ["-c", "exit"]);
  if (at > 0) assertEquals([command[0]?.endsWith("/stdbuf"), command[1]], [true, "-oL"]);
  assertStrictEquals(lineBufferedCommand(["/no/such/program"]), undefined);
});
