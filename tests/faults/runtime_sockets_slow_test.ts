// The tests of faults again, over the runtime's own sockets, which the server uses where the C
// library cannot be called.

import "./bad_bytes_test.ts";
import "./bans_test.ts";
import "./broken_handlers_test.ts";
import "./claims_test.ts";
import "./escapes_test.ts";
import "./expensive_test.ts";
import "./floods_test.ts";
import "./group_races_slow_test.ts";
import "./group_races_test.ts";
import "./history_pages_test.ts";
import "./kicks_test.ts";
import "./long_lines_test.ts";
import "./name_races_slow_test.ts";
import "./name_races_test.ts";
import "./names_test.ts";
import "./unregistered_connections_test.ts";
import "./operator_text_test.ts";
import "./operators_test.ts";
import "./password_test.ts";
import "./pipelining_test.ts";
import "./slow_readers_test.ts";
import "./storage_test.ts";
import { assertStrictEquals } from "@std/assert";
import { ServerFixture } from "./server_fixture.ts";

ServerFixture.sockets = "runtime";

Deno.test("These rooms use the runtime's sockets", async () => {
  await using fixture = await ServerFixture.open();
  assertStrictEquals(fixture.server.sockets, "runtime");
});
