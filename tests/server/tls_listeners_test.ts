import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { LogEntry } from "../../server/log_entry.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import { TlsListeners } from "../../server/tls_listeners.ts";
import { certificateStage } from "../../server/certificate_stages.ts";
import { EN } from "../../texts/en.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { makeTlsFiles } from "../tls_files.ts";

const DAY_MS = 86_400_000;

Deno.test("certificateStage() is the next of the days at which a certificate is reported (O7)", () => {
  const stages = [[31, Infinity], [30, 30], [8, 30], [7, 7], [1.1, 7], [1, 1], [0.1, 1], [0, 0], [
    -9,
    0,
  ]];
  for (const [days = 0, stage] of stages) {
    assertStrictEquals(certificateStage(days * DAY_MS, 0), stage, `${days}`);
  }
});

/** Listeners whose certificate ends in 40 days, by a clock that a test moves. */
async function withCertificate(
  allowExpired: boolean,
  work: (made: {
    readonly listeners: TlsListeners;
    readonly clock: FakeClock;
    /** What was logged. */
    readonly logged: string[];
    /** What the operator was shown. */
    readonly shown: string[];
    readonly address: ListenAddress;
    readonly directory: string;
  }) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const [logged, shown]: [string[], string[]] = [[], []];
  const clock = new FakeClock(Date.now());
  const { certFile: cert, keyFile: key } = await makeTlsFiles(directory, "server", 40);
  const listeners = new TlsListeners({
    clock,
    limits: DEFAULT_LIMITS,
    log: ({ what }: LogEntry) => logged.push(what),
    texts: EN,
    publish: (text) => shown.push(text),
    allowExpired,
  });
  const at = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
  try {
    const address = { at, tls: { cert, key }, notices: false };
    await work({ listeners, clock, logged, shown, address, directory });
  } finally {
    listeners.unwatch();
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("TlsListeners reports a certificate 30, 7 and 1 days before its end, and then (O7)", async () => {
  await withCertificate(false, async ({ listeners, clock, logged, shown, address, directory }) => {
    assertStrictEquals(await listeners.load([address]), undefined);
    listeners.watch();
    assertEquals([logged.splice(0), shown, listeners.warnings], [["certificate"], [], []]);
    clock.advance(9 * DAY_MS);
    assertEquals([logged, shown], [[], []]);
    clock.advance(2 * DAY_MS);
    clock.advance(20 * DAY_MS);
    assertEquals([logged.splice(0), shown.length], [["certificate_expires"], 1]);
    assertMatch(shown[0] ?? "", /server\.pem" ends on \d{4}-\d\d-\d\d, in 30 days/);
    clock.advance(3 * DAY_MS);
    clock.advance(5.5 * DAY_MS);
    assertEquals(logged.splice(0), ["certificate_expires", "certificate_expires"]);
    assertMatch(listeners.warnings[0] ?? "", /server\.pem" ends on .*, in 1\d h: renew it/);
    clock.advance(DAY_MS);
    assertEquals(logged.splice(0), ["certificate_expired"]);
    assertMatch(shown[3] ?? "", /server\.pem" ended on /);
    assertMatch(listeners.warnings[0] ?? "", /server\.pem" ended on /);
    // The same file again is refused; a new one ends the report, and is reported in its turn.
    const refused = await listeners.reload();
    assertMatch(refused?.error ?? "", /ended on .*minichat cert, or give --allow-expired/);
    await makeTlsFiles(directory, "server", 60);
    assertStrictEquals(await listeners.reload(), undefined);
    assertEquals(logged.splice(0), ["certificate", "certificate_expires"]);
    assertStrictEquals(listeners.warnings.length, 1);
  });
});

Deno.test("TlsListeners refuses a certificate that is over, but not with --allow-expired (O7)", async () => {
  await withCertificate(false, async ({ listeners, clock, logged, address }) => {
    clock.jump(41 * DAY_MS);
    const refused = await listeners.load([address]);
    assertMatch(refused?.error ?? "", /^The certificate ".*server\.pem" ended on /);
    assertEquals(logged, []);
  });
  await withCertificate(true, async ({ listeners, clock, logged, address }) => {
    clock.jump(41 * DAY_MS);
    assertStrictEquals(await listeners.load([address]), undefined);
    listeners.watch();
    assertEquals(logged, ["certificate_expired"]);
    assert(listeners.fingerprint(address)?.startsWith("SHA256:"));
  });
});
