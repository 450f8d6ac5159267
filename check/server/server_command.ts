// The command that starts a server under check: puts the address in, and makes commands that the
// server should refuse. Pure.

import type { Address } from "../../client/dial.ts";

/** What is put in for `{host}`, `{port}` and `{path}`. */
export interface GivenAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A wrong command: without the address, or with a word or a number that is no port. */
export type WrongUse = "no-address" | "no-number" | "no-port";

const PLACEHOLDER = /\{(?:host|port|path)\}/;
/** A port that is no number, and one out of range. */
const WRONG_PORTS = { "no-number": "abc", "no-port": "99999" } as const;

/** The command, and where the server should listen; undefined if the command does not say. */
export function commandFor(
  words: readonly string[],
  { host, port, path }: GivenAddress,
): { readonly command: readonly string[]; readonly wanted: Address | undefined } {
  const takes = (placeholder: string) => words.some((word) => word.includes(placeholder));
  const command = words.map((word) =>
    word.replaceAll("{host}", host).replaceAll("{port}", String(port)).replaceAll("{path}", path)
  );
  if (takes("{path}")) return { command, wanted: { kind: "unix", path } };
  if (takes("{port}")) return { command, wanted: { kind: "tcp", host, port } };
  return { command, wanted: undefined };
}

/** Whether the command says on which port the server listens. */
export function takesPort(words: readonly string[]): boolean {
  return words.some((word) => word.includes("{port}"));
}

/** A command that the server should refuse; undefined if its command has no such part. */
export function wrongCommand(
  words: readonly string[],
  use: WrongUse,
): readonly string[] | undefined {
  if (use !== "no-address") {
    if (!takesPort(words)) return undefined;
    const wrong = words.map((word) => word.replaceAll("{port}", WRONG_PORTS[use]));
    return commandFor(wrong, { host: "127.0.0.1", port: 0, path: "" }).command;
  }
  const at = words.findIndex((word) => PLACEHOLDER.test(word));
  return at === -1 ? undefined : words.slice(0, at);
}
