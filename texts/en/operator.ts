// English: the operator's console, commands and their answers.

export const operator = {};
