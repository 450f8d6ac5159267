// Wraps the dialect that a person has chosen: if the server's first bytes show another one, an
// event of the client names it.

import type { Decoder, Dialect } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { concatBuffers } from "../../protocol/first_bytes.ts";
import { type FrameLayout, headerName } from "../../protocol/frame_layouts.ts";
import { guessLayout } from "../../protocol/frames.ts";
import { MAX_SERVER_FRAME_BYTES } from "../../protocol/limits.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import {
  asksForName,
  DIALECT_OF,
  judgeAnswerToName,
  judgeFirstBytes,
  textOfBytes,
} from "./server_words.ts";

/** Bytes that show a dialect, also without a line end. */
const ENOUGH_BYTES = 32;

/** A message of another person, as servers of sheet 001 show it. */
const MESSAGE_REGEXP =
  /^[[<(]?(?!err|info|serv)[\p{L}\p{N}_.-]{1,32}[\]>)]?\s*(?:[:>]|says|dit)\s*\S/iu;

const LINE_ENDS: readonly number[] = [0x0a, 0x03, 0x04];

/** What a hint depends on besides the dialect and the first bytes. */
export interface DialectHintOptions {
  readonly layout: FrameLayout | undefined;
  readonly texts: ClientTexts;
  /** The dialect was guessed from silence: then `bob: hi` as text shows that it is another one. */
  readonly isGuess: boolean;
}

/** The same dialect, with one notice if the server seems to speak another one. */
export function withDialectHint(dialect: Dialect, options: DialectHintOptions): Dialect {
  const client: Dialect["client"] = (settings) => {
    const codec = dialect.client(settings);
    return {
      decoder: hinting(codec.decoder, (head) => hintOf(head, dialect, options)),
      get encoder() {
        return codec.encoder;
      },
    };
  };
  return { ...dialect, client };
}

function hinting(
  decoder: Decoder<ServerEvent>,
  hint: (head: Uint8Array) => string | undefined,
): Decoder<ServerEvent> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  const decide = (emit: (event: ServerEvent) => void): void => {
    const text = head && head.length > 0 ? hint(head) : undefined;
    head = undefined;
    if (text !== undefined) emit({ type: "notice", text, fromClient: true });
  };
  return {
    feed(chunk, emit) {
      if (head !== undefined) {
        head = concatBuffers(head, chunk);
        const isEnough = head.length >= ENOUGH_BYTES ||
          LINE_ENDS.some((end) => chunk.includes(end));
        if (isEnough) decide(emit);
      }
      decoder.feed(chunk, emit);
    },
    pause(emit) {
      decide(emit);
      decoder.pause?.(emit);
    },
    end(emit) {
      decide(emit);
      decoder.end(emit);
    },
  };
}

/** The text if `head`, a server's first bytes, belong to another dialect or layout. */
function hintOf(
  head: Uint8Array,
  { name, capabilities, canRefuseName }: Dialect,
  { layout, texts, isGuess }: DialectHintOptions,
): string | undefined {
  const isId = judgeAnswerToName(head) === "flows"; // the answer to `hello`
  const judged = isId ? "flows" : judgeFirstBytes(head);
  const shown = DIALECT_OF[judged];
  if (shown === name) return capabilities.headers ? otherHeader(head, layout, texts) : undefined;
  const isText = judged === "text" || judged === "minichat";
  // Text of any kind may come from a server of each dialect, but for native; a question may not.
  if (isText && !capabilities.answers) {
    const lines = textOfBytes(head).split("\n");
    const isOther = lines.some((line) =>
      asksForName(line) || (isGuess && MESSAGE_REGEXP.test(line))
    );
    return isOther ? texts.otherDialect(DIALECT_OF.text) : undefined;
  }
  if (judged === "msg" && canRefuseName && !/^MSG /.test(textOfBytes(head))) return undefined;
  return texts.otherDialect(shown);
}

function otherHeader(
  head: Uint8Array,
  layout: FrameLayout | undefined,
  texts: ClientTexts,
): string | undefined {
  const guess = guessLayout(head, MAX_SERVER_FRAME_BYTES);
  if (guess === undefined || layout?.shape !== undefined) return undefined;
  const [shown, chosen] = [headerName(guess), layout === undefined ? "16" : headerName(layout)];
  return shown === chosen ? undefined : texts.otherHeaderShown(shown);
}
