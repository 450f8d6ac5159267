// What all four servers of sheet 004 do first: read the port they are given, and say the one they
// have got.

/** The port given as first argument; any free one when there is none. */
export function wantedPort(): number {
  return Number(Deno.args[0] ?? 0);
}

/** Says where the server listens, once it does. */
export function announce(port: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`Listening on 127.0.0.1:${port}\n`));
}

/** Sleeps: what is left to a thread that cannot accept for want of descriptors. */
export function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
