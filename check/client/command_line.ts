// The command of a checked client: the address put where it belongs, and wrong commands made from
// it. Pure, but for the look at the disk that finds a program.

import type { Problem } from "../../protocol/problem.ts";
import type { Endpoint } from "./client_driver.ts";

/** A program and its arguments as they are started. */
export interface ClientCommand {
  readonly program: string;
  readonly args: readonly string[];
}

const PLACEHOLDER = /\{(?:host|port|path)\}/;

/** A port that no address has: programs must say so instead of going on (R24, R55). */
const BAD_PORT = "99999";

/** The words of the command with the address in them; without a placeholder it goes to the end. */
export function commandWords(words: readonly string[], meeting: Endpoint): readonly string[] {
  const host = meeting.kind === "tcp" ? meeting.host : meeting.path;
  const port = meeting.kind === "tcp" ? String(meeting.port) : "";
  const path = meeting.kind === "unix" ? meeting.path : "";
  if (!words.some((word) => PLACEHOLDER.test(word))) {
    return meeting.kind === "tcp" ? [...words, host, port] : [...words, path];
  }
  return words.map((word) =>
    word.replaceAll("{host}", host).replaceAll("{port}", port).replaceAll("{path}", path)
  );
}

/** Why the command does not fit the place; undefined if it does. */
export function addressProblem(words: readonly string[], meeting: Endpoint): Problem | undefined {
  const asks = (placeholder: string) => words.some((word) => word.includes(placeholder));
  if (meeting.kind === "tcp" && asks("{path}")) {
    return { error: "{path} needs --listen unix:PATH" };
  }
  if (meeting.kind === "unix" && asks("{port}")) {
    return { error: "{port} needs --listen PORT or HOST:PORT" };
  }
  return undefined;
}

/** The words without the address and what follows it. */
export function withoutAddress(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => PLACEHOLDER.test(word));
  return at === -1 ? words : words.slice(0, at);
}

/** The words with a port that cannot be one; nothing where there is no port. */
export function withBadPort(
  words: readonly string[],
  meeting: Endpoint,
): readonly string[] | undefined {
  if (meeting.kind === "unix") return undefined;
  if (words.some((word) => word.includes("{port}"))) {
    return commandWords(words.map((word) => word.replaceAll("{port}", BAD_PORT)), meeting);
  }
  if (words.some((word) => PLACEHOLDER.test(word))) return undefined;
  return [...words, meeting.host, BAD_PORT];
}

/** Where a program is, as a shell would find it; nothing when it is nowhere. */
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
