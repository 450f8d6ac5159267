// Finds the program of a command as a shell does, and makes its output line-buffered.

/** The path of a program, searched as a shell does in `path` (`$PATH`); undefined if not found. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  if (name.includes("/")) return isProgram(name) ? name : undefined;
  const places = (path ?? "").split(":").filter((place) => place !== "");
  return places.map((place) => `${place}/${name}`).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/**
 * The command with the program's path. A C program buffers its output to a pipe until the buffer is
 * full: stdbuf(1), if there is one, makes it line-buffered. Undefined if there is no such program.
 */
export function lineBufferedCommand(words: readonly string[]): readonly string[] | undefined {
  const [program = "", ...args] = words;
  const path = Deno.env.get("PATH");
  const found = findProgram(program, path);
  if (found === undefined) return undefined;
  const unbuffer = findProgram("stdbuf", path);
  return unbuffer === undefined ? [found, ...args] : [unbuffer, "-oL", found, ...args];
}

/** Variables for a program under check: Python prints immediately, and no colours. */
export const PROGRAM_ENVIRONMENT = { PYTHONUNBUFFERED: "1", NO_COLOR: "1" };
