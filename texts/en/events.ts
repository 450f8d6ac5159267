// English: events as lines of text. Names and texts in their parameters are already sanitised.

/** `3 joined: ana, bob, eve`, or `153 joined, among them ana, bob` where not all are named. */
function counted(count: number, names: readonly string[], verb: string): string {
  if (names.length === 0) return `${count} ${verb}`;
  return `${count} ${verb}${names.length < count ? ", among them" : ":"} ${names.join(", ")}`;
}

export const events = {
  welcome: "Welcome to minichat.",
  /** `within` in seconds. */
  typeYourName: (within: number) =>
    `Type your name within ${within} s (Enter alone gives you one):`,
  peopleHere: (count: number) => {
    if (count === 0) return "Nobody is here";
    return count === 1 ? "1 person is here" : `${count} people are here`;
  },
  peopleHereNow: (count: number) => {
    if (count === 0) return "Nobody is here now";
    return count === 1 ? "1 person is here now" : `${count} people are here now`;
  },
  /** `name` with its `id`, the number that sheet 003 gives each client (R70). */
  youAre: (name: string, id?: number) =>
    id === undefined ? `You are ${name}` : `You are ${name}, number ${id}`,
  youAreNow: (name: string) => `You are now ${name}`,
  /** The `others` who are here; `more` of them are not listed. */
  alsoHere: (others: readonly string[], more: number) =>
    `Here: ${others.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
  nobodyElse: "Nobody else is here yet.",
  earlierMessages: (count: number) =>
    count === 1 ? "1 earlier message:" : `${count} earlier messages:`,
  missedOne: "A message that you may have missed is no longer stored",
  missedSeveral: "Messages that you may have missed are no longer stored",
  joined: (name: string) => `${name} joined`,
  joinedGroup: (name: string, group: string) => `${name} joined #${group}`,
  youJoined: (group: string) => `You joined #${group}: @${group} TEXT writes to it`,
  /** The same in sheet 003's commands (D14). */
  youJoinedEtx: (group: string) => `You joined ${group}: s ${group} TEXT writes to it`,
  left: (name: string, why: string) => why === "" ? `${name} left` : `${name} left (${why})`,
  leftGroup: (name: string, group: string, why: string) =>
    why === "" ? `${name} left #${group}` : `${name} left #${group} (${why})`,
  youLeft: (group: string) => `You left #${group}`,
  manyJoined: (count: number, names: readonly string[]) => counted(count, names, "joined"),
  manyLeft: (count: number, names: readonly string[]) => counted(count, names, "left"),
  renamed: (was: string, name: string) => `${was} is now ${name}`,
  andMore: (count: number) => `... and ${count} more`,
  noGroups: "There are no groups: /join NAME makes one",
  noGroupsEtx: "No groups: j GROUP makes one",
  noMessages: "No messages yet",
  /** There are messages, none of them for the reader. */
  noneForYou: "None of the newest messages is for you",
  sentToOne: (name: string) => `sent to ${name}`,
  /** `group` with its `#`, undefined for everyone. */
  sentToMany: (group: string | undefined, recipients: number) => {
    const whom = group ?? "everyone";
    return recipients === 0
      ? `sent to ${whom}, but nobody else is there`
      : `sent to ${whom} (${recipients})`;
  },
  /** After the sender's name in a private message. */
  private: "private",
  privateTo: (from: string, to: string) => `${from} to ${to} (private)`,
  shutdownCancelled: "The shutdown was called off",
  stopsNow: "The server stops now",
  /** `when` is a duration such as `90 s`. */
  stopsIn: (when: string) => `The server stops in ${when}`,
  goodbye: (why: string) => `Goodbye: ${why}`,
  /** In `etx`, where a session ended without a reason: the `why` of {@linkcode goodbye}. */
  sessionOver: "the session is over",
  pong: "pong",
};
