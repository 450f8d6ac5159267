// The table of dialects, and the properties of each row that the rest of the program relies on.

import { assertEquals, assertMatch, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { BlockWriter } from "../../protocol/block.ts";
import type { Capabilities, ClientCodecOptions, Dialect } from "../../protocol/dialect.ts";
import { DIALECT_NAMES, dialectNamed, DIALECTS, unknownDialect } from "../../protocol/dialects.ts";
import type { Request } from "../../protocol/requests.ts";
import { bytes } from "./splits.ts";

Deno.test("DIALECTS has each dialect once, found by its name, with a line of help", () => {
  assertEquals(DIALECT_NAMES, ["native", "framed", "usermsg", "etx", "plain"]);
  for (const dialect of DIALECTS) {
    assertStrictEquals(dialectNamed(dialect.name), dialect);
    assertMatch(dialect.summary, /^\S.*\S$/);
  }
  const sheets = ["000", "001", "002", "003", "004"].map((sheet) => dialectNamed(sheet)?.name);
  assertEquals(sheets, ["framed", "plain", "plain", "etx", "usermsg"]);
  assertStrictEquals(dialectNamed("005"), undefined);
  assertStrictEquals(dialectNamed("Native"), undefined);
  assertStrictEquals(dialectNamed("toString"), undefined);
});

Deno.test("unknownDialect() proposes the closest name, or lists all", () => {
  assertStrictEquals(unknownDialect("usrmsg"), 'No such dialect: "usrmsg", did you mean usermsg?');
  assertStrictEquals(unknownDialect("ETX"), 'No such dialect: "ETX", did you mean etx?');
  assertMatch(unknownDialect("klingon"), /expected one of native, framed, .*number: 000, 001/);
});

Deno.test("The last of DIALECTS takes any whole line, so that no client falls through", () => {
  const last = DIALECTS.at(-1);
  for (const line of ["\n", "{\n", "USER bob\n", "\xff\n"]) {
    assertStrictEquals(last?.detect(bytes(line), false), "yes");
  }
  assertStrictEquals(last?.detect(bytes("x"), true), "yes");
});

Deno.test("DIALECTS says which dialects echo, and which can refuse a name", () => {
  const traits = DIALECTS.map(({ name, echo, canRefuseName, confirms }) => ({
    ...{ name, echo, canRefuseName, confirms },
  }));
  assertEquals(traits, [
    { name: "native", echo: true, canRefuseName: true, confirms: false }, // D5
    { name: "framed", echo: true, canRefuseName: false, confirms: true }, // D5, D6
    { name: "usermsg", echo: false, canRefuseName: false, confirms: false }, // D5, D6
    { name: "etx", echo: false, canRefuseName: false, confirms: false }, // D5; its answer to hello says the name
    { name: "plain", echo: false, canRefuseName: true, confirms: false },
  ]);
});

/** How many bytes the dialect's client writes for `request`; 0 if the dialect cannot express it. */
function written(dialect: Dialect, request: Request, options?: ClientCodecOptions): number {
  const out = new BlockWriter(256);
  out.begin();
  dialect.client(options).encoder.encode(request, out);
  const slice = out.end();
  return slice === undefined ? 0 : slice.end - slice.start;
}

for (const dialect of DIALECTS) {
  Deno.test(`The capabilities of ${dialect.name} are those its client can express`, () => {
    const hello = written(dialect, { verb: "hello" });
    const sent = (headerBytes: 16 | 8) =>
      written(dialect, { verb: "say", text: "1" }, { layout: { headerBytes, littleEndian: true } });
    const shown: Capabilities = {
      answers: written(dialect, { verb: "ping" }) > 0,
      goodbye: written(dialect, { verb: "bye" }) > 0,
      typedCommands: written(dialect, { verb: "command", word: "help", rest: "" }) > 0,
      resumes: written(dialect, { verb: "hello", resume: { session: "1", since: 1 } }) > hello,
      namesByLine: written(dialect, { verb: "hello", name: "1" }) ===
        written(dialect, { verb: "line", text: "1" }),
      provesInHello: written(dialect, { verb: "hello", passphrase: "1" }) > hello,
      headers: sent(16) > sent(8),
    };
    assertEquals(dialect.capabilities, shown);
  });
}

Deno.test("Connections with the same options share one encoder, or the fan-out would encode for each", () => {
  for (const dialect of DIALECTS) {
    for (const notices of [false, true]) {
      const options = { notices, asksName: true };
      assertStrictEquals(dialect.server(options).encoder, dialect.server(options).encoder);
      assertNotStrictEquals(dialect.server(options).decoder, dialect.server(options).decoder);
    }
  }
});
