// Serving through TLS: bytes that are not TLS, handshakes that never end, certificates that change
// meanwhile.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { exitOf, runProgram, startServer } from "../harness.ts";
import { LOCAL, logged, makeTlsFiles, startTls, tlsTest } from "../tls_files.ts";

tlsTest(
  "A client without TLS on its port gets an error, is closed and logged by name (F13)",
  async (world) => {
    const { server, made, port, log } = await startTls(world);
    await using _ = server;
    await using browser = await TestClient.connect({ port });
    await browser.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await browser.lines.match(/^This port takes TLS: minichat connect --tls HOST \d+/);
    await browser.lines.ended();
    await logged(log, "not_tls", "spoke HTTP on a port for TLS");
    await using garbage = await TestClient.connect({ port });
    await garbage.send("\x16\x03\x01\x00\x05hello");
    await garbage.lines.ended();
    await logged(log, "handshake_failed");
    // And the other way round: the error names the TLS port.
    await using hello = await TestClient.connect(server);
    await hello.send(Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3));
    await hello.lines.match(new RegExp(`TLS is served on port ${port}, not on this one`));
    await using ana = await TestClient.native({ port, trusted: [made.cert] }, "ana");
    await ana.barrier();
  },
);

tlsTest(
  "Thousands of clients that never finish their handshake keep no other client out (F13)",
  async (world) => {
    const { server, made, port, log } = await startTls(world);
    await using _ = server;
    const idle: Deno.Conn[] = [];
    try {
      for (let count = 0; count < 2_000; count++) {
        const conn = await Deno.connect({ hostname: "127.0.0.1", port });
        if (count % 2 === 0) await conn.write(Uint8Array.of(0x16, 3, 1, 2, 0));
        idle.push(conn);
      }
      await using ana = await TestClient.native({ port, trusted: [made.cert] }, "ana");
      await ana.barrier();
      await logged(log, "turned_back", "crowded");
    } finally {
      for (const conn of idle) conn.close();
    }
  },
);

tlsTest(
  "SIGHUP under load changes the certificate and ends no connection (F71)",
  async (world) => {
    const { server, made, port, log } = await startTls(world, ["--quiet"]);
    await using _ = server;
    const trusted = [made.cert];
    const there: TestClient[] = [];
    for (let at = 0; at < 20; at++) {
      there.push(
        await TestClient.native({ port, trusted }, `c${at}`),
      );
    }
    const spares = await Promise.all(
      Array.from({ length: 6 }, (_, at) => makeTlsFiles(world.directory, `spare${at}`)),
    );
    trusted.push(...spares.map(({ cert }) => cert));
    let over = false;
    let came = 0;
    const load = Array.from({ length: 6 }, async (_, worker) => {
      while (!over) {
        await using client = await TestClient.native({ port, trusted }, `w${worker}`);
        await client.barrier();
        await client.request({ type: "bye" });
        await client.lines.match(/"closed"/);
        came++;
      }
    });
    for (const spare of spares) {
      const before = came;
      await Deno.copyFile(spare.certFile, made.certFile);
      await Deno.copyFile(spare.keyFile, made.keyFile);
      server.kill("SIGHUP");
      await logged(log, '"certificate"', spare.fingerprint);
      await using fresh = await TestClient.connect({ port, trusted: [spare.cert] });
      await fresh.end();
      while (came < before + 5) await Promise.race([...load, there[0]?.barrier()]);
    }
    await Deno.writeTextFile(made.certFile, "broken");
    server.kill("SIGHUP");
    await logged(log, "reload_failed", "No certificate in");
    const newest = spares.at(-1)?.cert ?? "";
    await using still = await TestClient.native({ port, trusted: [newest] }, "still");
    await still.request({ type: "say", text: "everybody there?" });
    for (const client of there) await client.lines.match(/everybody there\?/);
    over = true;
    await Promise.all(load);
    for (const client of there) await client[Symbol.asyncDispose]();
  },
);

tlsTest("serve --tls speaks TLS on its port; SIGTERM says goodbye through it", async (world) => {
  const made = await makeTlsFiles(world.directory);
  await using server = await startServer(world, [
    ...[...LOCAL, "--tls", "--tls-cert", made.certFile, "--tls-key", made.keyFile],
  ]);
  await using ana = await TestClient.native({ port: server.port, trusted: [made.cert] }, "ana");
  server.kill("SIGTERM");
  await ana.lines.match(/"closed".*"shutdown"/);
  assertStrictEquals((await exitOf(server)).code, 0);
});

tlsTest("serve reports what is wrong with a certificate, and exits 1", async (world) => {
  const made = await makeTlsFiles(world.directory);
  const args = ["serve", ...LOCAL, "--tls", "--tls-cert", made.certFile, "--tls-key"];
  const wrong = await runProgram(world, [...args, made.certFile]);
  assertStrictEquals(wrong.code, 1);
  assertMatch(wrong.stderr, /^minichat serve: No private key in /);
});
