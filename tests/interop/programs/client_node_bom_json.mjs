// minichat's own protocol, but the first line comes from a file that begins with a byte order mark.
import { createConnection } from "node:net";

const lignes = [
  '\ufeff{"type":"hello","name":"sacha","version":1}',
  '{"type":"say","text":"depuis un fichier"}',
  '{"type":"say","text":"avec un BOM"}',
];
const s = createConnection({ host: process.argv[2], port: process.argv[3] });
for (const ligne of lignes) {
  s.write(ligne + "\n");
  await new Promise((suite) => setTimeout(suite, 500));
}
s.end();
