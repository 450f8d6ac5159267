// Sheet 003 in Node: ids, names, groups; every answer ends with ETX.
import net from "node:net";

const ETX = "\x03";
const EOT = "\x04";
const clients = []; // by id
const groupes = new Map();

const vivants = () => clients.flatMap((c, id) => c ? [{ id, ...c }] : []);
const parNom = (nom) => clients.findIndex((c) => c?.nom === nom);
function envoie(id, texte) {
  const { socket } = clients[id];
  if (socket.writableLength > 2_000_000) socket.destroy();
  else socket.write(texte + ETX);
}

const aide = "h aide\nl liste, l g groupes\nn NOM\nw\ns DEST TEXTE\nb TEXTE\nj GROUPE\np GROUPE\nq";

function ordre(id, ligne) {
  const propre = [...ligne].filter((c) => c >= " ").join("");
  const [mot, premier = "", ...suite] = propre.split(" ");
  const reste = propre.slice(mot.length + 1);
  const moi = clients[id];
  switch (mot[0]) {
    case "h":
      return envoie(id, aide);
    case "l":
      return envoie(
        id,
        premier[0] === "g"
          ? [...groupes].map(([nom, ids]) =>
            `${nom}: ${[...ids].map((i) => clients[i].nom).join(" ")}`
          ).join("\n")
          : vivants().map((c) => `${c.id} ${c.nom}`).join("\n"),
      );
    case "n":
      if (!premier || parNom(premier) >= 0 || groupes.has(premier)) return envoie(id, "nom refuse");
      moi.nom = premier;
      return envoie(id, `tu es ${premier}`);
    case "w":
      return envoie(id, moi.nom);
    case "b":
      return vivants().forEach((c) => c.id !== id && envoie(c.id, `${moi.nom}: ${reste}`));
    case "s": {
      const qui = parNom(premier);
      const cibles = qui >= 0 ? [qui] : [...groupes.get(premier) ?? []].filter((i) => i !== id);
      const suffixe = qui >= 0 ? "" : `@${premier}`;
      if (cibles.length === 0) return envoie(id, "personne");
      return cibles.forEach((i) => envoie(i, `${moi.nom}${suffixe}: ${suite.join(" ")}`));
    }
    case "j":
      if (!premier || parNom(premier) >= 0) return envoie(id, "non");
      groupes.set(premier, (groupes.get(premier) ?? new Set()).add(id));
      return envoie(id, `dans ${premier}`);
    case "p":
      quitte(id, premier);
      return envoie(id, `hors de ${premier}`);
    case "q":
      moi.socket.end(EOT);
      return oublie(id);
    default:
      return envoie(id, "? (h pour l'aide)");
  }
}
function oublie(id) {
  clients[id] = undefined;
  for (const nom of [...groupes.keys()]) quitte(id, nom);
}
function quitte(id, groupe) {
  const ids = groupes.get(groupe);
  ids?.delete(id);
  if (ids?.size === 0) groupes.delete(groupe);
}

net.createServer((socket) => {
  let reste = "", id;
  socket.setEncoding("utf8");
  socket.on("data", (texte) => {
    const lignes = (reste + texte).split("\n");
    reste = lignes.pop();
    for (const brute of lignes) {
      const ligne = brute.replace(/\r$/, "");
      if (id !== undefined) {
        if (clients[id]) ordre(id, ligne);
        continue;
      }
      const [bonjour, nom] = ligne.split(" ");
      if (bonjour !== "hello") return socket.destroy();
      id = 1;
      while (clients[id]) id++;
      clients[id] = { socket, nom: nom && parNom(nom) < 0 ? nom : `${nom ?? ""}${id}` };
      socket.write(`${id} ${clients[id].nom}\n`);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (id !== undefined && clients[id]?.socket === socket) oublie(id);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
