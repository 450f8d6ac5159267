// The language of this process's texts. English is the only one so far. `minichat admin` loads
// only the texts it needs (cli/admin/command.ts).

import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";

/** The texts in the language of the person who runs the program. */
export function chosenTexts(): Texts {
  return EN;
}
