// `minichat check --listen` counts the writes of a client of sheet 000 with strace, where it is
// installed (R11).

import { assertMatch } from "@std/assert";
import { findProgram } from "../../check/find_program.ts";
import { makeWorld, runProgram } from "../harness.ts";

/** Header and text in one write, or in two; each printf of the shell is a write. */
function client(send: string): string {
  return [
    'exec 3<>"/dev/tcp/$0/$1"; read -r name',
    String.raw`header() { printf '\\%o\\0\\0\\0\\0\\0\\0\\0\\%o\\0\\0\\0\\0\\0\\0\\0' "$1" "`,
  ].join("\n") + '${#2}"; }\n' + [
    `send() { ${send}; }`,
    'send 0 "$name"; cat <&3 & while read -r line; do send 1 "$line"; done',
  ].join("\n");
}

const ONE_WRITE = 'printf "$(header "$1" "$2")%s" "$2" >&3';
const TWO_WRITES = 'printf "$(header "$1" "$2")" >&3; printf %s "$2" >&3';

for (
  const [kind, frame, expected] of [
    ["one write", ONE_WRITE, /^ok {4}one-write /m],
    ["two writes", TWO_WRITES, /2 (?:writes|packets) for one frame/],
  ] as const
) {
  Deno.test({
    name: `check --listen sees ${kind} of a frame`,
    ignore: findProgram("strace", Deno.env.get("PATH")) === undefined,
    async fn() {
      using world = makeWorld();
      const { stdout } = await runProgram(world, [
        ...["check", "--listen", "127.0.0.1:0", "--dialect", "framed", "--timeout", "3"],
        ...["--only", "sends", "--only", "one-write", "--", "bash", "-c", client(frame)],
      ]);
      assertMatch(stdout, expected);
    },
  });
}
