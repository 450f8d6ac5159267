// Sheet 001 to the letter: @pseudo and @tous are the only ways to talk; other lines are refused.
import { createServer } from "node:net";

const qui = new Map();
const a = (c, texte) => c.writableLength < 500_000 ? c.write(`${texte}\r\n`) : c.destroy();
const partout = (texte, sauf) => qui.forEach((_, c) => c !== sauf && a(c, texte));

createServer((c) => {
  let tampon = "";
  c.setEncoding("utf8");
  a(c, "Mini-chat. Commandes : @tous texte, @pseudo texte, @liste. Quel est votre pseudo ?");
  c.on("data", (d) => {
    const lignes = (tampon += d).split("\n");
    tampon = lignes.pop();
    lignes.map((l) => l.trimEnd()).forEach((l) => {
      if (!qui.has(c)) {
        if (/^[^\s@]+$/.test(l) && ![...qui.values()].includes(l)) {
          qui.set(c, l);
          a(c, `Bonjour ${l}`);
          return partout(`${l} vient d'arriver`, c);
        }
        return a(c, "Ce pseudo ne convient pas");
      }
      const [, dest, texte] = /^@(\S+) ?(.*)$/.exec(l) ?? [];
      if (dest === undefined) return a(c, "Commencez par @tous ou par @pseudo");
      if (dest === "liste") return a(c, [...qui.values()].join(", "));
      if (dest === "tous") {
        partout(`${qui.get(c)} à tous : ${texte}`, c);
        return a(c, "Dit à tous");
      }
      const cible = [...qui].find(([, n]) => n === dest)?.[0];
      if (!cible) return a(c, `${dest} n'est pas connecté`);
      a(cible, `${qui.get(c)} à vous seul : ${texte}`);
      a(c, `Dit à ${dest}`);
    });
  });
  c.on("error", () => c.destroy());
  c.on("close", () => {
    const nom = qui.get(c);
    qui.delete(c);
    if (nom) partout(`${nom} vient de partir`);
  });
}).listen(+process.argv[2], "127.0.0.1");
