// English: titles and hints of the checks of clients.

export const clientChecks = {};
