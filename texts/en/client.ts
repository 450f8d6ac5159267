// English: the chat client, on a terminal and in a pipe.

export const client = {};
