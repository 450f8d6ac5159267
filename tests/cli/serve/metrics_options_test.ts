// Where figures are shown.

import assert from "node:assert/strict";
import { parseMetricsPlace } from "../../../cli/serve/metrics_options.ts";

Deno.test("parseMetricsPlace() takes a port of this machine, or a host with one", () => {
  assert.deepEqual(parseMetricsPlace("9100"), { kind: "tcp", host: "127.0.0.1", port: 9100 });
  assert.deepEqual(parseMetricsPlace("0.0.0.0:0"), { kind: "tcp", host: "0.0.0.0", port: 0 });
  assert.deepEqual(parseMetricsPlace("[::1]:9100"), { kind: "tcp", host: "::1", port: 9100 });
});

Deno.test("parseMetricsPlace() says what it expected", () => {
  for (const bad of ["", "host", "host:", "70000", "h:70000", "9100,notices", "unix:/x", "::1"]) {
    assert.match(
      `${parseMetricsPlace(bad)}`,
      /^Not a place for metrics: ".*", expected PORT or/,
      bad,
    );
  }
});
