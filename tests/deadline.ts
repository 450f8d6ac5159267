// Preloaded by the test tasks: gives each test a deadline, after which it fails and the next one
// runs, even if it loops. A test with a `timeout` of its own has that one.

/**
 * Deadline of a test of the gate, in milliseconds: many times what a test takes on a busy machine.
 */
const QUICK_MS = 60_000;
/** Deadline of a test in a file that ends in `_slow_test.ts`, or is in interop/, in milliseconds. */
const SLOW_MS = 300_000;
const SLOW = /(_slow_test\.ts|\/tests\/interop\/\w+\.ts):\d+:\d+$/;

/**
 * The property of a test's function in which `Deno.test()` looks for the test's place in the
 * source.
 */
const LOCATION = Symbol.for("Deno.test.location");

type Run = Deno.TestDefinition["fn"];
type Options = Omit<Deno.TestDefinition, "fn" | "name">;

const register = Deno.test;

function test(
  first: string | Deno.TestDefinition,
  second: Run | Options = {},
  third?: Run,
): void {
  const place = new Error().stack?.split("\n")[2]?.match(/(file:\S+:\d+:\d+)\)?$/)?.[1] ?? "";
  const timeout = SLOW.test(place) ? SLOW_MS : QUICK_MS;
  const definition: Deno.TestDefinition = typeof first !== "string"
    ? first
    : typeof second === "function"
    ? { name: first, fn: second }
    : { ...second, name: first, fn: third as Run };
  const { fn } = definition;
  const run: Run = (context) => fn(context);
  register({ timeout, ...definition, fn: Object.assign(run, { [LOCATION]: place }) });
}

Object.assign(Deno, { test: Object.assign(test, register) });
