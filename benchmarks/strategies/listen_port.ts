// Start of all four servers of sheet 004: reads the port argument, and prints the port in use.

/** The port in the first argument; 0 for any free one without it. */
export function wantedPort(): number {
  return Number(Deno.args[0] ?? 0);
}

/** Prints the port that the server listens at. */
export function announce(port: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`Listening on 127.0.0.1:${port}\n`));
}

/** Sleeps, for a thread that cannot accept because there are no descriptors left. */
export function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
