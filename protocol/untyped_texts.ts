// Texts of frames whose header does not say what they are (J6): the first one gives the name, the
// others are messages; or they are JSON, as in native.

import type { Decoder, SecretInput } from "./dialect.ts";
import { looksLikeName } from "./find_layout.ts";
import { parseNameLine, parseVerbLine } from "./name_line.ts";
import { native } from "./native.ts";
import type { Request } from "./requests.ts";
import { orSecret } from "./secrets.ts";

const ENCODER = new TextEncoder();

/** Whether a text is an object of JSON, as far as its ends show. */
function looksLikeObject(text: string): boolean {
  return text.startsWith("{") && text.endsWith("}");
}

/** Turns the texts of one client into requests. */
export class UntypedTexts {
  readonly #secrets: SecretInput | undefined;
  #isFirst = true;
  /** Whether the name came with a verb: then messages may begin with one too. */
  #usesVerbs = false;
  /** Set if the first text was JSON. */
  #json: Decoder<Request> | undefined;

  constructor(secrets: SecretInput | undefined) {
    this.#secrets = secrets;
  }

  /** Whether the client sends JSON, and so is answered in JSON. */
  get speaksJson(): boolean {
    return this.#json !== undefined;
  }

  /** Calls `emit` for each request of a text. */
  read(text: string, emit: (request: Request) => void): void {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst && looksLikeObject(text)) {
      this.#json = native.server({ notices: false, asksName: true }).decoder;
    }
    if (this.#json !== undefined) return this.#json.feed(ENCODER.encode(`${text}\n`), emit);
    if (isFirst && this.#takesName(text, emit)) return;
    const means = this.#usesVerbs ? parseVerbLine(text) : { kind: "say", text } as const;
    if (means.kind === "quit") return emit({ verb: "bye" });
    if (means.kind === "who") return emit({ verb: "who" });
    emit(orSecret(this.#secrets, { text, means: { verb: "say", text: means.text } }));
  }

  /** Whether the first text is, or begins with, a name. */
  #takesName(text: string, emit: (request: Request) => void): boolean {
    const given = parseNameLine(text);
    if (given.kind !== "name" || !looksLikeName(given.name)) return false;
    this.#usesVerbs = given.byVerb;
    emit({ verb: "hello", name: given.name });
    if (given.text !== undefined) emit({ verb: "say", text: given.text });
    return true;
  }
}
