import { assert, assertStrictEquals } from "@std/assert";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";

function wants(env: Record<string, string>, isTerminal: boolean): boolean {
  return wantsColour({ get: (name) => env[name] }, isTerminal);
}

Deno.test("wantsColour() asks NO_COLOR, FORCE_COLOR, TERM and the terminal, in this order", () => {
  assertStrictEquals(wants({}, true), true);
  assertStrictEquals(wants({}, false), false);
  assertStrictEquals(wants({ NO_COLOR: "1", FORCE_COLOR: "1" }, true), false);
  assertStrictEquals(wants({ NO_COLOR: "" }, true), true);
  assertStrictEquals(wants({ FORCE_COLOR: "1", TERM: "dumb" }, false), true);
  assertStrictEquals(wants({ FORCE_COLOR: "0" }, true), false);
  assertStrictEquals(wants({ FORCE_COLOR: "false" }, true), false);
  assertStrictEquals(wants({ TERM: "dumb" }, true), false);
  assertStrictEquals(wants({ TERM: "xterm-256color" }, true), true);
});

Deno.test("terminalStyle() adds no codes unless it is enabled", () => {
  const style = terminalStyle({ enabled: false });
  assertStrictEquals(style.bold(style.red(style.name("alice"))), "alice");
});

Deno.test("terminalStyle() ends only what it began, so that styles nest", () => {
  const style = terminalStyle({ enabled: true });
  assertStrictEquals(style.bold(`a${style.red("b")}c`), "\x1b[1ma\x1b[31mb\x1b[39mc\x1b[22m");
  assertStrictEquals(style.dim(""), "");
});

Deno.test("Style.name() gives a name one colour for ever, never red, and spreads names", () => {
  const style = terminalStyle({ enabled: true });
  assertStrictEquals(style.name("alice"), terminalStyle({ enabled: true }).name("alice"));
  const colours = new Set<string>();
  for (let i = 0; i < 200; i += 1) {
    // deno-lint-ignore no-control-regex
    colours.add(/^\x1b\[(\d+)m/.exec(style.name(`user${i}`))?.[1] ?? "none");
  }
  assertStrictEquals(colours.size, 10);
  assert(!colours.has("31") && !colours.has("91") && !colours.has("none"));
});
