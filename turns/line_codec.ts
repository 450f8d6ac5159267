// The wire format of two-person mode: lines both ways, without a greeting or a confirmation (sheet
// 002, D12). Pure.

import type { BlockWriter } from "../protocol/block.ts";
import type { Codec } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { asLine, lineText } from "../protocol/framing.ts";
import { MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import { LineDecoder } from "../protocol/line_decoder.ts";
import type { Request } from "../protocol/requests.ts";
import type { CloseReasonTexts } from "../texts/texts.ts";

/**
 * The codec of a `ClientConnection`. Each received line is a `notice`. `closed` is the last event:
 * with the reason `eof` at the end of the stream, else with the reason why it cannot be decoded
 * further.
 */
export function lineCodec(texts: CloseReasonTexts): Codec<ServerEvent, Request> {
  const closed = (reason: "eof" | "line_too_long"): ServerEvent => (
    { type: "closed", reason, text: texts[reason] }
  );
  let isFirst = true;
  const lines = new LineDecoder<ServerEvent>(MAX_TEXT_LINE_BYTES, (line) => {
    const text = isFirst ? lineText(line).replace(/^\ufeff/, "") : lineText(line);
    isFirst = false;
    return { type: "notice", text };
  }, () => closed("line_too_long"));
  let isOver = false;
  const untilClosed = (emit: (event: ServerEvent) => void) => (event: ServerEvent) => {
    if (!isOver) emit(event);
    if (event.type === "closed") isOver = true;
  };
  return {
    decoder: {
      feed: (chunk, emit) => lines.feed(chunk, untilClosed(emit)),
      pause: (emit) => lines.pause(untilClosed(emit)),
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
