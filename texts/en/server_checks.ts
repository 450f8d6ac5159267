// English: titles and hints of the checks of servers.

export const serverChecks = {};
