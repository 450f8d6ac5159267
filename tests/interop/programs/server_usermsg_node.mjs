// Sheet 004 in Node.
import { createServer } from "node:net";

const salle = new Set();
createServer((socket) => {
  let nom;
  salle.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => salle.delete(socket));
  let reste = Buffer.alloc(0);
  socket.on("data", (octets) => {
    reste = Buffer.concat([reste, octets]);
    for (let fin; (fin = reste.indexOf("\n")) >= 0; reste = reste.subarray(fin + 1)) {
      recevoir(reste.subarray(0, fin).toString().replace(/\r$/, ""));
    }
  });
  function recevoir(ligne) {
    const espace = ligne.indexOf(" ");
    const [mot, reste] = [ligne.slice(0, espace), ligne.slice(espace + 1)];
    if (mot === "USER") nom = reste;
    if (mot !== "MSG" || nom === undefined) return;
    for (const autre of salle) {
      if (autre === socket) continue;
      if (autre.writableLength > 4_000_000) autre.destroy();
      else autre.write(`MSG ${nom} ${reste}\n`);
    }
  }
}).listen(process.argv[2], "127.0.0.1");
