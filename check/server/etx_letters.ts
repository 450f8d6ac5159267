// The letters of a server of sheet 003, which names none but `h`: read from the lines of its help,
// in English or French. Pure.

/** A command, by what it does. */
export type EtxAction =
  | "list"
  | "listGroups"
  | "rename"
  | "ownName"
  | "send"
  | "sendGroup"
  | "broadcast"
  | "create"
  | "join"
  | "part"
  | "quit";

/** The beginning of each command's line: `n`, `l g`. */
export type EtxLetters = Readonly<Record<EtxAction, string>>;

/** The letters of D14. */
export const D14_LETTERS: EtxLetters = {
  list: "l",
  listGroups: "l g",
  rename: "n",
  ownName: "w",
  send: "s",
  sendGroup: "s",
  broadcast: "b",
  join: "j",
  create: "j",
  part: "p",
  quit: "q",
};

/** What a help says about a server's letters. */
export interface FoundLetters {
  readonly letters: EtxLetters;
  /** Commands that the help has not: their letters are those of D14. */
  readonly unlisted: ReadonlySet<EtxAction>;
  /** Those of them whose letter has another meaning in the help. */
  readonly missing: ReadonlySet<EtxAction>;
}

/** Before a help was read. */
export const UNREAD_LETTERS: FoundLetters = {
  letters: D14_LETTERS,
  unlisted: new Set(),
  missing: new Set(),
};

/** One line of a help. */
interface HelpLine {
  /** `n`, or `l g` with a word of one letter after it. */
  readonly command: string;
  readonly hasArgument: boolean;
  readonly actions: readonly EtxAction[];
}

