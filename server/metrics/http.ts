// As much of HTTP/1.1 as two pages need: a request's head is read, a whole answer is made. Pure; one
// request a connection. Knows nothing of what the pages say.

/** A request's head, as far as it matters. */
export interface HttpRequest {
  readonly method: string;
  /** Without what is behind a `?`. */
  readonly path: string;
  /** The value of `Accept`, "" without one. */
  readonly accept: string;
}

/** An answer. */
export interface PageResponse {
  readonly status: 200 | 400 | 404 | 405 | 431 | 500 | 503;
  readonly type: string;
  readonly body: string;
}

/** A page's text, for a request of it. */
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

/** An answer of one line. */
export function lineResponse(status: PageResponse["status"], text: string): PageResponse {
  return { status, type: PLAIN, body: `${text}\n` };
}

/** Where a head ends in what was received; -1 while it has not. Bare LFs are accepted (RFC 9112, 2.2). */
export function headEnd(received: string): number {
  return /\r?\n\r?\n/.exec(received)?.index ?? -1;
}

/** The request of a head, or nothing when it is none. */
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

/** The bytes that answer a request: of the page at its path, or what is wrong with it. */
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

/** An answer with its head; to a HEAD, the head alone. */
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
