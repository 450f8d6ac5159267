// Programs that are hostile to a check, or clumsy: each ends in bounded time, and nothing that
// comes from it is left.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { IsolatedProcess } from "../../check/isolated_process.ts";
import { listProcesses, processRow } from "../../check/process_table.ts";
import { PROGRAM_LIMITS, type ProgramLimits } from "../../check/program_limits.ts";

/** What a program did until it was ended. */
interface Run {
  readonly program: IsolatedProcess;
  output(): string;
  readonly printed: () => number;
}

async function withShell(
  script: string,
  test: (run: Run) => Promise<void>,
  limits: Partial<ProgramLimits> = {},
): Promise<void> {
  let [output, printed] = ["", 0];
  const program = new IsolatedProcess({
    words: ["/bin/sh", "-c", script],
    limits: { ...PROGRAM_LIMITS, ...limits },
    onOutput: (_stream, bytes) => {
      printed += bytes.length;
      output = (output + new TextDecoder().decode(bytes)).slice(-10_000);
    },
  });
  try {
    await test({ program, output: () => output, printed: () => printed });
  } finally {
    assert(await program.end(100));
    assertStrictEquals(processRow(program.pid), undefined);
  }
}

/** Whether a process `sleep SECONDS` runs; each test has a number of its own. */
function sleeps(seconds: number): boolean {
  return listProcesses().some(({ pid }) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/cmdline`) === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  for (let left = 500; left > 0 && !holds(); left--) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert(holds());
}

Deno.test("IsolatedProcess has a session of its own, and describes how the program ended", () =>
  withShell('echo "out"; echo "first" >&2; echo "last" >&2; kill -SEGV $$', async (run) => {
    const exit = await run.program.ended(5_000);
    assertEquals(exit, { code: 139, signal: "SIGSEGV" });
    assertStrictEquals(run.program.lastErrors, "first\nlast\n");
    assertMatch(run.output(), /out/);
  }));

Deno.test("IsolatedProcess writes to a program, and ends its input", () =>
  withShell('read x; echo "<$x>"; cat >/dev/null; exit 4', async ({ program, output }) => {
    await program.write(new TextEncoder().encode("hi\n"), 1_000);
    await until(() => output() === "<hi>\n");
    assertStrictEquals(program.exit, undefined);
    await program.endInput(1_000);
    assertEquals(await program.ended(5_000), { code: 4, signal: null });
  }));

Deno.test("IsolatedProcess does not wait for a process that lives on and holds the output", async () => {
  await withShell("setsid sleep 98701 & exit 3", async ({ program }) => {
    await until(() => sleeps(98_701));
    const before = performance.now();
    assertEquals(await program.ended(60_000), { code: 3, signal: null });
    assert(performance.now() - before < 10_000);
  });
  assert(!sleeps(98_701), "it was killed");
});

Deno.test("IsolatedProcess kills what has left its session, its parent gone", async () => {
  await withShell("(setsid sh -c 'sleep 98702 & exit' &); sleep 98703", async () => {
    await until(() => sleeps(98_702) && sleeps(98_703));
  });
  assert(!sleeps(98_702) && !sleeps(98_703));
});

Deno.test("IsolatedProcess kills what ignores SIGTERM, SIGINT and SIGHUP", async () => {
  await withShell("trap '' TERM INT HUP; echo up; sleep 98704; sleep 98705", async (run) => {
    await until(() => run.output() === "up\n");
  });
  assert(!sleeps(98_704) && !sleeps(98_705));
});

Deno.test("IsolatedProcess ends a program that prints without end, on either stream", async () => {
  for (const redirection of ["", ">&2"]) {
    await withShell(`yes ${redirection}`, async ({ program, printed }) => {
      const exit = await program.ended(20_000);
      assertStrictEquals(exit?.passed, "outputBytes");
      assertStrictEquals(exit?.signal, "SIGKILL");
      assert(printed() <= 1_000_000);
    }, { outputBytes: 1_000_000 });
  }
});

Deno.test("IsolatedProcess ends a program that uses too much memory", () =>
  withShell("x=yy; while :; do x=$x$x; done", async ({ program }) => {
    const exit = await program.ended(20_000);
    assertStrictEquals(exit?.passed, "memoryBytes");
  }, { memoryBytes: 60_000_000 }));

Deno.test("IsolatedProcess ends a program that starts too many processes", async () => {
  const script = "i=0; while [ $i -lt 60 ]; do sleep 98706 & i=$((i+1)); done; wait";
  await withShell(script, async ({ program }) => {
    const exit = await program.ended(20_000);
    assertStrictEquals(exit?.passed, "processes");
  }, { processes: 30 });
  assert(!sleeps(98_706));
});

Deno.test("IsolatedProcess lets a program with some children and some memory be", () =>
  withShell("for i in 1 2 3; do sleep 98707 & done; sleep 0.7; exit 5", async ({ program }) => {
    assertEquals(await program.ended(20_000), { code: 5, signal: null });
    assertStrictEquals(program.processes().length, 3);
  }));

Deno.test("IsolatedProcess gives a program no more descriptors than it needs, and no core file", () =>
  withShell("ulimit -Hn; ulimit -c", async ({ program, output }) => {
    await program.ended(5_000);
    const [descriptors, core] = output().split("\n").map(Number);
    assert((descriptors ?? NaN) <= 4096);
    assertStrictEquals(core, 0);
  }));
