// Where a check listens for clients: as it is typed, and as it is told. Pure.

import type { Problem } from "../../protocol/problem.ts";
import type { Endpoint } from "./client_driver.ts";

/** `unix(7)`: sun_path has 108 bytes. */
const MAX_PATH_BYTES = 100;

/** The place that PORT, HOST:PORT or unix:PATH names; port 0 is any free one. */
export function parseEndpoint(text: string): Endpoint | Problem {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "") return { error: `No path in "${text}": expected unix:PATH` };
    if (new TextEncoder().encode(path).length <= MAX_PATH_BYTES) return { kind: "unix", path };
    const most = `a Unix socket's may have ${MAX_PATH_BYTES} bytes`;
    return { error: `Choose a shorter path than "${path}": ${most}` };
  }
  const [, host, port] = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    return { error: `Cannot listen at "${text}": expected PORT, HOST:PORT or unix:PATH` };
  }
  const bare = host?.replace(/^\[|\]$/g, "") ?? "127.0.0.1";
  return { kind: "tcp", host: bare, port: Number(port) };
}

/** The place as a person writes it: `127.0.0.1:4000`, `unix:/tmp/soquette`. */
export function endpointText(meeting: Endpoint): string {
  if (meeting.kind === "unix") return `unix:${meeting.path}`;
  return `${meeting.host.includes(":") ? `[${meeting.host}]` : meeting.host}:${meeting.port}`;
}
