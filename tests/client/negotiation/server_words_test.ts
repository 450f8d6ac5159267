// What servers of students say first, and what it means.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  judgeAnswerToName,
  judgeFirstBytes,
  namingWay,
  refusesName,
  textOfBytes,
} from "../../../client/negotiation/server_words.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("judgeFirstBytes() tells the dialects apart (C5)", () => {
  const cases = [
    ["\x01\0\0\0\0\0\0\0\x02", "frames"],
    ["\0\0\0\x01", "frames"],
    ['{"type":"welcome"', "json"],
    ["Commande inconnue\n\x03", "flows"],
    ["MSG bob hi", "msg"],
    ["Bienvenue ! Envoyez USER nom puis MSG texte\n", "msg"],
    ["Welcome to minichat. Nobody is here now.\n", "minichat"],
    ["Welcome to our chat!\n", "text"],
    ["\x1b[32mBienvenue\x1b[0m\n", "text"],
    ["ok", "text"],
  ] as const;
  for (const [text, expected] of cases) {
    assertStrictEquals(judgeFirstBytes(bytes(text)), expected, text);
  }
});

Deno.test("judgeAnswerToName() reads what a silent server answers to the name alone (C5)", () => {
  const cases = [
    ["1 alice\n", "flows"],
    ["0\n", "flows"],
    ["ERR unknown command\n", "msg"],
    ["Commande inconnue\n", "msg"],
    ["Usage: USER <name>\n", "msg"],
    ["ERREUR\n", "msg"],
    ["Bonjour alice, tu peux ecrire @pseudo\n", "text"],
    ["Ce pseudo ne va pas, un autre :\n", "text"],
    ["Pseudo invalide\n", "text"],
  ] as const;
  for (const [text, expected] of cases) {
    assertStrictEquals(judgeAnswerToName(bytes(text)), expected, text);
  }
});

const BY_LINE = [
  "Enter your name: ",
  "Login : ",
  "Quel est ton pseudo ? ",
  "Bienvenue ! Commandes : @pseudo TEXTE, @tous TEXTE, /liste\nVotre pseudo :\n",
  "Bienvenue ! Commandes : @pseudo TEXTE, @tous TEXTE, /liste\nVotre pseudo\n> ",
  "Votre pseudo (8 caracteres au plus, /quit pour sortir) :\n",
  "Who are you?\n",
  "Welcome! Please type your nickname\n",
  "Choisissez un pseudonyme.\n",
  "Comment t'appelles-tu ?\n",
  "Welcome to the chat server\n",
  "username> ",
  "Votre pseudo :\nPlus tard : /nick NOM change de pseudo, /list\n",
  "3 connectes : ana, bob, eve\n",
  "You are now connected.\n",
  "",
];

Deno.test("namingWay() gives the name as the next line where it is asked for, or names are not mentioned (C5)", () => {
  for (const text of BY_LINE) assertEquals(namingWay(text), { by: "line" }, text);
});

Deno.test("namingWay() finds the command for a name (C5)", () => {
  const cases = [
    ["Bienvenue ! Commandes : /nick NOM, @pseudo TEXTE, @tous TEXTE, /list\n", "/nick"],
    ["Bienvenue ! Commandes : /pseudo NOM, @pseudo TEXTE, /qui\n", "/pseudo"],
    ["Vous etes user3. Tapez !nom VOTRENOM pour changer\n", "!nom"],
    ["Votre pseudo actuel : user1\nTapez /nick pour en changer\n", "/nick"],
    ["Hello Guest42, use /name <name> to choose a name\n", "/name"],
    ["Commands: NICK <name>, QUIT\n", "NICK"],
    ["Connectez-vous avec /login pseudo\n", "/login"],
  ] as const;
  for (const [text, command] of cases) {
    assertEquals(namingWay(text), { by: "command", command }, text);
  }
});

Deno.test("namingWay() leaves the name to a server that gives one and names no command (C5)", () => {
  const cases = [
    ["Bienvenue ! Vous etes user1. Commandes : @pseudo TEXTE, @tous TEXTE, /list\n", "user1"],
    ["You are Guest42\n", "Guest42"],
    ["Votre identifiant est client_3, bonne discussion\n", "client_3"],
  ] as const;
  for (const [text, name] of cases) {
    assertEquals(namingWay(text), { by: "server", name }, text);
  }
});

Deno.test("refusesName() finds a refusal in English and French, and none in a welcome (C5)", () => {
  const refusals = [
    "Ce pseudo ne va pas, un autre :\n",
    "Pseudo pris ou vide\n",
    "Erreur : ce nom existe deja\n",
    "Ce pseudo est déjà utilisé\n",
    "Sorry, that name is taken\n",
    "Name already in use, try again: ",
    '-! Choose another name: "alice" is taken\n',
    "Pseudo trop long\n",
    "Votre pseudo : ",
  ];
  for (const text of refusals) assertStrictEquals(refusesName(text, "alice"), true, text);
  const welcomes = [
    "Bonjour alice ! @pseudo TEXTE, @tous TEXTE, /liste\n",
    "Vous etes alice\n",
    "-- You are alice. Here: another_one.\n",
    "* alice arrive\n",
    "Bienvenue ! Un autre utilisateur est present\n",
    "ok\n",
    "",
  ];
  for (const text of welcomes) assertStrictEquals(refusesName(text, "alice"), false, text);
});

Deno.test("What a hostile server sends is judged in little time", () => {
  const before = performance.now();
  for (const piece of ["(", "you are ", " ", "\n", ":", ": ", "name", "/n", "{ ", "\x1b[", "a "]) {
    const flood = piece.repeat(Math.ceil(65_536 / piece.length));
    for (const text of [flood, `you are${flood}!`, `(${flood}`, `name${flood}x`]) {
      judgeFirstBytes(bytes(text));
      judgeAnswerToName(bytes(text));
      namingWay(textOfBytes(bytes(text)));
      refusesName(textOfBytes(bytes(text)), "alice");
    }
  }
  assert(performance.now() - before < 4_000, `${performance.now() - before} ms`);
});
