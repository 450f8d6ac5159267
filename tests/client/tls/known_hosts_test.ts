import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { KnownHosts, knownHostsPath, pinIn, withPin } from "../../../client/tls/known_hosts.ts";
import { EN } from "../../../texts/en.ts";

function environment(values: Record<string, string>): { get(name: string): string | undefined } {
  return { get: (name) => values[name] };
}

Deno.test("knownHostsPath() follows XDG_STATE_HOME, unless it is relative", () => {
  const home = { HOME: "/home/ana" };
  const usual = "/home/ana/.local/state/minichat/known_hosts";
  assertStrictEquals(knownHostsPath(environment(home)), usual);
  assertStrictEquals(knownHostsPath(environment({ ...home, XDG_STATE_HOME: "state" })), usual);
  assertStrictEquals(
    knownHostsPath(environment({ XDG_STATE_HOME: "/s" })),
    "/s/minichat/known_hosts",
  );
});

Deno.test("withPin() replaces one line and leaves the others as they are", () => {
  const text = "# by hand\na:1 SHA256:AA\nb:2   SHA256:BB\n";
  assertStrictEquals(
    withPin(text, "a:1", "SHA256:CC"),
    "# by hand\nb:2   SHA256:BB\na:1 SHA256:CC\n",
  );
  assertStrictEquals(withPin("", "[::1]:1", "SHA256:CC"), "[::1]:1 SHA256:CC\n");
});

Deno.test("pinIn() finds a place and no other", () => {
  const text = "a:1 SHA256:AA\n\n  b:2 SHA256:BB  \nbroken:3\na:1 SHA256:DD";
  assertStrictEquals(pinIn(text, "a:1"), "SHA256:DD"); // the last line counts
  assertStrictEquals(pinIn(text, "b:2"), "SHA256:BB");
  assertStrictEquals(pinIn(text, "a:11"), undefined);
  assertStrictEquals(pinIn(text, "broken:3"), ""); // no fingerprint is like it: the server is refused, and the user not asked
});

Deno.test("KnownHosts.pin() makes a file of its owner's alone, and leaves nothing else", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const hosts = new KnownHosts(`${directory}/minichat/known_hosts`, EN.client);
    assertEquals(hosts.find("a:1"), { pinned: undefined });
    assertStrictEquals(hosts.pin("a:1", "SHA256:AA"), undefined);
    assertStrictEquals(hosts.pin("b:2", "SHA256:BB"), undefined);
    assertEquals(hosts.find("a:1"), { pinned: "SHA256:AA" });
    assertStrictEquals((Deno.statSync(hosts.path).mode ?? 0) & 0o777, 0o600);
    assertStrictEquals((Deno.statSync(`${directory}/minichat`).mode ?? 0) & 0o777, 0o700);
    const left = [...Deno.readDirSync(`${directory}/minichat`)].map(({ name }) => name);
    assertEquals(left, ["known_hosts"]);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("KnownHosts says so when it can be neither read nor written", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const hosts = new KnownHosts(directory, EN.client); // a directory where the file should be
    const found = hosts.find("a:1");
    assert("error" in found);
    assertMatch(found.error, /^Cannot read the known servers in /);
    assertMatch(hosts.pin("a:1", "SHA256:AA")?.error ?? "", /^Cannot remember a:1 in /);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
