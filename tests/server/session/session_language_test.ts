import { assertEquals } from "@std/assert";
import { EN } from "../../../texts/en.ts";
import type { Texts } from "../../../texts/texts.ts";
import { Server } from "../../../server/server.ts";
import { TestClient } from "../../test_client.ts";

const FRENCH: Texts = {
  ...EN,
  events: {
    ...EN.events,
    welcome: "Bienvenue.",
    youAre: (name) => `Tu es ${name}`,
    goodbye: (why) => `Au revoir : ${why}`,
  },
  refusals: { ...EN.refusals, nobodyToReply: "Personne n'a écrit" },
  closeReasons: { ...EN.closeReasons, shutdown: "le serveur s'arrête" },
};

Deno.test("A server's language reaches its clients before and after their dialect is known", async () => {
  const server = new Server({ texts: FRENCH });
  const at = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  assertEquals(await server.start([{ at, notices: false }]), undefined);
  const bound = server.addresses[0]?.at;
  await using ana = await TestClient.connect({ port: bound?.kind === "tcp" ? bound.port : 0 });
  await ana.lines.match(/^Bienvenue\./);
  await ana.send("ana\n");
  await ana.lines.match(/^-- Tu es ana/);
  await ana.send("/reply hello\n");
  await ana.lines.match(/^-! Personne n'a écrit/);
  await server.stop();
  await ana.lines.match(/^-- Au revoir : le serveur s'arrête/);
});
