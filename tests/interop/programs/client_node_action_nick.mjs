// JSON with an "action": join and message.
import { connect } from "node:net";

const client = connect(process.argv[3], process.argv[2], async () => {
  const envoyer = (objet) => client.write(`${JSON.stringify(objet)}\n`);
  const pause = () => new Promise((r) => setTimeout(r, 800));
  envoyer({ action: "join", nick: "manon" });
  await pause();
  envoyer({ action: "message", content: "salut en JSON" });
  await pause();
  envoyer({ action: "message", content: 'avec des "guillemets"' });
  await pause();
  client.end();
});
client.on("data", (d) => console.log(String(d)));
