// Bytes as texts for the report of a check, and back. Pure.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Text as UTF-8. */
export function encodedText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** UTF-8 as text; invalid bytes become U+FFFD. */
export function decodedText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** Text in quotes with control characters escaped: `"MSG ana hi\n"`; `nothing` if it is empty. */
export function quotedText(text: string, texts: ClientCheckTexts): string {
  return text === "" ? texts.data.nothing : `"${visibleBytes(encodedText(text))}"`;
}
