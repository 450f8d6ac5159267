// Sheet 001 as the checks speak it: `@tous`, `@pseudo`, any layout of what is shown, and the way in
// which this server's clients get their names.

import type { ServerCheckTexts } from "../../texts/texts.ts";
import { utf8Bytes } from "../bytes.ts";
import type { DialectProbe } from "./dialect_probe.ts";
import {
  findJoining,
  FIRST_LINE,
  type FoundJoining,
  type Joining,
  joiningLines,
} from "./plain_joining.ts";
import { shownMessage } from "./plain_layout.ts";
import type { ProbeConnection } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

/** A server of sheet 001, of which the first check that needs a name finds out how names are given. */
export class PlainProbe implements DialectProbe {
  readonly received = shownMessage;
  #found: FoundJoining | undefined;
  readonly #wanted: Joining | undefined;

  /** `join`: the lines that give a client its name, with `{name}` in them (default: found out). */
  constructor(join?: string) {
    this.#wanted = join === undefined ? undefined : { kind: "typed", lines: join };
  }

  async settle(probe: ServerProbe): Promise<void> {
    this.#found ??= await findJoining(probe, this.say, this.#wanted);
  }

  /** How names are given, once it is found. */
  get joining(): Joining {
    return this.#found?.joining ?? { kind: "unknown" };
  }

  /** What the server says about its commands, one character for each byte. */
  get commands(): string {
    return `${this.#found?.greeting ?? ""}\n${this.#found?.help ?? ""}`;
  }

  /** How names are given, for the report; undefined if by the first line. */
  remark({ joinedBy }: ServerCheckTexts): string | undefined {
    const { joining } = this;
    if (joining.kind === "given") return joinedBy.server;
    if (joining.kind === "unknown" || joining.lines === FIRST_LINE) return undefined;
    return joinedBy.lines(joining.lines.replaceAll("\n", "\\n"));
  }

  hello(name: string): Uint8Array {
    const { joining } = this;
    if (joining.kind === "given") return new Uint8Array(0);
    return joiningLines(joining.kind === "typed" ? joining.lines : FIRST_LINE, name);
  }

  async identify(connection: ProbeConnection): Promise<void> {
    const { joining } = this;
    if (joining.kind !== "given") return;
    const [, name] = await connection.wait(() => joining.name.exec(connection.rest)) ?? [];
    if (name !== undefined) connection.rename(name);
  }

  say(text: string): Uint8Array {
    return utf8Bytes(`@tous ${text}\n`);
  }

  expectedText(text: string, from: string, { expected }: ServerCheckTexts): string {
    return expected.plain.line(from, text);
  }

  missingReason(rest: string, text: string, { hints }: ServerCheckTexts): string | undefined {
    const isUnnamed = this.joining.kind === "unknown" && shownMessage(text).test(rest);
    return isUnnamed ? hints.plain.nameNotFound : undefined;
  }
}
