import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { announceJson, type Announcement, announceText } from "../../../cli/serve/announcement.ts";
import { EN } from "../../../texts/en.ts";

const at = { kind: "tcp", host: "127.0.0.1", port: 9000 } as const;
const ANNOUNCEMENT: Announcement = {
  addresses: [
    { at, proxy: true, notices: false },
    { at: { ...at, port: 8080 }, dialect: "framed", notices: false },
  ],
  interfaces: [],
  warnings: [],
  maxClients: 10,
  openFiles: undefined,
  history: { place: { kind: "memory", why: "no_history" }, retainMs: 0, messages: 0 },
  control: { path: "/tmp/control" },
  metricsUrl: undefined,
  fingerprint: () => undefined,
};

Deno.test("announceText() proposes no command for an address that only a proxy can use (J7)", () => {
  const text = announceText(ANNOUNCEMENT, EN.serve);
  assertMatch(text, /^Listening on 127\.0\.0\.1:9000, for a proxy that sends PROXY headers$/m);
  assertNotMatch(text, /127\.0\.0\.1 9000/);
  assertMatch(text, /minichat connect --dialect framed 127\.0\.0\.1 8080 NAME/);
});

Deno.test("announceJson() says which address is for a proxy (J7)", () => {
  const [proxied, other] = JSON.parse(announceJson(ANNOUNCEMENT)).addresses;
  assertEquals(proxied, { at: "tcp:127.0.0.1:9000", proxy: true, connect: [] });
  assertEquals("proxy" in other, false);
});
