// One command builds the program, and the executable needs no other file (R101).

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { VERSION } from "../../cli/version.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

async function run(command: string, args: string[], options: Deno.CommandOptions = {}) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, ...options }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("deno task compile builds one file that runs without Deno and Node (R101)", async () => {
  const built = await run(Deno.execPath(), ["task", "--quiet", "compile"], { cwd: ROOT });
  assertStrictEquals(built.code, 0, built.stderr);
  const alone = Deno.makeTempDirSync({ prefix: "minichat-" });
  try {
    const program = `${alone}/minichat`;
    Deno.copyFileSync(`${ROOT}dist/minichat`, program);
    const bare = { clearEnv: true, cwd: alone };
    const version = await run(program, ["--version"], bare);
    assertEquals([version.code, version.stdout.trim()], [0, `minichat ${VERSION}`]);
    const explained = await run(program, ["explain", "usermsg"], bare);
    assertMatch(explained.stdout, /^`usermsg`: sheet 004$/m); // the documents are in it
  } finally {
    Deno.removeSync(alone, { recursive: true });
  }
});
