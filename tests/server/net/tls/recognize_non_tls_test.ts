import { assertStrictEquals } from "@std/assert";
import { describeNonTls, isTls } from "../../../../server/net/tls/recognize_non_tls.ts";

const HEADS: readonly (readonly [head: string, name: string])[] = [
  ["GET / HTTP/1.1\r\n\r\n", "HTTP"],
  ["SSH-2.0-OpenSSH_9.9\r\n", "SSH"],
  ["CAP LS 302\r\n", "IRC"],
  ['{"type":"hello"}\n', "native without TLS"],
  ["USER bob\n", "usermsg without TLS"],
  ["bob", "plain without TLS"],
  ["\x02\x00\xff", "bytes that are neither TLS nor text"],
];

for (const [head, name] of HEADS) {
  Deno.test(`describeNonTls() recognises ${JSON.stringify(head)} as ${name} (F13)`, () => {
    const bytes = Uint8Array.from(head, (char) => char.charCodeAt(0));
    assertStrictEquals(isTls(bytes), false);
    assertStrictEquals(describeNonTls(bytes), name);
  });
}

Deno.test("isTls() recognises a handshake by its first byte", () => {
  assertStrictEquals(isTls(Uint8Array.of(0x16)), true);
});
