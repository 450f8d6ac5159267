// Types of what is used here of @std/streams, as in its own source: code that these accept, the
// original accepts too.

/** Splits text into lines without their LF or CRLF; what is left at the end is a line as well. */
export class TextLineStream extends TransformStream<string, string> {
  /** With `allowCR`, a single CR ends a line too. */
  constructor(options?: { allowCR?: boolean });
}

/** Everything in the stream, decoded from UTF-8 where it is bytes. */
export function toText(stream: ReadableStream): Promise<string>;
