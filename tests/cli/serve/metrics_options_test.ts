// The address of the metrics.

import { assertEquals, assertMatch } from "@std/assert";
import { parseMetricsAddress } from "../../../cli/serve/metrics_options.ts";

Deno.test("parseMetricsAddress() takes a port of this machine, or a host with one", () => {
  assertEquals<unknown>(parseMetricsAddress("9100"), {
    kind: "tcp",
    host: "127.0.0.1",
    port: 9100,
  });
  assertEquals<unknown>(parseMetricsAddress("0.0.0.0:0"), {
    kind: "tcp",
    host: "0.0.0.0",
    port: 0,
  });
  assertEquals<unknown>(parseMetricsAddress("[::1]:9100"), {
    kind: "tcp",
    host: "::1",
    port: 9100,
  });
});

Deno.test("parseMetricsAddress() says what it expected", () => {
  for (const bad of ["", "host", "host:", "70000", "h:70000", "9100,notices", "unix:/x", "::1"]) {
    const refused = parseMetricsAddress(bad);
    assertMatch(
      "error" in refused ? refused.error : "",
      /^Not a place for metrics: ".*", expected PORT or/,
      bad,
    );
  }
});
