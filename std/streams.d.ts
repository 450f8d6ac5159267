// Types of the functions of @std/streams that are used here, as in its own source: code that these
// accept, the original accepts too.

/** Splits text into lines without their LF or CRLF; text after the last line end is a line too. */
export class TextLineStream extends TransformStream<string, string> {
  /** With `allowCR`, a single CR ends a line too. */
  constructor(options?: { allowCR?: boolean });
}

/** All text of the stream; bytes are decoded as UTF-8. */
export function toText(stream: ReadableStream): Promise<string>;
