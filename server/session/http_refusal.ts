// What a request of HTTP gets on a port of the chat: a response of HTTP that says what this is and
// how to join (J10); nothing of it reaches the chat (A2). Pure.

import type { Texts } from "../../texts/texts.ts";
import { encodeResponse, type HttpRequest } from "../metrics/http.ts";

const ENCODER = new TextEncoder();

/** The response to the request whose first line begins with `line`. */
export function httpRefusal(
  line: string,
  { refusals }: Pick<Texts, "refusals">,
): Uint8Array<ArrayBuffer> {
  const [method = "", target = ""] = line.split(" ");
  const request = { method, path: target.replace(/\?.*$/s, ""), accept: "" };
  const response = { status: statusFor(request), type: "text/plain; charset=utf-8" } as const;
  return ENCODER.encode(encodeResponse({ ...response, body: refusals.httpPage }, request));
}

function statusFor({ method, path }: HttpRequest): 200 | 404 | 405 {
  if (method !== "GET" && method !== "HEAD") return 405;
  return path === "/" ? 200 : 404;
}
