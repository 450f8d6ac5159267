// Describes the machine of a measurement: processor, memory, kernel, versions. Reads /proc and runs
// programs.

/** A machine, without its name. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly deno: string;
}

/** This machine. */
export function thisMachine(): Machine {
  const model = /^model name\s*:\s*(.+)$/m.exec(readText("/proc/cpuinfo"))?.[1];
  return {
    processor: model ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    memoryGib: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    kernel: `${Deno.build.os} ${Deno.osRelease()}`,
    deno: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
  };
}

/** One line of text about `machine`. */
export function describeMachine(machine: Machine): string {
  const { processor, cores, memoryGib, kernel, deno } = machine;
  return `${processor}, ${cores} cores, ${memoryGib} GiB, ${kernel}, ${deno}`;
}

/** The version in the first line that a command prints. */
export async function versionOf(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args: [...args], stderr: "null" }).output();
  const line = new TextDecoder().decode(stdout).split("\n")[0] ?? "";
  return /\d+(?:\.\d+)+/.exec(line)?.[0] ?? line.trim();
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
