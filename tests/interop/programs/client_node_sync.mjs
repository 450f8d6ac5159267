// Sheet 001's synchronous client: one line out, then it waits for whatever comes back.
import net from "node:net";

const s = net.connect(process.argv[3], process.argv[2]);
const reponse = () =>
  new Promise((oui, non) => {
    const trop = setTimeout(() => non(new Error("BLOCKED")), 2500);
    s.once("data", (d) => {
      clearTimeout(trop);
      oui(String(d));
    });
  });
for (
  const ligne of ["mila", "premiere ligne", "@tous deuxieme ligne", "/list", "@personne coucou"]
) {
  s.write(ligne + "\n");
  console.log(await reponse());
  await new Promise((suite) => setTimeout(suite, 300));
}
s.end();