/** Fewer lines are no list of commands. */
const LEAST_LINES = 3;
/** Between two commands, which may be on one line: `q: quit; n NAME: rename`. */
const LINE_END = /[\p{Cc};]+|, (?=[a-z](?: [A-Z<[(]|\s*[:=–-]))/u;
/** A help with all of these letters is D14's, whatever its words. */
const D14_ALL = [..."lnwsbjq"];
/** The commands of which another one is a form: a help may have one line for both. */
const FORM_OF: Readonly<Partial<Record<EtxAction, EtxAction>>> = {
  listGroups: "list",
  sendGroup: "send",
  create: "join",
};

const UNKNOWN =
  /unknown|inconnu|unrecogni|invalid|not (a|an) |no such|non reconnu|pas une|n'existe pas|not found/;

/** Commands whose descriptions are easily taken for each other's. */
const NEAR: readonly (readonly EtxAction[])[] = [
  ["send", "sendGroup", "broadcast"],
  ["join", "create", "part", "quit"],
];

/** Finds the letters in `help`, the answer to `h`; those of D14 as far as it contradicts none. */
export function lettersIn(help: string): FoundLetters {
  const lines = helpLines(help);
  const listed = new Set(lines.map(({ command }) => command.charAt(0)));
  if (D14_ALL.every((letter) => listed.has(letter))) return UNREAD_LETTERS;
  const actions = Object.keys(D14_LETTERS) as EtxAction[];
  if (lines.length < LEAST_LINES) return { ...UNREAD_LETTERS, unlisted: new Set(actions) };
  const letters: Record<EtxAction, string> = { ...D14_LETTERS };
  const unlisted = new Set<EtxAction>();
  const missing = new Set<EtxAction>();
  for (const action of actions) {
    const usual = D14_LETTERS[action];
    const own = lines.filter(({ command }) => command.charAt(0) === usual.charAt(0));
    const found = lines.filter(({ actions }) => actions.includes(action));
    const isUsual = own.some(({ actions }) =>
      actions.length === 0 || actions.includes(action) ||
      found.length === 0 && actions.some((each) => FORM_OF[each] === action)
    );
    const form = FORM_OF[action];
    if (
      isUsual &&
      (form === undefined || found.length === 0 || own.some((line) => found.includes(line)))
    ) {
      continue;
    }
    const best = found.find(({ command }) => command.length > 1) ??
      found.find(({ hasArgument }) =>
        hasArgument === (action !== "list" && action !== "ownName")
      ) ??
      found[0];
    if (best !== undefined) {
      const isSubcommand = action === "listGroups" && best.command === letters.list;
      letters[action] = isSubcommand ? `${best.command} g` : best.command;
    } else if (form !== undefined) {
      letters[action] = action === "listGroups" ? `${letters.list.charAt(0)} g` : letters[form];
      if (missing.has(form)) missing.add(action);
      else if (action === "listGroups" || unlisted.has(form)) unlisted.add(action);
    } else if (own.length === 0) unlisted.add(action);
    else if (!own.some(({ actions }) => actions.some((each) => isNear(action, each)))) {
      missing.add(action);
    }
  }
  return { letters, unlisted, missing };
}

function isNear(...pair: readonly [EtxAction, EtxAction]): boolean {
  return NEAR.some((kind) => pair.every((action) => kind.includes(action)));
}

/** Whether an answer says that the server has no such command. */
export function saysUnknown(answer: string): boolean {
  const text = plainLetters(answer);
  // An unknown client or group is an answer to a command that is known.
  return UNKNOWN.test(text) && /comm?and|cmd|^\W*(unknown|inconnue?|invalide?)\W*$/.test(text);
}

function helpLines(help: string): readonly HelpLine[] {
  const lines = help.split(LINE_END)
    .map((line) => line.replace(/[[(]([a-z])[\])](?=[a-z])/i, "$1"));
  const single = lines.flatMap((line) => helpLine(line, /^([a-zA-Z])(?![\w'’])/));
  if (single.length >= LEAST_LINES) return single;
  return lines.flatMap((line) =>
    /\s[:=–—-]+\s|:|\t| {2}|^\W*\w+( \S*[A-Z<[{]\S*)*$/.test(line)
      ? helpLine(line, /^([a-zA-Z])[\w-]*/)
      : []
  );
}

function helpLine(line: string, start: RegExp): readonly HelpLine[] {
  const text = line.replace(/^[^\p{L}]+/u, "");
  const word = start.exec(text);
  if (word?.[1] === undefined) return [];
  const rest = text.slice(word[0].length).replace(/^['"`»\])>]+/, "");
  const [, usage = "", described = ""] =
    /^(.*?)(?:\s*[:=\t→]+\s*|\s+[-–—>]+\s+| {2,})(.*)$/.exec(rest) ?? [];
  const isSplit = described !== "";
  // Without a mark between them, the placeholders are the words in capitals or brackets.
  const [placeholders = ""] = /^(?:\s+(?:[A-Z_]{2,}|[<[{(]\S*))*/.exec(rest) ?? [];
  const sub = /^ ([a-z])\b(?!')/.exec(isSplit ? usage : rest)?.[1];
  // `l liste (l g : groupes)`: small letters before the mark describe too.
  const words = usage.replace(/<[^>]*>|\[[^\]]*\]|\{[^}]*\}|[\p{Lu}_]{2,}/gu, "");
  const meaning = isSplit ? `${words} ${described}` : rest.slice(placeholders.length);
  const hasArgument = (isSplit ? usage : placeholders).replace(/[,/] ?\w+/g, "").trim() !== "";
  const name = word[0].length > 1 ? `${word[0]} ` : "";
  const actions = actionsOf(
    plainLetters(`${name}${meaning.trim() === "" ? rest : meaning}`),
    hasArgument,
  );
  const letter = word[1].toLowerCase() === word[1] || word[0].length === 1
    ? word[1]
    : word[1].toLowerCase();
  const isListing = sub !== undefined &&
    actions.some((action) => FORM_OF[action] === "list" || action === "list");
  return [{ command: isListing ? `${letter} ${sub}` : letter, hasArgument, actions }];
}

/** In small letters without accents. */
function plainLetters(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What a command does, by its description in small letters without accents; help is nothing. */
function actionsOf(text: string, hasArgument: boolean): readonly EtxAction[] {
  const has = (words: RegExp): boolean => words.test(text);
  const isGroup = has(/group|salon|channel|canal|\brooms?\b/) && !has(/chat ?room/);
  const isSaying = has(
    /message|\bmsg|send|envo[iy]|whisper|chuchot|\bmp\b|priv|\btell|ecri|talk|parle|\bsay\b|dire\b|texte?\b/,
  );
  if (has(/\bhelp|\baide\b/)) return [];
  if (
    has(
      /\blist|\bqui (est|sont)|^who( |$)(?!am)|who is|who's|affiche.* (client|groupe|connecte)|connect(ed|es)\b|online|en ligne|voir les|montre.* les|show.* (all|users|clients|groups)|^(users|clients|groups|groupes)\b/,
    )
  ) {
    const isClients = !isGroup ||
      has(/client|user|utilisateur|\bgens\b|people|connect|participant/) &&
        !has(
          /(client|user|utilisateur|membre|participant|people)s? .{0,20}group|groups?.{0,30}(client|user|member|membre)|group.{0,12}\b(and|et|avec|with)\b/,
        );
    return [...isClients ? ["list"] as const : [], ...isGroup ? ["listGroups"] as const : []];
  }
  if (
    has(/\bquit|\bbye|\bexit|deconnect|disconnect|log ?out|au revoir|\bfin$|\bend$/) && !isGroup
  ) {
    return ["quit"];
  }
  if (has(/leave|quit|\bpart\b|partir|sortir|exit|retire|remove/)) {
    return [isGroup || hasArgument ? "part" : "quit"];
  }
  if (isGroup && isSaying) {
    return has(/client|user|someone|quelqu|person|utilisateur|prive|private|\bou\b|\bor\b/)
      ? ["send", "sendGroup"]
      : ["sendGroup"];
  }
  if (has(/\bjoin|rejoin|entre[rz]?\b|\benter|integr|adher|inscri/)) {
    return has(/create|creer|cree\b/) ? ["join", "create"] : ["join"];
  }
  if (isGroup && has(/creat|cree|creation|make|new|nouveau/)) return ["create"];
  if (
    has(
      /broadcast|diffus|everyone|everybody|\ball\b|tout le monde|\b(a|pour) tous\b|\btous\b|^tous/,
    )
  ) {
    return ["broadcast"];
  }
  if (has(/who am i|whoami|qui suis|identit/)) return ["ownName"];
  if (!isSaying && has(/\bname|\bnom\b|pseudo|nick|renam|renomm/)) {
    const isChange = hasArgument ||
      has(/renam|renomm|chang|modif|\bset\b|choi|choose|\bnew\b|nouveau|prend|take/);
    return [isChange ? "rename" : "ownName"];
  }
  return isSaying || has(/quelqu|someone/) ? ["send"] : [];
}
