// Recognises a list of commands in what a program shows, as sheet 001 asks for (R29). Pure.

/**
 * A command as such a list has it: `@tous`, `/msg PSEUDO`, `!help`, or the word "commands" and more; no
 * `prof@univ.fr`. For text, and for strings with one character for each byte.
 */
export const COMMAND =
  /(?<![\w.:/@!#-])[@/!:#][A-Za-z]\w*(?![\w./])|\b(?:commande?s|help|aide)\b[^\n]*\w/i;
