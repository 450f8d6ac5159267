// Waits for the server's first data, then writes its name and a text every second, without "\n".
import net from "node:net";

const [, , host, port] = process.argv;
const aDire = ["emma", "quelqu'un a compris l'exo 3 ?", "@tous merci"];
const socket = net.connect(Number(port), host);
socket.setEncoding("utf8");
socket.once("data", () => {
  const timer = setInterval(() => {
    if (aDire.length > 0) return socket.write(aDire.shift());
    clearInterval(timer);
    socket.end();
  }, 1000);
});
socket.on("data", (texte) => console.log(texte));
