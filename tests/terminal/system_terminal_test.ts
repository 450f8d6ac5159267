import { assertStrictEquals } from "@std/assert";
import { systemTerminal } from "../../terminal/system_terminal.ts";

const MODULE = new URL("../../terminal/system_terminal.ts", import.meta.url).href;

/** Runs code in another process, whose output is a pipe; `io` is its terminal. */
function run(code: string): Deno.ChildProcess {
  const program =
    `import { systemTerminal } from "${MODULE}"; const io = systemTerminal(); ${code}`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("systemTerminal().write() writes all of a text larger than a pipe holds", async () => {
  const { code, stdout } = await run(`io.write("é".repeat(500_000));`).output();
  assertStrictEquals(code, 0);
  assertStrictEquals(new TextDecoder().decode(stdout), "é".repeat(500_000));
});

Deno.test("systemTerminal().write() ignores a reader that has closed", async () => {
  // More than a pipe holds: however late the reader closes it, the writer is still writing.
  const child = run(`io.write("x".repeat(1_000_000)); Deno.exit(7);`);
  await child.stdout.cancel();
  const { code } = await child.status;
  await child.stderr.cancel();
  assertStrictEquals(code, 7);
});

Deno.test("systemTerminal() is 80 columns wide and can be left when there is no terminal", async () => {
  const { code, stdout, stderr } = await run(`
    io.setRaw(false);
    io.onResize(() => {})();
    io.write(String(io.columns()) + " " + await io.read(new Uint8Array(1)));`).output();
  assertStrictEquals(new TextDecoder().decode(stderr), "");
  assertStrictEquals(new TextDecoder().decode(stdout), "80 null");
  assertStrictEquals(code, 0);
});

Deno.test("systemTerminal().onResize() calls until it is stopped", async () => {
  if (Deno.build.os === "windows") return;
  let calls = 0;
  const seen = Promise.withResolvers<void>();
  const deadline = setTimeout(() => seen.reject(new Error("Cannot wait any longer")), 5000);
  const stop = systemTerminal().onResize(() => {
    calls += 1;
    seen.resolve();
  });
  Deno.kill(Deno.pid, "SIGWINCH");
  await seen.promise;
  clearTimeout(deadline);
  stop();
  assertStrictEquals(calls, 1);
});
