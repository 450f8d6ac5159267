// JSON objects of other shapes (J6) as requests of native: other words for the type, the name and
// the text, in English and French, also one level deeper. native.ts tries its own types first.

import type { Request, Target } from "./requests.ts";

/** How a client has introduced itself. */
export interface Introduction {
  /** The name it gave last; "" if it asked for something without one. */
  readonly name: string | undefined;
  /** Whether it gave it by native's own `hello`: then an unknown type is a mistake. */
  readonly isOwn: boolean;
}

/** What a word of another protocol asks for; `name` is a join or a change of name. */
type Meaning = "join" | "name" | "say" | "private" | "who" | "bye" | "ping" | "help";

/** Words as {@linkcode word} writes them: lower case, letters alone, without accents. */
const MEANINGS: Readonly<Record<Meaning, string>> = {
  join: "hello hi join login logon signin signup connect connection register registration auth " +
    "authenticate identify identification init enter subscribe handshake newuser userjoin joinroom " +
    "joinchat connexion connecter rejoindre inscription inscrire entrer entree bonjour",
  name: "nick nickname name setname setnick user username setuser setusername pseudo nom rename " +
    "changename changenick renommer setpseudo changerpseudo changernom",
  say: "message msg say send chat text broadcast publish post talk speak public sendmessage " +
    "sendmsg chatmessage chatmsg newmessage usermessage publicmessage messagetoall sendall envoyer envoi dire " +
    "parler diffuser diffusion texte tous all",
  private: "private privatemessage privatemsg pm dm mp whisper tell privmsg direct directmessage " +
    "prive messageprive unicast sendto",
  who: "who list users userlist listusers getusers clients members liste utilisateurs " +
    "listeutilisateurs qui",
  bye: "bye quit exit leave disconnect logout logoff close quitter partir sortir deconnexion fin " +
    "goodbye aurevoir",
  ping: "ping heartbeat keepalive",
  help: "help aide commands commandes",
};

const MEANING_OF: ReadonlyMap<string, Meaning> = new Map(
  (Object.entries(MEANINGS) as [Meaning, string][]).flatMap(([meaning, words]) =>
    words.split(" ").map((one) => [one, meaning] as const)
  ),
);

/** Keys of each part of a request, the likeliest first. */
const TYPE_KEYS = "type action cmd command commande op operation verb verbe kind event method " +
  "msgtype messagetype request requete t";
const NAME_KEYS = "nick nickname pseudo pseudonyme username name user from sender author login " +
  "nom auteur expediteur utilisateur handle client who de join src source";
/** Those that mean nothing else in an object of native. */
const CLEAR_NAME_KEYS = "nick nickname pseudo pseudonyme username user from sender author login " +
  "nom auteur";
const TEXT_KEYS = "text message msg content body texte contenu corps txt say send chat dire " +
  "broadcast m";
/** Values whose meaning depends on the type. */
const LOOSE_KEYS = "data value payload arg args argument arguments params param parametre valeur " +
  "donnees";
const TARGET_KEYS = "to target dest dst destination destinataire recipient receiver pour a";
const GROUP_KEYS = "group groupe room salon channel canal";
const NEW_NAME_KEYS = "newname newnick newnickname newusername newpseudo new nouveau nouveaunom " +
  "nouveaupseudo";

/** Recipients that are everyone; no member can have the first three as a name. */
const EVERYONE: ReadonlySet<string> = new Set(
  "all tous everyone everybody toutlemonde broadcast".split(" "),
);

/** An object with more keys than this, with those of nested objects, is no message of a chat. */
const MAX_KEYS = 32;

/**
 * The requests that an object of another shape stands for; undefined if it is none. A private text
 * without a name it can go to is never one for everyone.
 */
