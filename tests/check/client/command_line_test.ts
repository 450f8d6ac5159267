import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { endpointText, parseEndpoint } from "../../../check/client/listen_address.ts";
import {
  addressProblem,
  commandWords,
  withBadPort,
  withoutAddress,
} from "../../../check/client/command_line.ts";
import type { Endpoint } from "../../../check/client/client_driver.ts";
import { EN } from "../../../texts/en.ts";
import { quotedText } from "../../../check/client/encoded_text.ts";
import { withoutEscapes } from "../../../check/visible.ts";
import { crashText } from "../../../check/program_exit.ts";

const TEXTS = EN.clientChecks;
const TCP: Endpoint = { kind: "tcp", host: "127.0.0.1", port: 4000 };
const UNIX: Endpoint = { kind: "unix", path: "/tmp/soquette" };

Deno.test("commandWords() puts the address where it belongs, or at the end", () => {
  const words = ["./client", "-p{port}", "{host}", "ana"];
  assertEquals(commandWords(words, TCP, "ana"), ["./client", "-p4000", "127.0.0.1", "ana"]);
  assertEquals(commandWords(["./client"], TCP, "ana"), ["./client", "127.0.0.1", "4000"]);
  assertEquals(commandWords(["./client", "unix:{path}"], UNIX, "ana"), [
    "./client",
    "unix:/tmp/soquette",
  ]);
  assertEquals(commandWords(["./client"], UNIX, "ana"), ["./client", "/tmp/soquette"]);
});

Deno.test("addressProblem() names the --listen that a placeholder needs", () => {
  assertStrictEquals(
    addressProblem(["./c", "unix:{path}"], TCP, TEXTS)?.error,
    "{path} needs --listen unix:PATH",
  );
  assertStrictEquals(
    addressProblem(["./c", "{port}"], UNIX, TEXTS)?.error,
    "{port} needs --listen PORT or HOST:PORT",
  );
  assertStrictEquals(addressProblem(["./c", "{host}", "{port}"], TCP, TEXTS), undefined);
  assertStrictEquals(addressProblem(["./c", "{path}"], UNIX, TEXTS), undefined);
});

Deno.test("withoutAddress() drops the address and all words after it", () => {
  assertEquals(withoutAddress(["./client", "{host}", "{port}", "ana"]), ["./client"]);
  assertEquals(withoutAddress(["python3", "client.py"]), ["python3", "client.py"]);
});

Deno.test("withBadPort() has a port that cannot be one, where there is a port", () => {
  assertEquals(withBadPort(["./c", "{host}", "{port}"], TCP), ["./c", "127.0.0.1", "99999"]);
  assertEquals(withBadPort(["./c"], TCP), ["./c", "127.0.0.1", "99999"]);
  assertStrictEquals(withBadPort(["./c", "{host}"], TCP), undefined);
  assertStrictEquals(withBadPort(["./c", "{path}"], UNIX), undefined);
});

Deno.test("parseEndpoint() takes PORT, HOST:PORT and unix:PATH", () => {
  assertEquals(parseEndpoint("4000", TEXTS), TCP);
  assertEquals(parseEndpoint("[::1]:0", TEXTS), { kind: "tcp", host: "::1", port: 0 });
  assertEquals(parseEndpoint("unix:/tmp/soquette", TEXTS), UNIX);
  for (const wrong of ["", "host", "99999", "a:b:1", "unix:", `unix:/${"x".repeat(120)}`]) {
    assert("error" in parseEndpoint(wrong, TEXTS), wrong);
  }
  assertStrictEquals(endpointText({ kind: "tcp", host: "::1", port: 1 }), "[::1]:1");
  assertStrictEquals(endpointText(UNIX), "unix:/tmp/soquette");
});

Deno.test("crashText() distinguishes a crash from a normal end", () => {
  assertStrictEquals(
    crashText({ code: 1, signal: null }, "Cannot connect\n", TEXTS.exits),
    undefined,
  );
  assertStrictEquals(
    crashText({ code: 139, signal: "SIGSEGV" }, "", TEXTS.exits),
    "it was killed by SIGSEGV",
  );
  assertStrictEquals(crashText({ code: 130, signal: "SIGINT" }, "", TEXTS.exits), undefined);
  const trace = "Traceback (most recent call last):\n  ...\nBrokenPipeError: [Errno 32]\n";
  assertStrictEquals(
    crashText({ code: 1, signal: null }, trace, TEXTS.exits),
    "it crashed: BrokenPipeError: [Errno 32]",
  );
  const ended = trace.replace("BrokenPipeError: [Errno 32]", "SystemExit: 0");
  assertStrictEquals(crashText({ code: 0, signal: null }, ended, TEXTS.exits), undefined);
  assertStrictEquals(crashText({ code: 0, signal: null }, trace, TEXTS.exits) === undefined, false);
});

Deno.test("withoutEscapes() and quotedText() show what a person sees", () => {
  assertStrictEquals(
    withoutEscapes("\x1b[1;31mbob\x1b[0m: \x1b]0;title\x07hi\x1b[K\r"),
    "bob: hi\r",
  );
  assertStrictEquals(quotedText("a\n\0", TEXTS), '"a\\n\\0"');
  assertStrictEquals(quotedText("", TEXTS), "nothing");
});
