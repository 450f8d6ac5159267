// The commands for choosing a name that are found in what a server says.

import { assertEquals } from "@std/assert";
import { commandsIn } from "../../../check/server/plain_joining.ts";

const ROWS: readonly (readonly [said: string, commands: readonly string[]])[] = [
  ["Commandes : /nick NOM, @pseudo TEXTE, @tous TEXTE, /list\n", ["/nick {name}"]],
  ["Tapez /pseudo VotreNom, ou /nom X.", ["/pseudo {name}", "/nom {name}"]],
  ["!nom X pour changer", ["!nom {name}"]],
  ["First NICK <name>, then text", ["NICK {name}"]],
  ["LOGIN nom", ["LOGIN {name}"]],
  ["Votre pseudo : ", []],
  ["@pseudo TEXTE", []],
  ["NOM ET PRENOM ?", ["NOM {name}"]],
  ["voir http://exemple.fr/nick", []],
  ["/nickel /id-carte", []],
];

Deno.test("commandsIn() finds the commands that choose a name (D28)", () => {
  for (const [said, commands] of ROWS) assertEquals(commandsIn(said), commands, said);
});
