import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";

/** What a second copy of deadline.ts registers while `write` runs. */
async function registered(write: () => void): Promise<Deno.TestDefinition[]> {
  const definitions: Deno.TestDefinition[] = [];
  const { test } = Deno;
  Object.assign(Deno, { test: (definition: Deno.TestDefinition) => definitions.push(definition) });
  try {
    await import(new URL("deadline.ts?copy", import.meta.url).href);
    write();
  } finally {
    Object.assign(Deno, { test });
  }
  return definitions;
}

Deno.test("Each test gets a deadline, in whatever form it is written, unless it has its own", async () => {
  const fn = () => {};
  const definitions = await registered(() => {
    Deno.test("by name", fn);
    Deno.test("with options", { retry: 1 }, fn);
    Deno.test({ name: "with its own", timeout: 5, fn });
  });
  assertEquals(definitions.map(({ name, timeout, retry }) => [name, timeout, retry]), [
    ["by name", 60_000, undefined],
    ["with options", 60_000, 1],
    ["with its own", 5, undefined],
  ]);
  for (const { fn: run } of definitions) {
    const place = Reflect.get(run, Symbol.for("Deno.test.location"));
    assertMatch(place, /^file:.*\/tests\/deadline_test\.ts:\d+:\d+$/);
  }
});

Deno.test("All test tasks give the tests their deadlines", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  const commands = Object.values<{ command: string }>(tasks).map(({ command }) => command)
    .filter((command) => command.includes("deno test"));
  assertStrictEquals(commands.length, 3);
  for (const command of commands) assertMatch(command, / --preload=\.\/tests\/deadline\.ts /);
});
