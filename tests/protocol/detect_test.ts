// detect(): first bytes of every kind, in every cut; never "more" once a line or the end has
// arrived.

import { EN } from "../../texts/en.ts";
import { assert, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import { DIALECTS } from "../../protocol/dialects.ts";
import { detect, type Detected } from "../../protocol/detect.ts";
import { MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import { bytes, cut, splits } from "./splits.ts";

/** The dialect's name, the code of the refusal, or "more". */
function verdict(detected: Detected): string {
  if (detected.kind === "dialect") return detected.dialect.name;
  return detected.kind === "refused" ? detected.failure.code : "more";
}

/**
 * What a session detects: asks again with every chunk until there is a verdict, at EOF for the last
 * time.
 */
function settled(chunks: readonly Uint8Array[]): string {
  let head = new Uint8Array(0);
  for (const chunk of chunks) {
    head = Uint8Array.from([...head, ...chunk]);
    const found = verdict(detect(head, false));
    if (found !== "more") return found;
  }
  return verdict(detect(head, true));
}

type Row = readonly [what: string, input: Uint8Array, found: string];

const REFUSED = "unsupported_protocol";

const LINES: readonly Row[] = [
  ["native", bytes('{"type":"hello"}\n'), "native"],
  ["a brace alone", bytes("{"), "native"],
  ["USER name", bytes("USER bob\n"), "usermsg"],
  ["USER name, CRLF", bytes("USER bob\r\nMSG hi\r\n"), "usermsg"],
  ["USER name at EOF", bytes("USER bob"), "usermsg"],
  ["USER with a name of two bytes a letter", bytes("USER Zoé\n"), "usermsg"],
  ["USER name with blanks around it", bytes("USER  bob \n"), "usermsg"],
  ["USER without a name", bytes("USER \n"), "usermsg"],
  ["USER and NUL (J2)", bytes("USER bob", 0, 0, "MSG hi", 0), "usermsg"],
  ["USER with two words", bytes("USER jean paul\n"), "usermsg"],
  ["the bare verbs", bytes("USER\n"), "usermsg"],
  ["MSG without USER", bytes("MSG x\n"), "usermsg"],
  ["MSG that speaks of HTTP", bytes("MSG x HTTP/1.1\n"), "usermsg"],
  ["MSG without text", bytes("MSG \n"), "usermsg"],
  ["lower case", bytes("user bob\n"), "plain"],
  ["words that only begin so", bytes("USERS\n"), "plain"],
  ["IRC: USER", bytes("USER a b c :d\r\n"), "unsupported_protocol"],
  ["IRC: USER, as clients really send it", bytes("USER bob 0 * :Bob B\n"), "unsupported_protocol"],
  ["IRC: CAP", bytes("CAP LS 302\r\nNICK bob\r\n"), "unsupported_protocol"],
  ["IRC: NICK", bytes("NICK bob\r\nUSER bob 0 * :B\r\n"), "unsupported_protocol"],
  ["NICK and MSG (J5)", bytes("NICK bob\nMSG hi\n"), "plain"],
  ["NICK and a text (J5)", bytes("NICK bob", 0, "hi", 0), "plain"],
  ["NICK alone (J5)", bytes("NICK bob\n"), "plain"],
  ["IRC: PASS", bytes("PASS secret\r\n"), "unsupported_protocol"],
  ["HTTP", bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "unsupported_protocol"],
  ["HTTP with a long path", bytes(`POST /${"x".repeat(600)} HTTP/1.1\r\n\r\n`), REFUSED],
  ["HTTP with a method of one's own", bytes("say /x HTTP/1.1\r\nHost: x\r\n"), REFUSED],
  ["HTTP with the method MSG", bytes("MSG /x HTTP/1.1\r\nHost: x\r\n"), REFUSED],
  ["HTTP to a proxy", bytes("CONNECT h:443 HTTP/1.1\r\n\r\n"), REFUSED],
  ["RTSP", bytes("OPTIONS / RTSP/1.0\r\n\r\n"), REFUSED],
  ["SIP", bytes("OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm\r\n"), REFUSED],
  ["PROXY, version 1", bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nUSER bob\r\n"), REFUSED],
  ["PROXY of a health check", bytes("PROXY UNKNOWN\r\n"), REFUSED],
  ["a word of a person about a proxy", bytes("PROXY TCP\n"), "plain"],
  ["a person who loves HTTP", bytes("I love HTTP/2\n"), "plain"],
  ["HTTP 0.9", bytes("GET /\r\n"), "unsupported_protocol"],
  ["HTTP POST", bytes("POST /x HTTP/1.0\r\n\r\n"), "unsupported_protocol"],
  ["HTTP/2", bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "unsupported_protocol"],
  ["SSH", bytes("SSH-2.0-OpenSSH_9.9\r\n"), "unsupported_protocol"],
  ["a name", bytes("alice\n"), "plain"],
  ["a name in capitals", bytes("BOB\n"), "plain"],
  ["hello", bytes("hello\n"), "etx"],
  ["hello NAME", bytes("hello bob\r\n"), "etx"],
  ["hello NAME and NUL (J2)", bytes("hello bob", 0, 0), "etx"],
  ["hello and CRLF, as people send it (J4)", bytes("hello\r\n"), "plain"],
  ["hello with a name of many bytes", bytes("hello Zoé_à\n"), "etx"],
  ["hello and blanks", bytes("hello  \n"), "etx"],
  ["hello and two words", bytes("hello dear world\n"), "plain"],
  ["hello without a line end (J1)", bytes("hello"), "etx"],
  ["hello NAME without a line end (J1)", bytes("hello bob"), "etx"],
  ["a word that begins so", bytes("helloo\n"), "plain"],
  ["half of it", bytes("hell\n"), "plain"],
  ["Hello", bytes("Hello\n"), "plain"],
  ["hello and telnet's CTRL-C", bytes("hello bob", 255, 244), "plain"],
  ["hello and telnet's bare return", bytes("hello\r", 0), "plain"],
  ["a command", bytes("/list\n"), "plain"],
  ["Enter alone", bytes("\n"), "plain"],
  ["CRLF alone", bytes("\r\n"), "plain"],
  ["raw text at EOF (D3)", bytes("mon premier message"), "plain"],
  ["UTF-8", bytes("Élise\n"), "plain"],
  ["Latin-1", bytes(0xc9, "lise\n"), "plain"],
  ["a name and CR (J9)", bytes("bob\r"), "plain"],
  ["a name and NULs (J2)", bytes("bob", 0, 0, 0), "plain"],
  ["telnet's options", bytes(255, 253, 1, 255, 251, 0x1f, "bob\r\n"), "plain"],
  ["telnet's CTRL-C", bytes(255, 244, 255, 253, 6), "plain"],
  ["telnet's bare return", bytes("bob\r", 0), "plain"],
  ["CTRL-D", bytes(4), "plain"],
  ["an arrow key", bytes("\x1b[A\n"), "plain"],
  ["a tab", bytes("\tbob\n"), "plain"],
  ["half a framed header", bytes(0, 0, 0, 0, 0, 0, 0, 0, 3, 0), "framed"],
  ["a framed registration, big-endian", bytes(0, 0, 0, 0, 0, 0, 0, 3, "bob"), "framed"],
  ["a framed message", bytes(1, 0, 0, 0, 2, 0, 0, 0, "hi"), "framed"],
  ["a framed length that no frame has", bytes(1, 0, 0, 0, 255, 255, 255, 255, 255), "framed"],
  ["NUL", bytes(0, "\n"), "not_text"],
  ["an int that is neither 0 nor 1", bytes(2, 0, 0, 0, 3, 0, 0, 0, "bob"), "not_text"],
  ["NUL and text", bytes(0, 0, "bob\n"), "not_text"],
  ["DEL", bytes(0x7f, "\n"), "plain"],
];

const N = "N".charCodeAt(0);

for (const [what, input, expected] of LINES) {
  Deno.test(`detect() finds the same at every split: ${what}`, () => {
    for (const chunks of splits(input)) {
      const shape = chunks.map((chunk) => chunk.length).join("+");
      assertStrictEquals(settled(chunks), expected, `cut ${shape}`);
    }
  });

  Deno.test(`detect() decides once a line or the end is there: ${what}`, () => {
    for (let length = 1; length <= input.length; length++) {
      const head = input.subarray(0, length);
      const open = verdict(detect(head, false));
      // A byte 0 begins a length, of which a line end is a part; after NICK the next line decides.
      const isText = expected !== "framed" && head[0] !== 0 && head[0] !== N;
      if (head.includes(0x0a) && isText) assertNotStrictEquals(open, "more");
      assertNotStrictEquals(verdict(detect(head, true)), "more");
      // An early verdict is final.
      if (open !== "more") assertStrictEquals(open, expected);
    }
  });
}

Deno.test("detect() takes hello for text where text is raw, or after a greeting (D3, J4)", () => {
  for (const text of ["hello", "hello bob"]) {
    assertStrictEquals(verdict(detect(bytes(text), true, { asksName: false })), "plain");
    assertStrictEquals(verdict(detect(bytes(text, "\n"), false, { asksName: false })), "etx");
    assertStrictEquals(verdict(detect(bytes(text, "\n"), false, { greeted: true })), "plain");
  }
  assertStrictEquals(verdict(detect(bytes("NICK bob\n"), false, { greeted: true })), "plain");
});

Deno.test("detect() takes NULs beside control characters for some other protocol's", () => {
  assertStrictEquals(verdict(detect(bytes("JRM", 0, 2, "K"), false)), "not_text");
  assertStrictEquals(verdict(detect(bytes("bob", 0, "\x1b[A", 0), false)), "plain");
});

Deno.test("detect() refuses TLS, however little of it has come (F12)", () => {
  const hello = bytes(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, "random\n");
  assertStrictEquals(verdict(detect(hello, false)), "unsupported_protocol");
  for (const chunks of splits(hello)) {
    assert(["unsupported_protocol", "not_text"].includes(settled(chunks)));
  }
});

/** Protocols in bytes, of which enough arrive in one read. */
const BINARY: readonly (readonly [name: string, head: Uint8Array])[] = [
  ["Java serialization", bytes(0xac, 0xed, 0, 5, "t", 0, 4, "carl")],
  ["Java RMI", bytes("JRMI", 0, 2, "K")],
  ["PROXY", bytes("\r\n\r\n\0\r\nQUIT\n", 0x21, 0x11, 0, 12)],
  ["SMB", bytes(0, 0, 0, 0xa4, 0xff, "SMB", 0x72)],
  ["SMB", bytes(0, 0, 0, 0xa4, 0xfe, "SMB", 0x40)],
  ["PostgreSQL", bytes(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f)],
  ["PostgreSQL", bytes(0, 0, 0, 0x54, 0, 3, 0, 0, "user", 0)],
  ["SOCKS", bytes(5, 1, 0)],
  ["RDP", bytes(3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 0, 0)],
  ["Redis", bytes("*1\r\n$4\r\nPING\r\n")],
  ["MQTT", bytes(0x10, 16, 0, 4, "MQTT", 4, 2)],
  ["X11", bytes("l", 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["NetWare", bytes("DmdT", 0, 0, 0, 0x17)],
  ["LANDesk", bytes("TNMP", 4, 0, 0, 0, "TNME")],
];

for (const [name, head] of BINARY) {
  Deno.test(`detect() refuses ${name} (J7)`, () => {
    for (const pinned of [undefined, ...DIALECTS]) {
      const detected = detect(head, false, { pinned });
      assert(detected.kind === "refused");
      assertStrictEquals(detected.protocol, name);
    }
  });
}

for (const pinned of DIALECTS) {
  Deno.test(`detect() refuses HTTP at every split where ${pinned.name} is pinned (A2)`, () => {
    for (const method of ["GET", "POST", "OPTIONS", "PRI", "MSG"]) {
      const input = bytes(`${method} / HTTP/1.1\r\nHost: x\r\n\r\nUSER evil\nMSG forged\n`);
      for (const chunks of splits(input)) {
        let head = new Uint8Array(0);
        let found: Detected = { kind: "more" };
        for (const chunk of chunks) {
          head = Uint8Array.from([...head, ...chunk]);
          if (found.kind === "more") found = detect(head, false, { pinned });
        }
        assert(found.kind === "refused", method);
        assertStrictEquals(found.protocol, "HTTP");
      }
    }
  });

  Deno.test(`detect() takes everything else for ${pinned.name} where it is pinned`, () => {
    for (const input of ["USER bob\n", "hello\n", "{", "bob\n", "\0\0\0\x03bob", "BOB\n", "\n"]) {
      const found = detect(bytes(input), false, { pinned });
      assert(found.kind === "dialect" && found.dialect === pinned, input);
    }
    assertStrictEquals(verdict(detect(bytes("BOB"), false, { pinned })), "more");
    assertStrictEquals(verdict(detect(bytes("BOB"), true, { pinned })), pinned.name);
  });
}

Deno.test("detect() says which protocol it is that is not served, and what to use (F12)", () => {
  for (
    const [name, input] of [
      ["TLS", "\x16\x03\x01\x02"],
      ["SSH", "SSH-"],
      ["HTTP", "GET / HTTP/1.1\r\n"],
      ["IRC", "NICK bob\r\nUSER bob 0 * :Bob\r\n"],
    ]
  ) {
    const detected = detect(bytes(input ?? ""), false);
    assert(detected.kind === "refused");
    assertStrictEquals(
      detected.failure.text(EN.refusals),
      `${name} is not served on this port: join with minichat connect, telnet or nc`,
    );
  }
});

Deno.test("detect() does not wait for a line end after a request that needs none", () => {
  for (const input of [bytes(4), bytes("bo", 255, 244), bytes("bob\r", 0), bytes("MSG x")]) {
    assertNotStrictEquals(verdict(detect(input, false)), "more");
  }
  assertStrictEquals(verdict(detect(bytes("bob"), false)), "more");
});

Deno.test("detect() waits for the first byte, and at EOF without one there is nothing to find", () => {
  assertStrictEquals(verdict(detect(new Uint8Array(0), false)), "more");
  assertStrictEquals(verdict(detect(new Uint8Array(0), true)), "more");
});

Deno.test("detect() refuses a first line that grows over the cap (F5)", () => {
  for (const start of ["USER ", "MSG", "alice", "GET /"]) {
    const head = bytes(start, "x".repeat(MAX_TEXT_LINE_BYTES + 1 - start.length));
    assertStrictEquals(verdict(detect(head, false)), "more", start);
    assertStrictEquals(verdict(detect(bytes(...head, "x"), false)), "line_too_long", start);
  }
});

Deno.test("detect() finds the same for any text and chunks, and always finds something", () => {
  const piece = fc.constantFrom(
    "USER ",
    "MSG ",
    "GET /",
    " HTTP/1.1",
    "NICK",
    " ",
    "\r",
    "\n",
    "x",
  );
  fc.assert(fc.property(
    fc.oneof(
      fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => bytes(...pieces)),
      fc.string({ unit: CODE_POINT, minLength: 1 }).map((text) => bytes(text)),
    ),
    fc.array(fc.nat(40)),
    (input, places) => {
      const whole = settled([input]);
      assertNotStrictEquals(whole, "more");
      assertStrictEquals(settled(cut(input, places)), whole);
    },
  ));
});
