import { assertEquals, assertStrictEquals } from "@std/assert";
import { commandFor, takesPort, wrongCommand } from "../../../check/server/server_command.ts";

const GIVEN = { host: "127.0.0.1", port: 4123, path: "/tmp/s" };

Deno.test("commandFor() puts the address in, and says where the server should listen", () => {
  assertEquals(commandFor(["./s", "{port}"], GIVEN), {
    command: ["./s", "4123"],
    wanted: { kind: "tcp", host: "127.0.0.1", port: 4123 },
  });
  assertEquals(commandFor(["./s", "--at={host}:{port}"], GIVEN).command, [
    "./s",
    "--at=127.0.0.1:4123",
  ]);
  assertEquals(commandFor(["./s", "-s", "{path}"], GIVEN), {
    command: ["./s", "-s", "/tmp/s"],
    wanted: { kind: "unix", path: "/tmp/s" },
  });
  assertEquals(commandFor(["./s", "8080"], GIVEN), {
    command: ["./s", "8080"],
    wanted: undefined,
  });
});

Deno.test("wrongCommand() leaves the address out, or gives one that is none", () => {
  const words = ["python3", "s.py", "-p", "{port}"];
  assertEquals(wrongCommand(words, "no-address"), ["python3", "s.py", "-p"]);
  assertEquals(wrongCommand(words, "no-number"), ["python3", "s.py", "-p", "abc"]);
  assertEquals(wrongCommand(words, "no-port"), ["python3", "s.py", "-p", "99999"]);
  assertEquals(wrongCommand(["./s", "{path}"], "no-address"), ["./s"]);
  assertStrictEquals(wrongCommand(["./s", "{path}"], "no-port"), undefined);
  assertStrictEquals(wrongCommand(["./s"], "no-address"), undefined);
  assertEquals([takesPort(words), takesPort(["./s", "{path}"])], [true, false]);
});
