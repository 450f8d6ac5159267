// A client of sheet 004 that reads single keys, and so runs only on a terminal: HOST PORT [torn];
// with "torn" it does not redraw the line being typed.

const [hostname = "", port = "", torn] = Deno.args;
const ENCODER = new TextEncoder();
let line = "";

function show(text: string): void {
  Deno.stdout.writeSync(ENCODER.encode(text));
}

/** Reads keys until Enter; undefined at CTRL-D. Enter is a carriage return in raw mode. */
async function typedLine(): Promise<string | undefined> {
  const buffer = new Uint8Array(8192);
  for (let count; (count = await Deno.stdin.read(buffer)) !== null;) {
    for (const key of new TextDecoder().decode(buffer.subarray(0, count))) {
      if (key === "\x04") return undefined;
      show(key === "\r" ? "\r\n" : key);
      if (key === "\r") return line;
      line += key;
    }
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
