// TelnetFilter: every command of RFC 854 that telnet sends, in every cut.

import { assertEquals, assertStrictEquals, fail } from "@std/assert";
import fc from "../fast_check.ts";
import { TelnetFilter } from "../../protocol/telnet.ts";
import { bytes, cut, splits } from "./splits.ts";

const [IAC, SE, IP, SB, WILL, WONT, DO, DONT, XEOF] = [255, 240, 244, 250, 251, 252, 253, 254, 236];

/** What a filter reports. */
interface Filtered {
  /** As Latin-1. */
  readonly text: string;
  /** How often the user leaves. */
  readonly quits: number;
  readonly marks: number;
  readonly replies: readonly (readonly (number | string)[])[];
}

function filter(chunks: readonly Uint8Array[]): Filtered {
  const telnet = new TelnetFilter();
  let quits = 0;
  let marks = 0;
  const replies: (number | string)[][] = [];
  let text = "";
  for (const chunk of chunks) {
    const kept = telnet.feed(chunk.slice(), {
      onQuit: () => quits++,
      onTimingMark: () => marks++,
      onReply: (_at, bytes) => replies.push([...bytes]),
      onAreYouThere: () => replies.push(["yes"]),
    });
    text += String.fromCharCode(...kept);
  }
  return { text, quits, marks, replies };
}

const CASES: readonly (readonly [what: string, input: Uint8Array, text: string, quits?: 1])[] = [
  ["plain text", bytes("hello\n"), "hello\n"],
  ["WILL", bytes("a", IAC, WILL, 0x1f, "b\n"), "ab\n"],
  ["WONT", bytes("a", IAC, WONT, 0x1f, "b\n"), "ab\n"],
  ["DO", bytes("a", IAC, DO, 1, "b\n"), "ab\n"],
  ["DONT", bytes("a", IAC, DONT, 1, "b\n"), "ab\n"],
  ["F11's two options", bytes(IAC, DO, 1, IAC, WILL, 0x1f, "bob\n"), "bob\n"],
  ["an option that is a letter", bytes(IAC, WILL, "Xbob\n"), "bob\n"],
  ["an option that is a line end", bytes(IAC, WILL, 0x0a, "bob\n"), "bob\n"],
  ["an option numbered 255", bytes(IAC, WILL, IAC, "bob\n"), "bob\n"],
  ["a subnegotiation", bytes("a", IAC, SB, 31, 0, 80, 0, 24, IAC, SE, "b\n"), "ab\n"],
  ["an escaped IAC in one", bytes("a", IAC, SB, 31, IAC, IAC, 80, IAC, SE, "b\n"), "ab\n"],
  ["an IP in one is data", bytes("a", IAC, SB, 31, IAC, IP, 1, IAC, SE, "b\n"), "ab\n"],
  ["line ends in one are data", bytes(IAC, SB, 24, 0, "\r\nxterm\n", IAC, SE, "b\n"), "b\n"],
  ["IAC IAC is a byte of the text", bytes("a", IAC, IAC, "b\n"), "a\xffb\n"],
  ["commands without an argument", bytes("a", IAC, 241, IAC, 246, IAC, 249, "b\n"), "ab\n"],
  ["SE without SB", bytes("a", IAC, SE, "b\n"), "ab\n"],
  ["CTRL-C", bytes("a\n", IAC, IP, IAC, DO, 6, "b\n"), "a\n", 1],
  ["CTRL-C twice", bytes(IAC, IP, IAC, IP), "", 1],
  ["end of file", bytes("a\n", IAC, XEOF, "b\n"), "a\n", 1],
  ["CR LF", bytes("a\r\nb\r\n"), "a\r\nb\r\n"],
  ["CR NUL stays", bytes("a\r", 0, "b\r", 0), "a\r\0b\r\0"],
  ["a NUL elsewhere stays", bytes("a", 0, "b\n"), "a\0b\n"],
  ["a bare CR stays", bytes("a\rb\n"), "a\rb\n"],
  ["CR CR LF", bytes("a\r\r\n"), "a\r\r\n"],
  ["a command between CR and LF", bytes("a\r", IAC, 241, "\nb\n"), "a\r\nb\n"],
  ["an option between CR and LF", bytes("a\r", IAC, DO, 1, "\nb\n"), "a\r\nb\n"],
  ["a CR at the end", bytes("a\r"), "a\r"],
  ["an IAC at the end waits", bytes("a", IAC), "a"],
  ["an option at the end waits", bytes("a", IAC, WILL), "a"],
  ["UTF-8 holds no command", bytes("ÿÄ👍\n"), String.fromCharCode(...bytes("ÿÄ👍\n"))],
];

for (const [what, input, text, quits = 0] of CASES) {
  Deno.test(`TelnetFilter keeps the same text at every split: ${what} (F11)`, () => {
    for (const chunks of splits(input)) {
      const shape = chunks.map((chunk) => chunk.length).join("+");
      const kept = filter(chunks);
      assertEquals([kept.text, kept.quits], [text, quits], shape);
    }
  });
}

Deno.test("TelnetFilter keeps the same text for any bytes and chunks", () => {
  const telnet = fc.constantFrom(IAC, IAC, SE, SB, WILL, DO, 13, 10, 0, 97, 98);
  fc.assert(fc.property(
    fc.array(fc.oneof(telnet, fc.nat(255)), { maxLength: 50 }),
    fc.array(fc.nat(50)),
    (input, places) => {
      const whole = Uint8Array.from(input as number[]);
      assertEquals(filter(cut(whole, places)), filter([whole]));
    },
  ));
});

Deno.test("TelnetFilter.feed() hands back a chunk without commands as it is", () => {
  const chunk = bytes("hello\n");
  assertStrictEquals(
    new TelnetFilter().feed(chunk, {
      onQuit: () => fail(),
      onTimingMark: () => fail(),
      onReply: () => fail(),
      onAreYouThere: () => fail(),
    }),
    chunk,
  );
});

Deno.test("TelnetFilter refuses each option once, answers AYT, and never a refusal (J9)", () => {
  const input = bytes(IAC, DO, 1, "a", IAC, WILL, 31, IAC, WONT, 3, IAC, DONT, 4, IAC, 246, "b\n");
  for (const chunks of splits(input)) {
    assertEquals(filter(chunks).replies, [[IAC, WONT, 1], [IAC, DONT, 31], ["yes"]]);
  }
});

/** What BSD's telnet sends on a terminal for each text, as captured. */
const ON_A_TERMINAL: readonly (readonly [text: string, wire: Uint8Array])[] = [
  ["本", bytes(0xe6, IAC, 243, IAC, DO, 6, 0xac)],
  ["Ü", bytes(0xc3, IAC, 243, IAC, DO, 6)],
  ["“", bytes(0xe2, 0x80, IAC, 243, IAC, DO, 6)],
  ["月", bytes(0xe6, IAC, 243, IAC, DO, 6, 0x88)],
  ["у", bytes(0xd1, IAC, IP, IAC, DO, 6)],
  ["ă", bytes(0xc4, IAC, IP, IAC, DO, 6)],
];

for (const [text, wire] of ON_A_TERMINAL) {
  Deno.test(`TelnetFilter.feed() makes ${text} whole again in every cut, and reports the mark`, () => {
    const line = bytes("a ", ...wire, " b\n");
    for (const chunks of splits(line)) {
      const { text: latin1, quits, marks } = filter(chunks);
      const whole = new TextDecoder().decode(Uint8Array.from(latin1, (c) => c.charCodeAt(0)));
      assertEquals([whole, quits, marks], [`a ${text} b\n`, 0, 1]);
    }
  });
}
