import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { historyLine } from "../../cli/serve/history_announcement.ts";
import { historyDirectory, historyLabel, stateDirectory } from "../../cli/history_directory.ts";
import { parseListenAddress } from "../../server/net/address.ts";
import { EN } from "../../texts/en.ts";

function at(...places: string[]) {
  return places.map((place) => {
    const address = parseListenAddress(place);
    assert(!("error" in address), place);
    return address;
  });
}

const HOME = new Map([["HOME", "/home/ann"]]);

Deno.test("stateDirectory() is in XDG_STATE_HOME, else below HOME, else nowhere", () => {
  assertStrictEquals(stateDirectory(HOME), "/home/ann/.local/state/minichat");
  const env = new Map([...HOME, ["XDG_STATE_HOME", "/var/state"]]);
  assertStrictEquals(stateDirectory(env), "/var/state/minichat");
  env.set("XDG_STATE_HOME", "relative");
  assertStrictEquals(
    stateDirectory(env),
    "/home/ann/.local/state/minichat",
    "a relative one is ignored",
  );
  env.set("XDG_STATE_HOME", "");
  env.set("HOME", "");
  assertStrictEquals(stateDirectory(env), undefined);
});

Deno.test("historyLabel() is the first TCP port, else the first path in letters of a file name", () => {
  assertStrictEquals(historyLabel(at("unix:/tmp/s", "tcp::9000", "tcp::8080")), "9000");
  assertStrictEquals(historyLabel(at("tcp::0", "tcp::8080")), undefined, "the system picks it");
  assertStrictEquals(historyLabel(at("unix:/tmp/soquette", "unix:/a")), "unix-tmp-soquette");
  const labels = ["/a/b-c", "/a-b/c", "/a/b/c", "/a-b-c", "/a%2Db"].map((path) =>
    historyLabel(at(`unix:${path}`)) ?? ""
  );
  assertStrictEquals(new Set(labels).size, labels.length, labels.join(" "));
  for (const label of labels) assertMatch(label, /^unix[-\w.%]+$/);
  assertStrictEquals(historyLabel(at("unix:here")), historyLabel(at(`unix:${Deno.cwd()}/here`)));
});

Deno.test("historyDirectory() is --data, the place's own directory, or memory with the reason", () => {
  const fixed = at("tcp::8080");
  const free = at("tcp::0");
  const disk = (directory: string) => ({ kind: "disk", directory });
  assertEquals<unknown>(
    historyDirectory({}, fixed, HOME),
    disk("/home/ann/.local/state/minichat/8080"),
  );
  assertEquals<unknown>(
    historyDirectory({ data: "/srv/chat/" }, free, new Map()),
    disk("/srv/chat"),
  );
  assertEquals<unknown>(historyDirectory({ data: "chat" }, free, HOME), disk(`${Deno.cwd()}/chat`));
  const why = (place: ReturnType<typeof historyDirectory>): string =>
    place.kind === "memory" ? place.why : "";
  assertMatch(why(historyDirectory({}, free, HOME)), /^any_port$/);
  assertMatch(why(historyDirectory({}, fixed, new Map())), /^no_home$/);
  assertStrictEquals(why(historyDirectory({ noHistory: true }, fixed, HOME)), "no_history");
});

Deno.test("historyLine() says where the history is, how much there is and how long it stays", () => {
  const place = { kind: "disk", directory: "/srv/\x1bchat" } as const;
  const retainMs = 30 * 24 * 3_600_000;
  assertStrictEquals(
    historyLine({ place, retainMs, messages: 1_204 }, EN.serve),
    "History: /srv/\\x1bchat, 1,204 messages, kept 30 days",
  );
  assertStrictEquals(
    historyLine({ place, retainMs: Infinity, messages: 1 }, EN.serve),
    "History: /srv/\\x1bchat, 1 message, kept for good",
  );
  const memory = { kind: "memory", why: "no_history" } as const;
  assertStrictEquals(
    historyLine({ place: memory, retainMs, messages: 0 }, EN.serve),
    "History: in memory only (--no-history)",
  );
});
