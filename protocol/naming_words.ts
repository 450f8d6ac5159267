// Words by which others' servers let a client choose its name, in English and French: `/nick bob`.
// connect uses such a command, check tries each (D28).

/** In small letters; each means the name and nothing else. */
export const NAMING_WORDS: readonly string[] = [
  ...["nick", "nickname", "pseudo", "pseudonym", "pseudonyme", "nom", "name", "login"],
  ...["user", "username", "surnom", "alias", "handle", "identifiant", "identite", "identité"],
  ...["register", "setname", "setnick", "rename", "renommer", "renomme", "newname"],
  ...["iam", "jesuis"],
];
