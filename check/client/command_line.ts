// The command that starts a client: puts the address in, and makes commands with wrong arguments.
// Pure.

import type { Problem } from "../../protocol/problem.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Endpoint } from "./client_driver.ts";

const PLACEHOLDER = /\{(?:host|port|path)\}/;

const NAME_PLACEHOLDER = "{name}";

/** A port out of range: programs must refuse it (R24, R55). */
const BAD_PORT = "99999";

/** Whether the command says where the name belongs. */
export function hasNamePlaceholder(words: readonly string[]): boolean {
  return words.some((word) => word.includes(NAME_PLACEHOLDER));
}

/** Replaces the placeholders; without one for the address, host and port (or the path) are added at the end. */
export function commandWords(
  template: readonly string[],
  endpoint: Endpoint,
  name: string,
): readonly string[] {
  const words = template.map((word) => word.replaceAll(NAME_PLACEHOLDER, name));
  const host = endpoint.kind === "tcp" ? endpoint.host : endpoint.path;
  const port = endpoint.kind === "tcp" ? String(endpoint.port) : "";
  const path = endpoint.kind === "unix" ? endpoint.path : "";
  if (!words.some((word) => PLACEHOLDER.test(word))) {
    return endpoint.kind === "tcp" ? [...words, host, port] : [...words, path];
  }
  return words.map((word) =>
    word.replaceAll("{host}", host).replaceAll("{port}", port).replaceAll("{path}", path)
  );
}

/** Why the placeholders do not fit the endpoint; undefined if they do. */
export function addressProblem(
  words: readonly string[],
  endpoint: Endpoint,
  { command }: ClientCheckTexts,
): Problem | undefined {
  const asks = (placeholder: string) => words.some((word) => word.includes(placeholder));
  if (endpoint.kind === "tcp" && asks("{path}")) {
    return { error: command.pathNeedsUnix };
  }
  if (endpoint.kind === "unix" && asks("{port}")) {
    return { error: command.portNeedsTcp };
  }
  return undefined;
}

/** The words before the first placeholder, or all words. */
export function withoutAddress(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => PLACEHOLDER.test(word));
  return at === -1 ? words : words.slice(0, at);
}

/** The command with a port out of range; undefined if it takes no port. */
export function withBadPort(
  words: readonly string[],
  endpoint: Endpoint,
): readonly string[] | undefined {
  if (endpoint.kind === "unix") return undefined;
  if (words.some((word) => word.includes("{port}"))) {
    return commandWords(words.map((word) => word.replaceAll("{port}", BAD_PORT)), endpoint, "ana");
  }
  if (words.some((word) => PLACEHOLDER.test(word))) return undefined;
  return [...words, endpoint.host, BAD_PORT];
}
