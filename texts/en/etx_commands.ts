// English: the help of sheet 003's commands, by letter (D14).

export const etxCommands = {
  h: "this list",
  l: "who is here; l g: the groups and their members",
  n: "change your name",
  w: "who you are",
  s: "write to a person, or else to a group of that name",
  b: "write to everyone",
  j: "join a group; it is created if it does not exist",
  p: "leave a group",
  q: "leave the chat",
};
