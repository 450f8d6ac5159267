// Sheet 004 in Node: its readline interface passes on the errors of the socket to no listener.
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const salle = new Set();
createServer((socket) => {
  let nom;
  salle.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => salle.delete(socket));
  createInterface({ input: socket }).on("line", (ligne) => {
    const espace = ligne.indexOf(" ");
    const [mot, reste] = [ligne.slice(0, espace), ligne.slice(espace + 1)];
    if (mot === "USER") nom = reste;
    if (mot !== "MSG" || nom === undefined) return;
    for (const autre of salle) {
      if (autre === socket) continue;
      if (autre.writableLength > 4_000_000) autre.destroy();
      else autre.write(`MSG ${nom} ${reste}\n`);
    }
  });
}).listen(process.argv[2], "127.0.0.1");
