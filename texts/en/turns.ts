// English: two-person mode (--turns).

export const turns = {};
