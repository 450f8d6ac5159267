// The wire of a dialogue by turns: nothing but lines both ways, no greeting, no confirmation (sheet
// 002, D12). Pure. It is no dialect of the chat: a line is only text here.

import type { BlockWriter } from "../protocol/block.ts";
import type { Codec } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { asLine, decodeLine } from "../protocol/framing.ts";
import { MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import { LineDecoder } from "../protocol/line_decoder.ts";
import type { Request } from "../protocol/requests.ts";
import type { CloseReasonTexts } from "../texts/texts.ts";

/**
 * One end of the wire, for a `ClientConnection`. Each line that comes is a `notice`; `closed` is the last event:
 * with `eof` when the stream has ended, else with what made it one that cannot be read on.
 */
export function lineCodec(texts: CloseReasonTexts): Codec<ServerEvent, Request> {
  const closed = (reason: "eof" | "binary_input" | "line_too_long"): ServerEvent => (
    { type: "closed", reason, text: texts[reason] }
  );
  const lines = new LineDecoder<ServerEvent>(MAX_TEXT_LINE_BYTES, (line) => {
    const text = decodeLine(line, "lossy");
    return typeof text === "string" ? { type: "notice", text } : closed("binary_input");
  }, () => closed("line_too_long"));
  let isOver = false;
  const untilClosed = (emit: (event: ServerEvent) => void) => (event: ServerEvent) => {
    if (!isOver) emit(event);
    if (event.type === "closed") isOver = true;
  };
  return {
    decoder: {
      feed: (chunk, emit) => lines.feed(chunk, untilClosed(emit)),
      end(emit) {
        lines.end(untilClosed(emit));
        untilClosed(emit)(closed("eof"));
      },
    },
    encoder: {
      encode(request: Request, out: BlockWriter): void {
        if (request.verb === "line") out.text(asLine(request.text));
      },
    },
  };
}
