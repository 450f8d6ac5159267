// Sheet 001 in Node: a guest until "!nom NAME"; each message has the time in front.
import net from "node:net";

const clients = new Map();
let numero = 0;

const dire = (socket, texte) => {
  if (socket.writableLength < 1_000_000) socket.write(texte + "\n");
  else socket.destroy();
};
const tous = (texte, sauf) => {
  for (const socket of clients.keys()) if (socket !== sauf) dire(socket, texte);
};
const trouver = (nom) => [...clients].find(([, n]) => n === nom)?.[0];

function commande(socket, ligne) {
  const moi = clients.get(socket);
  const heure = new Date().toTimeString().slice(0, 5);
  const [mot, ...mots] = ligne.split(" ");
  const suite = mots.join(" ");
  if (mot === "!nom") {
    if (!suite || trouver(suite)) return dire(socket, "Ce nom n'est pas libre");
    clients.set(socket, suite);
    dire(socket, `Tu es maintenant ${suite}`);
    tous(`${moi} s'appelle ${suite}`, socket);
  } else if (mot === "!liste") dire(socket, [...clients.values()].join(" "));
  else if (mot.startsWith("@") && mot !== "@tous") {
    const lui = trouver(mot.slice(1));
    if (!lui) return dire(socket, "Inconnu au bataillon");
    dire(lui, `[${heure}] ${moi} (rien que pour toi): ${suite}`);
    dire(socket, "C'est parti");
  } else {
    tous(`[${heure}] ${moi}: ${mot === "@tous" ? suite : ligne}`, socket);
    dire(socket, "C'est parti");
  }
}

net.createServer((socket) => {
  clients.set(socket, `invite${++numero}`);
  dire(socket, "Salut ! !nom NOM pour ton nom, !liste, @pseudo MESSAGE, @tous MESSAGE");
  tous(`${clients.get(socket)} arrive`, socket);
  let reste = "";
  const decodeur = new TextDecoder();
  socket.on("data", (octets) => {
    const lignes = (reste + decodeur.decode(octets, { stream: true })).split("\n");
    reste = lignes.pop();
    for (const ligne of lignes) if (clients.has(socket)) commande(socket, ligne.replace(/\r$/, ""));
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    const nom = clients.get(socket);
    clients.delete(socket);
    tous(`${nom} s'en va`);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
