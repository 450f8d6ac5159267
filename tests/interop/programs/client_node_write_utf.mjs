// Texts as Java's writeUTF() sends them: two bytes of length, big-endian, then UTF-8.
import net from "node:net";

function writeUTF(socket, texte) {
  const octets = Buffer.from(texte, "utf8");
  const tete = Buffer.alloc(2);
  tete.writeUInt16BE(octets.length);
  socket.write(Buffer.concat([tete, octets]));
}

const socket = net.connect({ host: process.argv[2], port: +process.argv[3] });
const textes = ["zoé", "ça marche en Java aussi", "à plus"];
socket.on("connect", function suivant() {
  const texte = textes.shift();
  if (texte === undefined) return socket.end();
  writeUTF(socket, texte);
  setTimeout(suivant, 700);
});
socket.resume();
