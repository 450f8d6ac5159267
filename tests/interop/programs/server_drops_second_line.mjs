// Sheet 004 in Node: "data" is split at the newlines, but only the first line is looked at.
import net from "node:net";
const tous = new Map();
net.createServer((s) => {
  tous.set(s, "");
  let reste = "";
  s.on("data", (d) => {
    reste += d;
    if (!reste.includes("\n")) return;
    const [ligne] = reste.split("\n");
    reste = "";
    const [mot, ...mots] = ligne.replace("\r", "").split(" ");
    if (mot === "USER") tous.set(s, mots.join(" "));
    if (mot === "MSG") {
      for (const a of tous.keys()) if (a !== s) a.write(`MSG ${tous.get(s)} ${mots.join(" ")}\n`);
    }
  });
  s.on("error", () => {});
  s.on("close", () => tous.delete(s));
}).listen(process.argv[2], "127.0.0.1");