export function aliasedRequests(
  json: unknown,
  { name: known, isOwn }: Introduction,
): readonly Request[] | undefined {
  const fields = fieldsOf(json);
  if (fields === undefined) return undefined;
  const type = textAt(fields, TYPE_KEYS);
  const loose = textAt(fields, LOOSE_KEYS);
  const text = textAt(fields, TEXT_KEYS);
  const meaning = type === undefined ? undefined : MEANING_OF.get(word(type));
  if (meaning === undefined && (text === undefined || (type !== undefined && isOwn))) {
    const given = type === undefined ? textAt(fields, NAME_KEYS) : undefined;
    return given === undefined ? undefined : naming(given, known, fields);
  }
  const name = textAt(fields, NAME_KEYS);
  switch (meaning) {
    case "join":
    case "name": {
      const given = textAt(fields, NEW_NAME_KEYS) ?? name ?? loose ?? text;
      const group = textAt(fields, GROUP_KEYS);
      if (meaning === "join" && known !== undefined && group !== undefined) {
        return [{ verb: "join", group: group.replace(/^#/, "") }];
      }
      return given === undefined ? undefined : naming(given, known, fields);
    }
    case "private":
    case "say":
    case undefined: {
      const to = targetOf(fields);
      const said = text ?? loose;
      if (said === undefined || to === "unclear") return undefined;
      if (meaning === "private" && to === undefined) return undefined;
      const introduced = introducing(name, known, isOwn, fields);
      if (said === "" && introduced.length > 0) return introduced;
      const say = { verb: "say", text: said, ...(to === undefined ? {} : { to }) } as const;
      return [...introduced, say];
    }
    case "bye":
      // In native itself a group is missing.
      if (type === "leave" && (isOwn || known === undefined)) return undefined;
      return [{ verb: "bye" }];
    default:
      return [{ verb: meaning }];
  }
}

/** The name that a request of native gives under another key; undefined if it gives none. */
export function aliasedName(json: unknown): string | undefined {
  const fields = fieldsOf(json);
  return fields && textAt(fields, `name ${CLEAR_NAME_KEYS}`);
}

/** A first name, or another one. */
function naming(given: string, known: string | undefined, fields: Fields): readonly Request[] {
  if (known === undefined) return [hello(given, fields)];
  return given === known ? [{ verb: "whoami" }] : [{ verb: "rename", name: given }];
}

/** What precedes a text that comes with its author's name. */
function introducing(
  given: string | undefined,
  known: string | undefined,
  isOwn: boolean,
  fields: Fields,
): readonly Request[] {
  if (given === undefined || given === known || (known !== undefined && isOwn)) return [];
  return naming(given, known, fields);
}

function hello(name: string, fields: Fields): Request {
  const password = textAt(fields, "password motdepasse mdp");
  return { verb: "hello", name, ...(password === undefined ? {} : { password }) };
}

/** One person or group; undefined for everyone; "unclear" for anything else. */
function targetOf(fields: Fields): Target | undefined | "unclear" {
  for (const key of TARGET_KEYS.split(" ")) {
    const to = fields.get(key);
    if (to === undefined || to === null) continue;
    if (typeof to !== "string") return "unclear";
    const [, sigil, name = ""] = /^([@#]?)(.*)$/s.exec(to) ?? [];
    if (to.trim() === "" || to === "*") return undefined;
    if (sigil !== "#" && EVERYONE.has(word(name)) && /^[\p{L} ]+$/u.test(name)) return undefined;
    return name === "" ? "unclear" : { sigil: sigil === "#" ? "#" : "@", name };
  }
  return undefined;
}

/** Values by key, written as {@linkcode word} does. */
type Fields = ReadonlyMap<string, unknown>;

/** The fields of an object and, where they do not collide, of objects in it; undefined for others. */
function fieldsOf(json: unknown): Fields | undefined {
  if (!isObject(json)) return undefined;
  const entries = Object.entries(json);
  const nested = entries.flatMap(([, value]) =>
    isObject(value) && entries.length <= MAX_KEYS ? Object.entries(value) : []
  );
  if (entries.length + nested.length > MAX_KEYS) return undefined;
  const fields = new Map<string, unknown>();
  for (const [key, value] of [...entries.filter(([, value]) => !isObject(value)), ...nested]) {
    const name = word(key);
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first of these keys that holds text, or a list that begins with text. */
function textAt(fields: Fields, keys: string): string | undefined {
  for (const key of keys.split(" ")) {
    const value = fields.get(key);
    if (typeof value === "string") return value;
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === "string") return value[0];
  }
  return undefined;
}

/** Longest key or type that is looked at, in UTF-16 units. */
const MAX_WORD = 40;

/** Lower-case letters alone, without accents, so that `Nouveau_Nom` is `nouveaunom`. */
function word(text: string): string {
  return text.slice(0, MAX_WORD).normalize("NFD").toLowerCase().replace(/[^a-z]/g, "");
}
