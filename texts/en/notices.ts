// English: notices of the server to one client, to the operator and to the service manager.

export const notices = {
  /** `name` is claimed, and its passphrase may be typed on the next line. */
  typePassphrase: (name: string) =>
    `Type the passphrase of ${name}, or Enter alone for another name:`,
  /** `within` in seconds. */
  typePassword: (within: number) => `This chat has a password: type it within ${within} s:`,
  typeName: "Type your name, or Enter alone to be given one:",
  /** To telnet's AYT. */
  areYouThere: "Yes, this is minichat",
  typeAnotherName: "Type another name:",
  claimed: (name: string) => `${name} is yours: /login ${name} PASSPHRASE takes the name`,
  passphraseChanged: (name: string) =>
    `The passphrase is changed: /login ${name} PASSPHRASE takes the name`,
  unclaimed: (name: string) => `${name} is no longer claimed: anybody may take it once you left`,
  /** A command in the chat. No message can begin so: a name has no space. */
  orderGiven: (name: string, line: string) => `${name} (operator): ${line}`,
  madeOperator: "You are an operator now: /help lists what you can order",
  noOperator: "You are no operator any more",
  /** After the last round of `--rounds`; `count` is how many there were (R15). */
  roundsOver: (count: number) =>
    count === 1 ? "The one round is over" : `The ${count} rounds are over`,
  /** The status that a service manager shows while the server stops. */
  sayingGoodbye: "Saying goodbye",
  /** For the operator: messages cannot be stored, and why. */
  historyFailed: (problem: string) =>
    `History: ${problem}. Until that is mended, no message is delivered`,
  /** `lastSeq`: the newest message that is left; `commits`: lost transactions that can be seen. */
  damagedLog: (lastSeq: number, commits: number, kept: string) => {
    const seen = commits === 0 ? "" : ` (${commits} commits are seen)`;
    return `History: the last server's log is damaged: messages after number ${lastSeq} are lost` +
      `${seen}, a copy of the log is ${kept}`;
  },
  /** Rows that were changed by hand or by a fault. */
  damagedRows: (damaged: readonly { readonly table: string; readonly rows: number }[]) => {
    const tables = damaged.map(({ table, rows }) => `${rows} in ${table}`).join(", ");
    return `History: damaged rows are left out or made safe: ${tables}`;
  },
  historyWorks: "History: messages are stored again",
  /** `ahead`: by the clock messages have expired; `back`: the newest is dated in the future. */
  clockDoubted: ({ kind, ms }: { readonly kind: "ahead" | "back"; readonly ms: number }) => {
    const days = `${Math.floor(ms / 86_400_000)} d`;
    const remedy = "if the clock is right, confirm it with retain now, else set it";
    return kind === "ahead"
      ? `History: the clock has jumped ${days} ahead, so expired messages are kept: ${remedy}`
      : `History: the newest message is dated ${days} ahead of the clock, and so are new ones: ${remedy}`;
  },
  clockBelieved: "History: clock and history agree again",
};
