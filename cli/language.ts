// The language of this process's texts. English is the only one so far. `minichat admin` has its
// own file, which loads fewer modules (cli/admin/language.ts).

import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";

/** The texts in the language of the person who runs the program. */
export function chosenTexts(): Texts {
  return EN;
}
