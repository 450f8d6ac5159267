// The part of HTTP/1.1 that two pages need: parses the head of a request and formats a response.
// Pure; one request per connection.

/** The parts of a request's head that are used. */
export interface HttpRequest {
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** The value of `Accept`; "" if absent. */
  readonly accept: string;
}

/** A response, without its head. */
export interface PageResponse {
  readonly status: 200 | 400 | 404 | 405 | 431 | 500 | 503;
  readonly type: string;
  readonly body: string;
}

/** Builds the response of one page. */
export type HttpPage = (request: HttpRequest) => PageResponse;

const REASONS: Readonly<Record<PageResponse["status"], string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const PLAIN = "text/plain; charset=utf-8";

/** A response with one line of text. */
export function lineResponse(status: PageResponse["status"], text: string): PageResponse {
  return { status, type: PLAIN, body: `${text}\n` };
}

/**
 * Offset where the head ends in `received`; -1 if it is incomplete. Bare LFs are accepted (RFC
 * 9112, 2.2).
 */
export function headEnd(received: string): number {
  return /\r?\n\r?\n/.exec(received)?.index ?? -1;
}

/** The request of a head; undefined if it is malformed. */
export function parseHead(head: string): HttpRequest | undefined {
  const [first = "", ...fields] = head.split(/\r?\n/);
  const [, method, target] = /^([A-Z]{1,16}) (\S+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const path = target.startsWith("/") ? target.replace(/\?.*$/s, "") : URL.parse(target)?.pathname;
  if (path === undefined) return undefined;
  const accept = fields.filter((field) => /^accept:/i.test(field))
    .map((field) => field.slice("accept:".length).trim());
  return { method, path, accept: accept.join(",") };
}

/** Whether `Accept` asks for that media type by name. */
export function asksFor({ accept }: HttpRequest, type: string): boolean {
  return accept.split(",").some((range) => {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return name === type && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** The response to a request's head: the page at its path, or an error. */
export function respond(head: string, pages: ReadonlyMap<string, HttpPage>): string {
  const request = parseHead(head);
  if (request === undefined) {
    return encodeResponse(lineResponse(400, "This is no HTTP/1.1 request"));
  }
  const page = pages.get(request.path);
  if (page === undefined) {
    const known = [...pages.keys()].join(" and ");
    return encodeResponse(lineResponse(404, `There is nothing here: there are ${known}`), request);
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return encodeResponse(lineResponse(405, "GET and HEAD alone are answered"), request);
  }
  return encodeResponse(page(request), request);
}

/** A response with its head; the head alone for a HEAD request. */
export function encodeResponse(
  { status, type, body }: PageResponse,
  request?: HttpRequest,
): string {
  const length = new TextEncoder().encode(body).length;
  const fields = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    `Content-Type: ${type}`,
    `Content-Length: ${length}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    ...status === 405 ? ["Allow: GET, HEAD"] : [],
    "Connection: close",
  ];
  return `${fields.join("\r\n")}\r\n\r\n${request?.method === "HEAD" ? "" : body}`;
}
