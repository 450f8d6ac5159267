import { assertEquals } from "@std/assert";
import { connectTarget } from "../../cli/server_address.ts";

const LOCAL = { kind: "tcp", host: "localhost", port: 8080 };
const SOCKET = { kind: "unix", path: "/tmp/chat" };

type Given = Parameters<typeof connectTarget>[0];

function given(host: string, port?: number | string, name?: string): Given {
  return { host, port, name };
}

const CASES: readonly [given: Given, expected: unknown][] = [
  [given("localhost"), { address: LOCAL }],
  [given("localhost", 9), { address: { ...LOCAL, port: 9 } }],
  [given("localhost", 9, "bob"), { address: { ...LOCAL, port: 9 }, name: "bob" }],
  [given("localhost", "bob"), { address: LOCAL, name: "bob" }],
  [given("localhost", "80x", "bob"), { error: 'Not a port: "80x", expected 1 to 65535' }],
  [given("unix:/tmp/chat"), { address: SOCKET }],
  [given("unix:/tmp/chat", "bob"), { address: SOCKET, name: "bob" }],
  [given("unix:/tmp/chat", 42), { address: SOCKET, name: "42" }],
  [
    given("unix:/tmp/chat", 9, "bob"),
    { error: 'Too many arguments: "unix:/tmp/chat" takes a name and no port' },
  ],
  [given("localhost:9"), { address: { ...LOCAL, port: 9 } }],
  [given("localhost:9", "bob"), { address: { ...LOCAL, port: 9 }, name: "bob" }],
  [given("[::1]:9", "bob"), { address: { ...LOCAL, host: "::1", port: 9 }, name: "bob" }],
  [given("::1", "bob"), { address: { ...LOCAL, host: "::1" }, name: "bob" }],
  [given("[::1]", 9), { address: { ...LOCAL, host: "::1", port: 9 } }],
  [given("localhost:70000"), { error: 'Not a port: "70000", expected 1 to 65535' }],
  [given("localhost:9", 10), { error: 'Two ports: "localhost:9" and 10, leave one out' }],
  [
    given("localhost:9", "bob", "zoe"),
    { error: 'Too many arguments: "localhost:9" takes a name and no port' },
  ],
  [given("unix:9"), { address: { kind: "unix", path: "9" } }],
  [given(""), { error: 'Empty address: ""' }],
  [given("unix:"), { error: 'Empty address: "unix:"' }],
];

for (const [input, expected] of CASES) {
  Deno.test(`connectTarget() reads ${JSON.stringify(Object.values(input))}`, () => {
    assertEquals(connectTarget(input), expected);
  });
}
