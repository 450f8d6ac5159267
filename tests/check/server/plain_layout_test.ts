// The layouts in which a message of sheet 001 is recognised, and those in which it is not.

import { assertStrictEquals } from "@std/assert";
import { showsSender } from "../../../check/server/plain_layout.ts";
import { latin1, utf8Bytes } from "../../../check/bytes.ts";

const TEXT = "Good morning, 100 %.";

const SHOWN: readonly string[] = [
  `bob: ${TEXT}\n`,
  `<bob> ${TEXT}`,
  `[12:04] [bob] ${TEXT}\r\n`,
  `BOB dit "${TEXT}"\n`,
  `${TEXT} (de bob)\n`,
  `* cat arrive\nDe bob :\n  ${TEXT}\n`,
  `--- bob ---\n\n| ${TEXT} |\n`,
  `bob a écrit à 12:04>\n${TEXT}\n`,
  `bob -> tous\n    ${TEXT}\n`,
  `${TEXT}\n -- bob\n`,
  `\x1b[2K\r\x1b[1;32mbob\x1b[0m: ${TEXT}\n`,
  `\x1b[31mbob\x1b[0m\n\x1b[1m${TEXT}\x1b[0m\n`,
  `{"from":"bob","text":"${TEXT}"}\n`,
];

const NOT_SHOWN: readonly string[] = [
  `bobby: ${TEXT}\n`,
  `bob: Something else.\ncat: ${TEXT}\n`,
  `* bob arrive\ncat: ${TEXT}\n`,
  `* bob arrive\n${TEXT}\n`,
  `${TEXT}\nbob: Something else.\n`,
  `bob: Good morning,\n`,
];

Deno.test("showsSender() takes any layout in which text and sender belong together (D27)", () => {
  for (const received of SHOWN) {
    assertStrictEquals(showsSender(latin1(utf8Bytes(received)), TEXT, "bob"), true, received);
  }
});

Deno.test("showsSender() takes no text of another sender", () => {
  for (const received of NOT_SHOWN) {
    assertStrictEquals(showsSender(latin1(utf8Bytes(received)), TEXT, "bob"), false, received);
  }
});
