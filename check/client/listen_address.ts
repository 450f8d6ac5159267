// The endpoint where a check listens for clients: parsed from `--listen`, and as text. Pure.

import type { Problem } from "../../protocol/problem.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Endpoint } from "./client_driver.ts";

/** Longest path of a Unix socket; sun_path has 108 bytes (unix(7)). */
const MAX_PATH_BYTES = 100;

/** Parses PORT, HOST:PORT or unix:PATH; port 0 is any free port. */
export function parseEndpoint(text: string, { command }: ClientCheckTexts): Endpoint | Problem {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "") return { error: command.noPath(text) };
    if (new TextEncoder().encode(path).length <= MAX_PATH_BYTES) return { kind: "unix", path };
    return { error: command.longPath(path, MAX_PATH_BYTES) };
  }
  const [, host, port] = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    return { error: command.badPlace(text) };
  }
  const bare = host?.replace(/^\[|\]$/g, "") ?? "127.0.0.1";
  return { kind: "tcp", host: bare, port: Number(port) };
}

/** `127.0.0.1:4000`, `[::1]:4000`, `unix:/tmp/soquette`. */
export function endpointText(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") return `unix:${endpoint.path}`;
  return `${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
}
