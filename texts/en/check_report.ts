// English: the report of minichat check.

export const checkReport = {};
