// English: the help of what can be typed in the chat, by command.

export const commands = {
  help: "this list",
  list: "who is here",
  name: "change your name",
  msg: "write to one person or group, like @NAME TEXT",
  reply: "answer the last private message",
  me: 'say what you do: "* alice waves"',
  groups: "the groups and who is in them",
  join: "join a group, or make it",
  leave: "leave a group",
  /** `count` messages without an argument. */
  history: (count: number) => `earlier messages, the last ${count} or COUNT`,
  claim: "keep your name for good, or change its passphrase",
  login: "take a name you have claimed",
  unclaim: "give a claimed name up",
  quit: "leave the chat",
  /** A line that is no command. */
  text: "say it to everyone",
  toOne: "to one person or group; @all or @tous is everyone",
};
