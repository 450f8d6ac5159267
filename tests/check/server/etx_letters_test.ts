// The letters of a server of sheet 003 are those that its help describes, and D14's otherwise.

import { assertEquals } from "@std/assert";
import {
  D14_LETTERS,
  type EtxLetters,
  lettersIn,
  saysUnknown,
} from "../../../check/server/etx_letters.ts";

interface Row {
  readonly help: string;
  /** Those that are not D14's. */
  readonly other: Partial<EtxLetters>;
  readonly unlisted?: readonly string[];
  readonly missing?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    help:
      "h help\nl list clients\nl g list groups\nn NAME change your name\ns NAME|GROUP TEXT send a message\nb TEXT send a message to everybody\nj GROUP join or create\np GROUP leave\nq quit",
    other: {},
    unlisted: ["ownName"],
  },
  { help: "Type h", other: {}, unlisted: Object.keys(D14_LETTERS) },
  {
    help:
      "help\nlist [groups]\nname NOM\nwho\nsend DEST TEXTE\nbroadcast TEXTE\njoin G\npart G\nquit",
    other: {},
  },
  {
    help: "h aide\nl liste\nn NOM\nw nom\ns DEST TEXTE\nb TEXTE\nj GROUPE\np GROUPE\nq quitter",
    other: {},
  },
  {
    help: `Commandes :
  h : cette aide
  i : mon nom
  r NOM : changer de nom
  l : liste des clients
  g : liste des groupes
  t TEXTE : message à tous
  m NOM TEXTE : message à un client
  d GROUPE TEXTE : message à un groupe
  c GROUPE : créer un groupe
  j GROUPE : rejoindre un groupe
  p GROUPE : quitter le groupe
  b : au revoir (quitter)`,
    other: {
      ownName: "i",
      rename: "r",
      listGroups: "g",
      broadcast: "t",
      send: "m",
      sendGroup: "d",
      create: "c",
      quit: "b",
    },
  },
  {
    help: `h - help
u - list users
g - list groups and their members
n <name> - set your name
i - show your name
m <user> <text> - private message
a <text> - send to all
r <group> <text> - message a group
c <group> - create or join a group
x <group> - leave a group
q - quit`,
    other: {
      list: "u",
      listGroups: "g",
      ownName: "i",
      send: "m",
      sendGroup: "r",
      broadcast: "a",
      join: "c",
      create: "c",
      part: "x",
    },
  },
  {
    help:
      "h: help\nw: who is online\nn NAME: change name\ns NAME TEXT: send to a client or group\nb TEXT: broadcast\nj GROUP: join a group\nq: quit",
    other: { list: "w", listGroups: "w g" },
    unlisted: ["listGroups", "part"],
    missing: ["ownName"],
  },
  {
    help:
      "help\nusers: list of users\nnick NAME: change your name\nme: your name\nwrite WHO TEXT: message to a user\nshout TEXT: message to everyone\nadd GROUP: join a group\nexit: disconnect",
    other: {
      list: "u",
      listGroups: "u g",
      ownName: "m",
      send: "w",
      sendGroup: "w",
      broadcast: "s",
      join: "a",
      create: "a",
      quit: "e",
    },
    unlisted: ["listGroups", "part"],
  },
  {
    help:
      "h aide\nq quitter\ni mon nom\nn NOM changer de nom\nl liste (l g : groupes)\nb TEXTE a tous\ns NOM TEXTE a quelqu'un ou un groupe\ng NOM creer un groupe\nj NOM rejoindre\n",
    other: { ownName: "i", create: "g" },
    unlisted: ["part"],
  },
];

for (const { help, other, unlisted = [], missing = [] } of ROWS) {
  Deno.test(`The letters of the help ${JSON.stringify(help.slice(0, 40))}`, () => {
    const found = lettersIn(help);
    assertEquals(found.letters, { ...D14_LETTERS, ...other });
    assertEquals([...found.unlisted], unlisted);
    assertEquals([...found.missing], missing);
  });
}

Deno.test("An answer says that a command is unknown", () => {
  for (
    const text of ["commande inconnue, h pour aide", "Unknown command", "Commande non reconnue"]
  ) {
    assertEquals(saysUnknown(text), true, text);
  }
  for (const text of ["ana", "ce groupe n'existe pas", "destinataire inconnu"]) {
    assertEquals(saysUnknown(text), false, text);
  }
});
