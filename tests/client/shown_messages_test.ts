import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ShownMessages } from "../../client/shown_messages.ts";
import { message } from "./client_fakes.ts";

const at = (seconds: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds)).toISOString();

Deno.test("ShownMessages.take() takes each message once, whatever comes again", () => {
  const seen = new ShownMessages();
  seen.begin(10);
  const taken = [10, 11, 13, 12, 11, 13, 14].filter((seq) =>
    seen.take(message("bob", "", { seq }))
  );
  assertEquals(taken, [11, 13, 14]);
  assertStrictEquals(seen.since, 14);
});

Deno.test("ShownMessages.take() takes history, and of what a new session replays only what is news", () => {
  const seen = new ShownMessages();
  const replay = true;
  seen.begin(2);
  assert(seen.take(message("bob", "", { seq: 1, at: at(1), replay })));
  assert(seen.take(message("bob", "", { seq: 2, at: at(2), replay })));
  assert(seen.take(message("bob", "", { seq: 3, at: at(3) })));
  seen.begin(5); // reconnected after a while, and the server had forgotten the session
  assert(!seen.take(message("bob", "", { seq: 3, at: at(3), replay })));
  assert(seen.take(message("bob", "", { seq: 4, at: at(4), replay })));
  assert(seen.take(message("bob", "", { seq: 5, at: at(5), replay })));
  assert(seen.take(message("bob", "", { seq: 6, at: at(6) })));
});

Deno.test("ShownMessages.begin() follows a server whose numbers start over", () => {
  const seen = new ShownMessages();
  seen.begin(0);
  assert(seen.take(message("bob", "", { seq: 70, at: at(1) })));
  seen.begin(1);
  assertStrictEquals(seen.since, 1);
  assert(seen.take(message("bob", "", { seq: 1, at: at(2), replay: true })));
  assert(seen.take(message("bob", "", { seq: 2, at: at(3) })));
});
