// A client of sheet 004 that reads single keys, and so runs only on a terminal: HOST PORT [torn];
// with "torn" it does not redraw the line being typed.

const [hostname = "", port = "", torn] = Deno.args;
const ENCODER = new TextEncoder();
let line = "";

function show(text: string): void {
  Deno.stdout.writeSync(ENCODER.encode(text));
}

const keys = readKeys();

/** The keys, each as it comes: a paste is many of them. */
async function* readKeys(): AsyncGenerator<string> {
  const buffer = new Uint8Array(8192);
  for (let count; (count = await Deno.stdin.read(buffer)) !== null;) {
    yield* new TextDecoder().decode(buffer.subarray(0, count));
  }
}

/** Reads keys until Enter; undefined at CTRL-D. Enter is a carriage return in raw mode. */
async function typedLine(): Promise<string | undefined> {
  for (let next; !(next = await keys.next()).done && next.value !== "\x04";) {
    show(next.value === "\r" ? "\r\n" : next.value);
    if (next.value === "\r") return line;
    line += next.value;
  }
  return undefined;
}

Deno.stdin.setRaw(true);
show("Name: ");
const name = await typedLine() ?? "";
line = "";
const server = await Deno.connect({ hostname, port: Number(port) });
await server.write(ENCODER.encode(`USER ${name}\n`));
(async () => {
  let pending = "";
  for await (const text of server.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    for (const one of lines) {
      const message = one.slice("MSG ".length).replace(" ", ": ");
      show(torn === undefined ? `\r\x1b[K${message}\r\n${line}` : `${message}\r\n`);
    }
  }
  Deno.exit(0);
})();
for (; await typedLine() !== undefined; line = "") {
  await server.write(ENCODER.encode(`MSG ${line}\n`));
}
Deno.exit(0);
