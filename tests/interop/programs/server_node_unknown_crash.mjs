// Sheet 001 in Node: a message for a pseudo that is not there ends the program with a TypeError.
import net from "node:net";

const parNom = {};
net.createServer((socket) => {
  let nom, reste = "";
  socket.setEncoding("utf8");
  socket.write("Bienvenue. @pseudo message, @tous message, /liste. Ton pseudo :\n");
  const tous = (texte) => {
    for (const n in parNom) if (n !== nom) parNom[n].write(texte + "\n");
  };
  socket.on("data", (d) => {
    const lignes = (reste + d).split(/\r?\n/);
    reste = lignes.pop();
    for (const ligne of lignes) {
      if (!nom) {
        if (parNom[ligne] || !ligne) {
          socket.write("Pris.\n");
          continue;
        }
        nom = ligne;
        tous(`${nom} est la`);
        parNom[nom] = socket;
        socket.write(`Salut ${nom}\n`);
      } else if (ligne === "/liste") socket.write(Object.keys(parNom).join(" ") + "\n");
      else if (/^@(?!tous )/.test(ligne)) {
        const [, a, texte] = /^@(\S+) ?(.*)/.exec(ligne);
        parNom[a].write(`${nom} (prive): ${texte}\n`);
        socket.write("ok\n");
      } else {
        tous(`${nom}: ${ligne.replace(/^@tous /, "")}`);
        socket.write("ok\n");
      }
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!nom) return;
    delete parNom[nom];
    tous(`${nom} est parti`);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
